"""Sleeps for ever, in naps so short that hardly any time passes."""
import itertools

import polite


def misbehave(number):
    for nap in itertools.count(1):
        polite.nap(nap, 0.001)


polite.run(misbehave)
