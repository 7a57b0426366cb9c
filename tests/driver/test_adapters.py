"""The example of docs/adapters.md, as it stands there."""

import re
import shlex
import shutil

import pytest

from serving import run


@pytest.fixture
def page(root):
    return (root / "docs" / "adapters.md").read_text()


@pytest.fixture
def adapter(page, root, tmp_path):
    """The example in a directory of its own, the kit beside it as the page says."""
    example = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "my_adapter.py").write_text(example)
    shutil.copy(root / "conformance" / "clients" / "kit.py", tmp_path)
    return tmp_path / "my_adapter.py"


def the_command(page):
    (command,) = re.findall(r"^assay (run .*)$", page, re.MULTILINE)
    return shlex.split(command)


def test_the_example_passes_the_scenario_that_the_page_names(page, adapter, cli):
    command = the_command(page)
    assert f"`{command[-1]}`" in page
    done = cli(*command, cwd=adapter.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 scenario" in done.stdout and "1 pass" in done.stdout


def test_the_commands_file_of_the_page_is_sound(page, cli, tmp_path):
    whole, service = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for text in (whole, whole + service):
        (tmp_path / "mytool.yaml").write_text(text)
        done = cli("check", "mytool.yaml")
        assert done.returncode == 0, done.stderr


BY_METHOD = """
title: The client authenticates as it is told
why: a method of its own choice is refused by a strict server
statements: [MINE-1]
client: {{flow: client_credentials, auth: {method}, scopes: [api]}}
steps:
  - do: get_access_token
    expect: {{ok: {{access_token: at#1}}}}
    check: authenticated
    statement: {{id: MINE-1, level: MUST, text: The client authenticates as it is registered.}}
    because: it is the registered method
"""


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_example_authenticates_as_it_is_told(method, page, adapter, cli):
    (adapter.parent / "own.yaml").write_text(BY_METHOD.format(method=method))
    done = cli(*the_command(page)[:-1], "own.yaml", cwd=adapter.parent)
    assert done.returncode == 0 and "1 pass" in done.stdout, done.stdout + done.stderr


def test_the_example_does_not_pass_unencoded(page, adapter, cli):
    adapter.write_text(adapter.read_text().replace("urllib.parse.quote_plus(secret)", "secret"))
    done = cli(*the_command(page), cwd=adapter.parent)
    assert done.returncode == 1, done.stdout + done.stderr
