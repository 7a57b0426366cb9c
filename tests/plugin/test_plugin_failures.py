"""What a suite that uses the plugin is told. Each test runs pytest on a suite of its own."""

import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest

HEAD = """
import os, pytest, requests

def get_token(issuer):
    form = {"grant_type": "client_credentials", "client_id": "service-post",
            "client_secret": issuer.clients["service-post"]["secret"]}
    return requests.post(issuer.url + "/token", data=form, timeout=30)
"""
SECRET = "s3cr3t"


@pytest.fixture
def suite(pytester, assay_binary):
    """suite("def test...", "--option"): the outcome of a run of pytest with the plugin, and what it printed."""
    def run(source, *options, program=assay_binary):
        pytester.makepyfile(HEAD + textwrap.dedent(source))
        return pytester.runpytest("-p", "pytest_assay", "-p", "no:cacheprovider", "-p", "no:xdist",
                                  *([f"--assay={program}"] if program else []), *options)

    return run


def printed(result):
    return "\n".join(result.outlines)


def assert_told_once(result):
    assert "During handling of" not in printed(result)
    assert "direct cause" not in printed(result)


def test_a_step_that_was_not_delivered_fails_the_test_and_shows_the_journal(suite):
    result = suite("""
        def test_outage(issuer):
            issuer.times(2, endpoint="token").status(503)
            get_token(issuer)
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([
        "issuer issuer-1 was not used as scripted:",
        "  step step-1 (endpoint=token; times 2; do status=503): taken by 1 requests, delivered 1 times",
        "journal of issuer-1:",
        "  #1 +*s POST /token grant_type=client_credentials client_id=service-post client_secret=secret#1 -> 503"
        "  [[]step-1]",
    ])
    assert SECRET not in printed(result)


def test_a_request_to_no_endpoint_fails_the_test(suite):
    result = suite("""
        def test_stray(issuer):
            requests.get(issuer.url + "/tokne", timeout=30)
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  request #1 GET /tokne: no such endpoint"])


def test_a_step_without_a_verb_fails_the_test(suite):
    result = suite("""
        def test_forgetful(issuer):
            issuer.once(endpoint="token")
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  a step (endpoint=token; times 1) was given no verb, so nothing was scripted",
                                 "  no request came"])


def test_each_issuer_of_the_factory_is_judged(suite):
    result = suite("""
        def test_two(issuer, issuer_factory):
            issuer.once().status(500)
            issuer_factory(name="second").once().drop()
            issuer_factory(name="third")
    """)
    result.assert_outcomes(passed=1, errors=1)
    assert re.findall(r"issuer (\S+) was not used", printed(result)) == ["issuer-1", "second"]


def test_what_is_optional_or_not_to_be_judged_fails_nothing(suite):
    suite("""
        def test_optional(issuer):
            issuer.once(endpoint="token", optional=True).status(500)

        @pytest.mark.assay(judge=False)
        def test_marked(issuer):
            issuer.once(endpoint="token").status(500)

        def test_factory(issuer_factory):
            issuer_factory(judge=False).once(endpoint="token").status(500)
    """, "--strict-markers").assert_outcomes(passed=3)


def test_a_test_that_fails_shows_the_journal_and_is_judged_once(suite):
    result = suite("""
        def test_wrong(issuer):
            issuer.once(endpoint="token", grant="refresh_token").error("invalid_grant")
            assert get_token(issuer).status_code == 400
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*- assay: issuer-1 -*", "  step step-1 (endpoint=token grant=refresh_token; *): taken by 0 requests, *",
        "journal of issuer-1:", "  #1 * POST /token * -> 200 {\"access_token\":\"at#1\",*"])
    assert SECRET not in printed(result)


def test_tests_that_skip_or_fail_as_expected_are_not_judged(suite):
    suite("""
        def test_skips(issuer):
            issuer.once().status(500)
            raise pytest.skip.Exception("no reason")

        def test_fails(issuer):
            issuer.once().status(500)
            raise pytest.xfail.Exception("known")
    """).assert_outcomes(skipped=1, xfailed=1)


def test_the_failure_points_at_the_tests_line(suite):
    result = suite("""
        def test_typo(issuer):
            issuer.once(endpoint="token").eror("x")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['>*issuer.once(endpoint="token").eror("x")',
                                 "E*AttributeError: there is no verb 'eror'; did you mean 'error'?"])
    assert "pytest_assay/" not in printed(result)


def test_a_second_verb_is_told_where_it_belongs(suite):
    result = suite("""
        def test_chain(issuer):
            issuer.once(endpoint="token").status(503).retry_after(5)
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['>*issuer.once(endpoint="token").status(503).retry_after(5)',
                                 "E*AttributeError: a step has no 'retry_after'; one verb ends a step, several go into "
                                 "do() together: once(...).do(status=503, retry_after=5)"])
    assert "pytest_assay/" not in printed(result)


