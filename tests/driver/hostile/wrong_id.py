"""Answers another call than the one that was asked."""
import polite

polite.run(lambda number: polite.write({"id": number + 1, "ok": {}}))
