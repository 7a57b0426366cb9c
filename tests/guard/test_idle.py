"""Who does nothing passes nothing."""

import pathlib
import sys

import pytest
from results import judge

IDLE = pathlib.Path(__file__).with_name("idle.py")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_idle_client_passes_no_scenario(assay, root, tmp_path, monkeypatch, answer):
    monkeypatch.setenv("PYTHONPATH", str(root / "conformance/clients"))
    _, scenarios = judge(assay, tmp_path, "--client", f"{sys.executable} {IDLE} {answer}")
    assert len(scenarios) > 100
    assert [one["scenario"] for one in scenarios if one["verdict"] == "PASS"] == []
