"""The texts of failures, and of calls that went wrong."""

import pytest

from pytest_assay import AssayError, AssayServer, report


def exchange(seq, **members):
    return {"seq": seq, "offset": 0.5, "method": "GET", "path": "/jwks", "status": 200, "reply_body": "{}", "form": [],
            "steps": [], "dropped": False, **members}


def test_a_journal_shows_the_latest_and_counts_the_rest():
    lines = report.journal_text("main", [exchange(seq) for seq in range(4, 64)], dropped=3).splitlines()
    assert lines[0] == "journal of main (13 earlier ones left out):"
    assert lines[1] == "  #14 +0.500s GET /jwks -> 200 {}" and lines[-1].startswith("  #63 ")


def test_an_exchange_is_one_line_whatever_came():
    line = report.exchange_line(exchange(1, method="POST", path="/token", form=[["scope", "a\nb"]],
                                         steps=["one", "two"], reply_body="<html>\n" + "x" * 500))
    assert line.startswith("#1 +0.500s POST /token scope=a b -> 200 <html> xxx") and line.endswith("...  [one, two]")
    assert "\n" not in line and len(line) < 250
    dropped = report.exchange_line(exchange(2, dropped=True, status=0, path="/authorize?client_id=app",
                                            form=[["client_id", "app"]]))
    assert dropped == "#2 +0.500s GET /authorize?client_id=app -> dropped"


def test_a_verdict_is_told_in_full_also_what_this_package_does_not_know():
    verdict = {"as_expected": False, "undelivered_steps": ["gone"], "unmatched_requests": [], "exchanges": 3,
               "dropped": 0, "failed_expectations": ["one refresh"], "nothing": []}
    assert report.complaints(verdict, []) == [
        "step gone (any request; times 1; do ): taken by 0 requests, delivered 0 times",
        'failed_expectations: ["one refresh"]']
    assert report.complaints({"as_expected": False}, []) == ["verdict: as_expected=false"]
    assert report.complaints({"as_expected": True, "undelivered_steps": ["optional"]}, []) == []


@pytest.mark.parametrize("call, told", [
    (lambda issuer: issuer.requests("tokne"), "400 .*; parameter endpoint; did you mean \"token\""),
    (lambda issuer: issuer.rotate_keys(keep_old="no"), "400 .*; at /keep_old; expected "),
    (lambda issuer: issuer.revoke("rt#7"), "404 "),
    (lambda issuer: issuer.call("PATCH", "/steps"), "405 "),
])
def test_a_problem_is_told_as_the_server_tells_it(issuer_factory, call, told):
    with pytest.raises(AssayError, match=told):
        call(issuer_factory(judge=False))


def test_settings_meant_for_another_server_are_not_this_ones(tmp_path):
    program = tmp_path / "assay"
    program.write_text("""#!/bin/sh
echo "{\\"control\\": \\"http://$ASSAY_PORT:1\\", \\"issuer\\": \\"$HOME/main\\"}"
read end
exit 0
""")
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_PORT", "80")
        patch.setenv("HOME", "here")
        server = AssayServer(program, [], tmp_path)
    assert (server.control.origin, server.url) == ("http://:1", "here")
    server.stop()
