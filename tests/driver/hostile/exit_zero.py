"""Ends with success in the middle of a call."""
import sys

import polite

polite.run(lambda number: sys.exit(0))
