"""Files named *.assay.yaml are tests: scenarios (docs/scenarios.md) that `assay run` judges the suite's client by."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import tempfile
from typing import Any, Iterator

import pytest

from pytest_assay.locate import NoProgram, program_of

BUILT_IN = "auth-core"
_NO_CLIENT = f"""\
Which client is this scenario for? Say so in pytest.ini: `assay_client = COMMAND`, run from the root directory; COMMAND
is an adapter (docs/adapters.md), or "{BUILT_IN}" for the client that is in assay. Or by --assay-client=COMMAND."""


class ScenarioNotMet(Exception):
    """The scenario didn't go as expected; the text is that of `assay run`."""


class ScenarioFile(pytest.File):
    def collect(self) -> Iterator[ScenarioItem]:
        yield ScenarioItem.from_parent(self, name="scenario")


class ScenarioItem(pytest.Item):
    def runtest(self) -> None:
        client = self.config.getoption("--assay-client") or self.config.getini("assay_client")
        if not client:
            raise ScenarioNotMet(_NO_CLIENT)
        try:
            program = program_of(self.config)
        except NoProgram as error:
            raise ScenarioNotMet(str(error)) from None
        with tempfile.TemporaryDirectory() as folder:
            records = pathlib.Path(folder) / "results.jsonl"
            command = [str(program), "run", str(self.path), "--jsonl", str(records)]
            command += [] if client == BUILT_IN else ["--client", client]
            done = subprocess.run(command, cwd=self.config.rootpath, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False)
            verdicts = _verdicts(records)
        if verdicts == ["UNSUPPORTED"]:
            reasons = [line for line in done.stdout.splitlines() if line.startswith("unsupported: ")]
            pytest.skip(reasons[0] if reasons else "unsupported")
        if done.returncode != 0 or not verdicts:
            raise ScenarioNotMet(done.stdout.strip() or f"`{' '.join(command)}` ended with {done.returncode}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScenarioNotMet):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, None, f"scenario {self.path.name}"


def _verdicts(records: pathlib.Path) -> list[str]:
    """Those of the scenarios that a run wrote; none if it didn't come so far."""
    if not records.is_file():
        return []
    found = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    return [record["verdict"] for record in found if record["record"] == "scenario"]
