"""Asks for the time again and again, and waits for nothing."""
import itertools
import sys

import polite


def misbehave(number):
    for question in itertools.count(1):
        polite.write({"ev": "now", "n": question})
        sys.stdin.readline()


polite.run(misbehave)
