"""Whatever a client starts does not outlive the run."""

import os
import shlex
import sys

import pytest

SCENARIO = """
title: A client gives a token
why: what it leaves behind is looked for
statements: [MINE-1]
client: {flow: client_credentials, scopes: [api]}
steps:
  - do: get_access_token
    check: given
    expect: {ok: {access_token: none}}
    statement: {id: MINE-1, level: MUST, text: It answers.}
    because: it answers
"""


def test_a_daemon_is_gone_after_the_run(cli, root, tmp_path):
    begotten = tmp_path / "begotten"
    (tmp_path / "own.yaml").write_text(SCENARIO)
    plants = root / "tests" / "driver" / "hostile" / "plants.py"
    done = cli("run", "own.yaml", "--client", shlex.join([sys.executable, str(plants), "daemon", str(begotten)]))
    assert "1 pass" in done.stdout, done.stdout + done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(begotten.read_text()), 0)
