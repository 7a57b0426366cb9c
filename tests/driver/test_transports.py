"""Direct, http and https: the same library must get the same verdicts."""

import json

import pytest

from serving import run


def verdicts(assay, folder, transport, *arguments):
    """(scenario, check) -> verdict, for every judged check of the run."""
    file = folder / f"{transport}.jsonl"
    done = run([assay, "run", "--transport", transport, "--jsonl", file, *arguments], timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for line in map(json.loads, file.read_text().splitlines()):
        if line["record"] == "check":
            found[line["scenario"], line["check"]] = line["verdict"]
    assert len(found) >= 30
    return found


@pytest.fixture(scope="module")
def direct(assay, tmp_path_factory):
    return verdicts(assay, tmp_path_factory.mktemp("direct"), "direct")


@pytest.mark.parametrize("transport", ["http", "https"])
def test_sockets_change_no_verdict(assay, tmp_path, direct, transport):
    assert verdicts(assay, tmp_path, transport) == direct


def test_the_reference_client_is_judged_as_expected(assay, root):
    client = root / "conformance" / "clients" / "reference.py"
    done = run([assay, "run", "--client", f"python3 {client}"], timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
