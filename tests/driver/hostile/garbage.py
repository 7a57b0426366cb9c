"""Prints something that is not JSON where an answer belongs."""
import polite

polite.run(lambda number: print("Traceback (most recent call last):", flush=True))
