"""Scenarios of a few lines, put to adapters of a few lines: what is said of them."""

import json
import os
import sys
import textwrap

import pytest

HEAD = "title: A\nwhy: b\nstatements: [MINE-1]\n"
MINE = "MINE-1: {level: MUST, statement: It is as the test says., source: the test}\n"
BEGIN = """
import json, os, pathlib, subprocess, sys, time, urllib.error, urllib.parse, urllib.request
from kit import ClientError, Kit

kit, config = Kit(), {}
configure = config.update


def stored(name="token.json"):
    return pathlib.Path(config["storage_dir"]) / name


def serve(operations, **said):
    kit.serve({"configure": configure, **operations},
              **{"name": "mine", "flows": ["code"], "time": "virtual", "capabilities": ["storage"], **said})
"""


class Judged:
    """A finished run: `done`, the records of its checks by id, and what it said of the scenario as a whole."""

    def __init__(self, done, results):
        self.done = done
        records = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        self.checks = {record["check"]: record for record in records if record["record"] == "check"}
        self.scenarios = {record["scenario"]: record["verdict"] for record in records if record["record"] == "scenario"}

    def __getitem__(self, check):
        return self.checks[check]["verdict"]

    def told(self, check):
        return self.checks[check]["observed"]

    def all(self):
        """For messages."""
        return "\n".join(f"{name} {check['verdict']}: expected {check['expected']}, observed {check['observed']}"
                         for name, check in self.checks.items()) + self.done.stderr


@pytest.fixture
def judge(cli, root, tmp_path):
    """judge(scenario, code of an adapter, options…): its verdicts. `launcher`: the words in front of the adapter's."""

    def run(scenario, code, *options, launcher="", env=None):
        (tmp_path / "mine.yaml").write_text(HEAD + textwrap.dedent(scenario))
        (tmp_path / "statements.yaml").write_text(MINE)
        (tmp_path / "client.py").write_text(BEGIN + textwrap.dedent(code))
        results = tmp_path / "results.jsonl"
        results.unlink(missing_ok=True)
        kit = {"PYTHONPATH": str(root / "conformance" / "clients")}
        done = cli("run", "mine.yaml", "--transport", "http", "--statements", "statements.yaml", "--client",
                   f"{launcher} {sys.executable} {tmp_path}/client.py".strip(), "--jsonl", results, *options,
                   env={**os.environ, **kit, **(env or {})})
        return Judged(done, results)

    return run
