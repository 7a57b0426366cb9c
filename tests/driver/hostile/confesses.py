"""Says of itself that its own code failed."""
import polite

polite.run(lambda number: polite.write({"id": number, "broken": "Traceback: KeyError"}))
