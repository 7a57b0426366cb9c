"""By what a client is judged: books, own statements, strictness; and that running side by side changes nothing."""

import json
import os
import re
import sys
import textwrap

import pytest

OWN = textwrap.dedent("""\
    title: A fresh token is reused
    why: asking for a token each time loads the issuer
    session: {{state: fresh}}
    steps:
      - {{do: get_access_token, statement: [{general}, {product}], expect: {{ok: {{access_token: {token}}}}}, because: it is fresh}}
    """)
MINE = "MINE-1: {level: SHOULD, statement: A fresh token is reused., source: our wiki}\n"


@pytest.fixture
def judge(cli, root, tmp_path):
    """judge(*options, …) -> auth-core or the reference client judged by one check, which names two statements."""
    def run(*options, general="MINE-1", product="RFR-001", token="at#7", reference=False):
        (tmp_path / "mine.yaml").write_text(OWN.format(general=general, product=product, token=token))
        (tmp_path / "statements.yaml").write_text(MINE)
        client = ["--client", f"{sys.executable} {root}/conformance/clients/reference.py --variant no_retries"] if reference else []
        return cli("run", "mine.yaml", *client, "--statements", "statements.yaml", *options, cwd=tmp_path)
    return run


def verdict_of(done):
    return re.search(r"^(\w+) \S*mine  step-1  (\S+)", done.stdout, re.MULTILINE).groups()


def test_a_product_judges_those_who_claim_it(judge):
    done = judge()
    assert done.returncode == 1
    assert verdict_of(done) == ("FAIL", "RFR-001")


def test_others_are_judged_by_what_binds_everybody(judge):
    done = judge(reference=True)
    assert done.returncode == 0, done.stdout
    assert verdict_of(done) == ("WARN", "MINE-1")
    assert "our wiki" in done.stdout


def test_books_can_be_chosen(judge):
    done = judge("--books", "planet_auth", reference=True)
    assert done.returncode == 1
    assert verdict_of(done) == ("FAIL", "RFR-001")
    assert "--books planet_auth" in done.stdout, "run again, it must be judged alike"


def test_where_no_book_speaks_nothing_is_judged(judge):
    done = judge("--books", "oidc", general="RFR-001", product="RFR-002")
    assert done.returncode == 1
    assert done.stdout.endswith("nothing was judged\n")
    assert "1 not applicable" in done.stdout


def test_strict_counts_warnings(judge, tmp_path):
    junit = tmp_path / "junit.xml"
    done = judge("--strict", "--junit", junit, reference=True)
    assert done.returncode == 1
    assert done.stdout.endswith("NOT as expected\n")
    assert '<failure type="warning"' in junit.read_text()
    assert "--strict\n" in done.stdout, "run again, it must be judged alike"
    assert judge("--strict", token="at#1").returncode == 0


@pytest.mark.parametrize(("options", "told"), [
    (["--books", "planet_aut"], 'no book "planet_aut" (expected of: all, auth_core, '),
    (["--books", "planet_aut"], 'did you mean "planet_auth"?'),
    (["--jobs", "0"], "--jobs"),
    (["--real-time", "-1"], "--real-time"),
    (["--statements", "nowhere.yaml"], "nowhere.yaml: no such file"),
])
def test_bad_options_are_2(judge, options, told):
    done = judge(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_an_own_statement_may_not_take_anothers_name(cli, tmp_path):
    (tmp_path / "statements.yaml").write_text(MINE.replace("MINE-1", "RFR-001"))
    done = cli("run", "--statements", "statements.yaml", "refresh", cwd=tmp_path)
    assert done.returncode == 2
    assert 'the statement "RFR-001" is documented already' in done.stderr


def results(cli, tmp_path, jobs):
    file = tmp_path / f"{jobs}.jsonl"
    cli("run", "client-auth", "discovery", "--jobs", str(jobs), "--jsonl", file)
    text = re.sub(r"127\.0\.0\.1(:|%3A)\d+", "127.0.0.1:PORT", file.read_text())
    return [re.sub(r'"real_s":[0-9.e-]+', "", line) for line in text.splitlines()]


def test_side_by_side_the_same_is_said_in_the_same_order(cli, tmp_path):
    one, many = results(cli, tmp_path, 1), results(cli, tmp_path, 8)
    assert len(one) > 10
    assert one == many


COUNTING = """
import os, runpy, sys
with open({log!r}, "a") as log:
    log.write("x")
sys.argv = [{client!r}]
sys.path.insert(0, os.path.dirname({client!r}))
runpy.run_path({client!r}, run_name="__main__")
"""


def test_a_client_is_introduced_once_and_not_started_for_what_it_cannot_do(cli, root, tmp_path):
    log, script = tmp_path / "log", tmp_path / "counted.py"
    script.write_text(COUNTING.format(log=str(log), client=str(root / "conformance/clients/reference.py")))
    for number in range(3):
        (tmp_path / f"threads-{number}.yaml").write_text(
            "title: a\nwhy: b\nstatements: [RFR-001]\n"
            "steps: [{parallel: {do: refresh, of: threads}, expect: {ok: {}}, because: c}]\n")
    lines = tmp_path / "results.jsonl"
    files = [tmp_path / f"threads-{number}.yaml" for number in range(3)]
    cli("run", *files, "--client", f"{sys.executable} {script}", "--jsonl", lines)
    records = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [record["verdict"] for record in records if record["record"] == "scenario"] == ["UNSUPPORTED"] * 3
    assert log.read_text() == "x"


SECRETIVE = """
from kit import Kit

config = {}


def get_access_token(args):
    return {"length": sum(letter in ":%+" for letter in config["client_auth"]["secret"])}


Kit().serve({"configure": config.update, "get_access_token": get_access_token}, name="mine", time="virtual", flows=["code"],
            auth_methods=["client_secret_basic"])
"""


@pytest.mark.parametrize(("issuer", "encoded"), [
    ("{}", 0),
    ('{clients: [{id: service, auth: client_secret_basic, secret: "a:b%c"}]}', 2),
], ids=["plain", "registered"])
def test_a_secret_takes_encoding_only_where_the_scenario_registers_one(cli, root, tmp_path, issuer, encoded):
    (tmp_path / "mine.py").write_text(SECRETIVE)
    (tmp_path / "mine.yaml").write_text(
        f"title: A\nwhy: b\nissuer: {issuer}\nsteps:\n"
        f"  - {{do: get_access_token, expect: {{ok: {{length: {encoded}}}}}, "
        "because: c, statement: {id: MINE-1, level: MUST, text: It is so.}}\n")
    done = cli("run", "mine.yaml", "--client", f"{sys.executable} mine.py",
               env={**os.environ, "PYTHONPATH": str(root / "conformance" / "clients")})
    assert done.returncode == 0 and "1 pass" in done.stdout, done.stdout
