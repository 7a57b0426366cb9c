"""Well-behaved, but ends with code 3."""
import sys

import polite

polite.run(lambda number: polite.write({"id": number, "ok": {"access_token": "t"}}))
sys.exit(3)
