"""How long the rounds are: short in scripts/test, long in scripts/soak."""

import json

import pytest


class Rounds:
    def __init__(self, config):
        self.kills = config.getoption("--kills")
        self.races = config.getoption("--races")
        self.mixed = config.getoption("--mixed")
        self.seed = config.getoption("--soak-seed")
        self.file = config.getoption("--soak-record")

    def record(self, test, **counted):
        if self.file:
            with self.file.open("a") as file:
                print(json.dumps({"test": test, **counted}), file=file)


@pytest.fixture
def rounds(pytestconfig):
    return Rounds(pytestconfig)
