"""Where the program `assay` is."""

from __future__ import annotations

import os
import pathlib
import shutil
from typing import Iterator

import pytest

HOW_TO_GET_IT = """\
Run `scripts/conformance` once in a checkout of Assay: it builds the program, build/release/cli/assay there.
Say where the program is by --assay=PROGRAM or by the environment variable ASSAY, or put it on PATH."""


class NoProgram(Exception):
    """There is no program, and how to get one."""


def _is_program(path: pathlib.Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _checkouts(starts: list[pathlib.Path]) -> Iterator[pathlib.Path]:
    """The checkouts of Assay that those paths lie in."""
    seen = set()
    for start in starts:
        for folder in [start, *start.parents]:
            if folder not in seen and (folder / "mock-server").is_dir() and (folder / "CMakePresets.json").is_file():
                seen.add(folder)
                yield folder


def _built(checkout: pathlib.Path) -> Iterator[pathlib.Path]:
    """What is built there: release, dev, and then whatever else."""
    build = checkout / "build"
    yield build / "release" / "cli" / "assay"
    yield build / "dev" / "cli" / "assay"
    yield from sorted(build.glob("*/cli/assay"))


def find_program(option: str | None, environment: dict[str, str], starts: list[pathlib.Path]) -> pathlib.Path:
    """--assay, $ASSAY, PATH, or a build directory of the checkout that one of `starts` lies in; the first that is told.

    What is told and isn't there is an error: another program than the one that was meant would be worse.
    """
    for told, source in ((option, "--assay"), (environment.get("ASSAY"), "the environment variable ASSAY")):
        if told:
            path = pathlib.Path(told).expanduser().absolute()
            if not _is_program(path):
                raise NoProgram(f"{source} names {path}, which is no program.\n{HOW_TO_GET_IT}")
            return path
    on_path = shutil.which("assay", path=environment.get("PATH", ""))
    if on_path:
        return pathlib.Path(on_path).absolute()
    looked = []
    for checkout in _checkouts(starts):
        for path in _built(checkout):
            if _is_program(path):
                return path
        looked.append(f"{checkout}/build/*/cli/assay")
    where = ", ".join(["on PATH", *looked]) if looked else "on PATH, and this is no checkout of Assay"
    raise NoProgram(f"The program assay is not to be found (looked {where}).\n{HOW_TO_GET_IT}")


def program_of(config: pytest.Config) -> pathlib.Path:
    """The program for this run of pytest. NoProgram if there is none."""
    starts = [config.invocation_params.dir, config.rootpath, pathlib.Path(__file__).resolve().parent]
    return find_program(config.getoption("--assay"), dict(os.environ), starts)
