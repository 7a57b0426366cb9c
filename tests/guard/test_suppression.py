"""What a scenario is about is taken away by a machine: then it was not put to the test, and may not pass."""

import pytest
import yaml
from results import judge

STEPS = ("tamper", "step_wall", "issuer", "restart", "kill")
# Kind of fault: whether a scenario has one that is not optional.
HAS = {
    "script": lambda scenario: any(not step.get("optional") for step in scenario.get("script", [])),
    "browser": lambda scenario: "browser" in scenario,
    "skew": lambda scenario: "clock_skew" in scenario.get("client", {}),
    "company": lambda scenario: any(step.get("parallel", {}).get("count", 1) > 1 for step in scenario["steps"]),
    **{verb: lambda scenario, verb=verb: any(verb in step for step in scenario["steps"]) for verb in STEPS},
}


def with_fault(root, kind):
    library = root / "scenarios" / "library"
    return [str(file.relative_to(library).with_suffix("")) for file in sorted(library.rglob("*.yaml"))
            if HAS[kind](yaml.safe_load(file.read_text()))]


@pytest.mark.parametrize("kind", sorted(HAS))
def test_nothing_passes_without_its_fault(assay, root, tmp_path, kind):
    affected = with_fault(root, kind)
    assert affected
    _, scenarios = judge(assay, tmp_path, "--suppress", kind, *affected)
    assert [one["scenario"] for one in scenarios if one["verdict"] == "PASS"] == []
