"""Sleeps for ever, in short naps."""
import sys

import polite


def misbehave(number):
    nap = 0
    while True:
        nap += 1
        polite.write({"ev": "sleep", "n": nap, "for": 0.001})
        sys.stdin.readline()


polite.run(misbehave)
