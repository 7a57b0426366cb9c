"""Scenarios beside the tests: *.assay.yaml."""

import pytest

@pytest.fixture
def run(pytester, assay_binary, root):
    """run({name: text}, "--option"): the outcome of a suite of these scenarios."""
    def run_files(files, *options, ini="[pytest]\nassay_client = auth-core\n"):
        (pytester.path / "pytest.ini").write_text(ini.format(root=root))
        for name, text in files.items():
            (pytester.path / name).write_text(text)
        return pytester.runpytest("-p", "pytest_assay", "-p", "no:cacheprovider", "-p", "no:xdist",
                                  f"--assay={assay_binary}", *options)

    return run_files


def library(root, scenario):
    return (root / "scenarios" / "library" / f"{scenario}.yaml").read_text()


def test_a_scenario_passes_with_a_client_that_does_it(run, root):
    files = {"rotation.assay.yaml": library(root, "refresh/rotation-survives-restart"), "other.yaml": "nonsense: true"}
    result = run(files)
    result.assert_outcomes(passed=1)


def test_a_scenario_fails_with_a_client_that_does_not(run, root):
    client = "python3 {root}/conformance/clients/reference.py"
    files = {"rotation.assay.yaml": library(root, "refresh/rotation-survives-restart")}
    run(files, ini=f"[pytest]\nassay_client = {client}\n").assert_outcomes(passed=1)
    result = run(files, ini=f"[pytest]\nassay_client = {client} --fault drop_rotation\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["FAIL rotation.assay *sends-the-rotated-token *",
                                 "     observed  #5 t=* refresh_token rt#1 -> 400 invalid_grant *"])
    assert "scenarios.py" not in "\n".join(result.outlines)


def test_what_a_client_does_not_support_is_no_pass(run, root, pytester):
    (pytester.path / "adapter.py").write_text(
        f"import sys; sys.path.insert(0, {str(root / 'conformance' / 'clients')!r})\n"
        "from kit import Kit\nKit().serve({'configure': lambda args: {}}, name='poor', version='1')\n")
    result = run({"rotation.assay.yaml": library(root, "refresh/rotation-survives-restart")},
                 "--assay-client=python3 adapter.py", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(['SKIPPED * unsupported: 1 (the client has no operation "login")'])


def test_without_a_client_it_asks_for_one(run, root):
    result = run({"a.assay.yaml": library(root, "refresh/rotation-survives-restart")}, ini="[pytest]\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Which client is this scenario for?*"])


def test_a_mistake_in_a_scenario_is_told_with_its_place(run, root):
    text = library(root, "refresh/rotation-survives-restart")
    result = run({"a.assay.yaml": text.replace("title:", "titel:")})
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a.assay.yaml:1:1: *titel*"])
