"""Logs for ever and never answers."""
import time

import polite


def misbehave(number):
    while True:
        polite.write({"ev": "log", "msg": "still here"})
        time.sleep(0.02)


polite.run(misbehave)
