"""Where the plugin looks for the program."""

import pytest

from pytest_assay.locate import NoProgram, find_program


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    (folder / "mock-server").mkdir(parents=True)
    (folder / "CMakePresets.json").touch()
    return folder


def test_the_option_the_environment_path_and_the_checkout_in_this_order(tmp_path, checkout):
    built = program(checkout / "build" / "dev" / "cli" / "assay")
    on_path, by_environment, by_option = (program(tmp_path / name / "assay") for name in ("path", "env", "option"))
    environment = {"PATH": str(on_path.parent), "ASSAY": str(by_environment)}
    assert find_program(str(by_option), environment, [checkout]) == by_option
    assert find_program(None, environment, [checkout]) == by_environment
    del environment["ASSAY"]
    assert find_program(None, environment, [checkout]) == on_path
    assert find_program(None, {"PATH": ""}, [checkout]) == built


def test_a_release_build_is_preferred_and_any_will_do(checkout):
    other = program(checkout / "build" / "asan" / "cli" / "assay")
    below = checkout / "tests" / "deep"
    assert find_program(None, {}, [below]) == other
    program(checkout / "build" / "dev" / "cli" / "assay")
    release = program(checkout / "build" / "release" / "cli" / "assay")
    assert find_program(None, {}, [below]) == release


@pytest.mark.parametrize("option, environment, source", [
    ("/no/assay", {}, "--assay"),
    (None, {"ASSAY": "/no/assay"}, "the environment variable ASSAY"),
])
def test_what_is_told_and_not_there_is_never_replaced(tmp_path, option, environment, source):
    program(tmp_path / "assay")
    with pytest.raises(NoProgram, match=f"^{source} names /no/assay, which is no program"):
        find_program(option, {**environment, "PATH": str(tmp_path)}, [])


def test_a_file_that_cannot_be_run_is_no_program(checkout):
    built = program(checkout / "build" / "dev" / "cli" / "assay")
    built.chmod(0o644)
    with pytest.raises(NoProgram, match="not to be found"):
        find_program(None, {}, [checkout])


def test_without_any_it_tells_where_it_looked_and_how_to_get_one(checkout, tmp_path):
    looked = r"not to be found \(looked on PATH, .*/checkout/build/\*/cli/assay\)"
    with pytest.raises(NoProgram, match=looked) as caught:
        find_program(None, {}, [checkout])
    assert "--assay=PROGRAM" in str(caught.value) and "scripts/conformance" in str(caught.value)
    with pytest.raises(NoProgram, match="this is no checkout of Assay"):
        find_program(None, {}, [tmp_path / "elsewhere"])
