"""A program by its commands: authctl as a client under test, and what goes wrong with a commands file."""

import os
import textwrap

import pytest
from judged import Judged

FALSE = ("FAIL", "ERROR")


@pytest.fixture
def commands(cli, tmp_path):
    """commands(members of the file, scenario) -> what was said; further words are options."""

    def run(members, steps, *options):
        (tmp_path / "tool.yaml").write_text("name: tool\nflows: [code]\ntimeout: 2\ncapabilities: [storage]\n"
                                            + textwrap.dedent(members))
        (tmp_path / "mine.yaml").write_text("title: A\nwhy: b\nstatements: [MINE-1]\nsteps:\n" + textwrap.dedent(steps))
        (tmp_path / "statements.yaml").write_text("MINE-1: {level: MUST, statement: A., source: b}\n")
        results = tmp_path / "results.jsonl"
        done = cli("run", "mine.yaml", "--transport", "http", "--client", "tool.yaml", "--statements", "statements.yaml",
                   "--jsonl", results, *options)
        return Judged(done, results)

    return run


# authctl

@pytest.fixture
def authctl(cli, root, build_dir, tmp_path):
    """Puts authctl to these scenarios by its commands file."""

    def run(*selection):
        results = tmp_path / "results.jsonl"
        path = f"{build_dir}/auth-core/authctl:{os.environ['PATH']}"
        done = cli("run", *selection, "--transport", "https", "--jsonl", results, "--client",
                   root / "conformance" / "clients" / "commands" / "authctl.yaml",
                   env={**os.environ, "PATH": path}, timeout=300)
        return Judged(done, results)

    return run


def test_authctl_is_judged_by_its_commands_and_not_falsely(authctl):
    said = authctl("authorize", "storage", "refresh", "expiry")
    assert said.done.returncode == 0, said.all()
    judged = [name for name, verdict in said.scenarios.items() if verdict == "PASS"]
    assert len(judged) >= 20, said.scenarios
    for name in ("authorize/code-with-pkce", "refresh/rotation-survives-restart", "storage/private-modes"):
        assert name in judged
    assert not [name for name, verdict in said.scenarios.items() if verdict.startswith(FALSE)], said.all()


def test_the_commands_files_that_come_along_are_sound(cli, root):
    for file in (root / "conformance" / "clients" / "commands").glob("*.yaml"):
        done = cli("check", file)
        assert done.returncode == 0, done.stderr


# A file with a slip

SOUND = """\
name: tool
flows: [code]
operations:
  login: {run: tool login --issuer {issuer}}
"""


@pytest.mark.parametrize(("right", "wrong", "told"), [
    ("{issuer}", "{isuer}", 'tool.yaml:4:16: no placeholder is called "{isuer}" (did you mean "{issuer}"?)'),
    ("login:", "logn:", "tool.yaml:4:3: "),
    ("flows: [code]", "flows: [cod]", 'did you mean "code"?'),
    ("name: tool", "nam: tool", 'unknown key "nam"'),
    ("login --issuer", "'login --issuer", "tool.yaml:4:16: the command has an open ' quote"),
    ("operations:", "policy: {refresh: {befor: 1}}\noperations:", "befor"),
])
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_slip_in_the_file_is_told_with_its_place_and_nothing_is_run(cli, tmp_path, command, right, wrong, told):
    text = SOUND.replace("{run: tool login --issuer {issuer}}", '{run: "tool login --issuer {issuer}"}')
    file = tmp_path / "tool.yaml"
    file.write_text(text)
    assert cli("check", file).returncode == 0
    file.write_text(text.replace(right, wrong))
    done = cli(*(["check", file] if command == "check" else ["run", "storage", "--client", file]))
    assert done.returncode == 2, done.stdout
    assert told in done.stderr and "tool.yaml:" in done.stderr, done.stderr


# A command that goes wrong

STEPS = "  - {do: get_access_token, expect: {ok: {access_token: t}}, check: it, because: c}\n"


@pytest.mark.parametrize(("command", "verdict", "told"), [
    ("echo t", "PASS", ""),
    ("printf t", "PASS", ""),
    ("sh -c 'echo no token here >&2; exit 7'", "FAIL", "other"),
    ("sh -c 'echo gone >&2; exit 3'", "FAIL", "reauth_required"),
    ("sh -c 'kill -SEGV $$'", "ERROR(sut)", '"sh" was killed by signal 11 (Segmentation fault)'),
    ("sh -c 'while :; do :; done'", "ERROR(sut)", '"sh" did not end within 2 s'),
    ("yes", "ERROR(adapter)", '"yes" printed more than 16777216 bytes'),
    ("no-such-program-anywhere", "ERROR(adapter)", 'cannot run "no-such-program-anywhere": No such file or directory'),
])
def test_what_a_command_does_is_told_as_what_it_is(commands, command, verdict, told):
    said = commands(f"""\
        operations:
          get_access_token: {{run: "{command.replace('"', '')}", gives: {{access_token: {{all: true}}}}}}
        errors: [{{exit: 3, err: {{kind: reauth_required}}}}]
        """, STEPS)
    assert said["it"] == verdict, said.all()
    assert told in said.told("it")
    assert said.done.returncode == {"PASS": 0, "FAIL": 1}.get(verdict, 4)


@pytest.mark.parametrize("where", ["{json: /access_token}", "{re: 'token: (\\\\S+)'}"])
def test_nonsense_where_a_token_was_to_be_is_the_files_fault(commands, where):
    said = commands(f"""\
        operations:
          get_access_token: {{run: echo <html>, gives: {{access_token: {where}}}}}
        """, STEPS)
    assert said["it"] == "ERROR(adapter)", said.all()
    assert 'its output holds no "access_token" where the commands file says it is' in said.told("it")
    assert said.done.returncode == 4


def test_what_it_is_asked_to_print_is_no_leak_and_the_rest_is(commands):
    leaky = commands("""\
        auth_methods: [client_secret_basic]
        operations:
          get_access_token: {run: "echo {client_secret}", gives: {access_token: {value: t}}}
          refresh: {run: "echo {client_secret}"}
        """, STEPS + "  - {do: refresh}\n")
    assert leaky["no-secret-in-output"] == "ADVICE", leaky.all()
    sound = commands("""\
        auth_methods: [client_secret_basic]
        operations: {get_access_token: {run: "echo {client_secret}", gives: {access_token: {value: t}}}}
        """, STEPS)
    assert sound["no-secret-in-output"] == "PASS", sound.all()


# A service

def test_a_service_lives_and_dies_with_its_client(commands, tmp_path):
    said = commands("""\
        service:
          run: [sh, -c, "echo PID=$$; exec sleep 1000"]
          gives: {PID: {re: "PID=([0-9]+)"}}
        operations:
          get_access_token: {run: [sh, -c, "kill -0 $PID && echo $PID"], gives: {access_token: {all: true}}}
        """, """\
          - {do: get_access_token, expect: {ok: {access_token: {re: "[0-9]+"}}}, check: first, because: c}
          - {kill: true}
          - {do: get_access_token, expect: {ok: {access_token: {re: "[0-9]+"}}}, check: second, because: c}
          - {restart: true}
          - {do: get_access_token, expect: {ok: {access_token: {re: "[0-9]+"}}}, check: third, because: c}
        """)
    assert [said[name] for name in ("first", "second", "third")] == ["PASS"] * 3, said.all()
    pids = {said.told(name).split('"')[3] for name in ("first", "second", "third")}
    assert len(pids) == 3
    assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