def test_a_client_that_is_not_there_is_told_with_those_that_are(suite):
    result = suite("""
        def test_near(issuer):
            issuer.clients["servic"]

        def test_far(issuer):
            issuer.clients["zzz"]

        def test_mapping(issuer):
            assert issuer.clients.get("servic") is None and "service" in issuer.clients
    """)
    result.assert_outcomes(passed=1, failed=2)
    ids = "The issuer has app, service, service-post, service-jwt"
    result.stdout.fnmatch_lines([f"E*KeyError: \"there is no client 'servic'; did you mean 'service'? {ids}\"",
                                 f"E*KeyError: \"there is no client 'zzz'; {ids}\""])
    assert "pytest_assay/" not in printed(result)


@pytest.mark.parametrize("marker, told", [
    ("clok='virtual'", "does not take 'clok'; did you mean 'clock'?"),
    ("'virtual'", "takes keywords only"),
    ("config={'lifetimes': {'acess': 1}}",
     "the issuer could not be made: *at /config/lifetimes/acess; did you mean \"access\"?"),
    ("clock='yesterday'", "the issuer could not be made: *"),
])
def test_a_wrong_marker_is_told(suite, marker, told):
    result = suite(f"""
        @pytest.mark.assay({marker})
        def test_marked(issuer):
            pass
    """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{told}*"])
    assert_told_once(result)


def test_one_server_serves_all_tests(suite, pytester):
    suite("""
        @pytest.mark.parametrize("number", [1, 2])
        def test_pid(assay_server, number):
            with open("pids", "a") as file:
                file.write(f"{assay_server.ready['pid']} ")
    """).assert_outcomes(passed=2)
    first, second = (pytester.path / "pids").read_text().split()
    assert first == second
    with pytest.raises(ProcessLookupError):  # and it ended with the session
        os.kill(int(first), 0)


def test_a_server_that_died_is_told(suite):
    result = suite("""
        def test_kill(assay_server):
            os.kill(assay_server.ready["pid"], 9)

        def test_after(issuer):
            pass
    """)
    result.assert_outcomes(passed=1, errors=2)  # the fixture of test_after, and the server's end
    result.stdout.fnmatch_lines(["the issuer could not be made: POST /v1/issuers: no reply (*); "
                                 "assay serve (pid *) ended with -9, its log is empty"])
    assert_told_once(result)


def test_a_program_that_is_not_there_is_told_with_how_to_get_it(suite, pytester):
    result = suite("def test_any(issuer): pass", program=pytester.path / "nowhere")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["--assay names */nowhere, which is no program.", "*scripts/conformance*"])
    assert_told_once(result)
    assert printed(result).count("/nowhere, which is no program.\n") == 1


@pytest.mark.parametrize("text, told", [
    ("echo hello", "printed no ready line but 'hello\\n'; *"),
    ("echo went wrong >&2; exit 3", "printed no ready line but ''; *ended with 3, its log:"),
])
def test_a_program_that_is_another_one_is_told(suite, pytester, text, told):
    program = pytester.path / "assay"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    result = suite("def test_any(issuer): pass", program=program)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"`{program} serve --port 0 --control-port 0` {told.replace('[', '[[]')}"])
    assert_told_once(result)


def test_the_server_ends_with_its_parent_however_that_ends(pytester, root, assay_binary):
    pytester.makepyfile("""
        import os, signal

        def test_parent_is_killed(assay_server):
            print(assay_server.ready["pid"], flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    # The server holds a FIFO open; its end of file tells here when the server has ended.
    os.mkfifo(pytester.path / "fifo")
    wrapper = pytester.path / "assay-wrapper"
    wrapper.write_text(f'#!/bin/sh\nexec 5>"{pytester.path}/fifo"\nexec "{assay_binary}" "$@"\n')
    wrapper.chmod(0o755)
    with subprocess.Popen([sys.executable, "-m", "pytest", "-s", "-p", "pytest_assay", "-p", "no:cacheprovider",
                           f"--assay={wrapper}"], cwd=pytester.path, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": str(root / "python")}) as process:
        with open(pytester.path / "fifo", "rb") as fifo:
            assert fifo.read() == b""
        assert process.wait(timeout=30) == -signal.SIGKILL
