"""Prints a line without end."""
import sys

import polite


def misbehave(number):
    while True:
        sys.stdout.write("x" * 65536)


polite.run(misbehave)
