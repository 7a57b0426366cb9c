"""Answers with a kind of error that does not exist."""
import polite

polite.run(lambda number: polite.write({"id": number, "err": {"kind": "whatever"}}))
