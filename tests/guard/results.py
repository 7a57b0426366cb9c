"""Runs of `assay run`, as the records of their JSON Lines."""

import json
import subprocess


def judge(assay, directory, *arguments):
    """The checks and scenarios of one run: (checks, scenarios), each a list of records."""
    results = directory / "results.jsonl"
    run = subprocess.run([assay, "run", *arguments, "--jsonl", results], capture_output=True, text=True, timeout=600)
    assert results.exists(), run.stderr
    records = [json.loads(line) for line in results.read_text().splitlines()]
    return ([record for record in records if record["record"] == "check"],
            [record for record in records if record["record"] == "scenario"])


def told(checks):
    """For messages: what was said of which check."""
    return "\n".join(f"{check['scenario']}#{check['check']} {check['verdict']} {check['statement']}: "
                     f"expected {check['expected']}, observed {check['observed']}" for check in checks)
