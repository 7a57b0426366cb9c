"""Well-behaved, but does not end."""
import time

import polite


def answer(number):
    polite.write({"id": number, "ok": {"access_token": "t"}})


polite.run(answer)
time.sleep(3600)
