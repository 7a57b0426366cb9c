"""Lists an operation and does not have it."""
import polite

polite.run(lambda number: polite.write({"id": number, "unsupported": "not today"}))
