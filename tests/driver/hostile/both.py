"""Answers with ok and err at once."""
import polite

polite.run(lambda number: polite.write({"id": number, "ok": {}, "err": {"kind": "other"}}))
