"""The reference client in every legal policy: whatever it chooses, nothing accuses it."""

import subprocess
import sys

import pytest
from results import judge, told

# How many scenarios each must at least be judged in: a judge that judges nothing accuses nobody either.
JOBS = {"real_clock": "8"}  # who waits for real needs no processor
LEAST_JUDGED = {"client_credentials_only": 15, "real_clock": 40, "no_store": 80}
USUALLY_JUDGED = 90


def variants(root):
    listing = subprocess.run([sys.executable, root / "conformance/clients/reference.py", "--list-variants"],
                             capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listing.splitlines()]


def pytest_generate_tests(metafunc):
    if "variant" in metafunc.fixturenames:
        metafunc.parametrize("variant", variants(metafunc.config.rootpath))


def test_there_are_at_least_eight(root):
    assert len(variants(root)) >= 8


def test_no_legal_policy_is_accused(assay, root, tmp_path, variant):
    client = f"{sys.executable} {root}/conformance/clients/reference.py --variant {variant}"
    checks, scenarios = judge(assay, tmp_path, "--client", client, "--jobs", JOBS.get(variant, "1"))
    accused = [check for check in checks if check["verdict"] == "FAIL" or check["verdict"].startswith("ERROR")]
    assert not accused, told(accused)
    judged = [one for one in scenarios if one["verdict"] not in ("UNSUPPORTED", "NOT_APPLICABLE", "NOT_REACHED")]
    assert len(judged) >= LEAST_JUDGED.get(variant, USUALLY_JUDGED), f"only {len(judged)} of {len(scenarios)}"
