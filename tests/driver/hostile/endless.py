"""Waits a minute, and another, and never gives up."""
import itertools

import polite


def misbehave(number):
    for nap in itertools.count(1):
        polite.nap(nap, 60)


polite.run(misbehave)
