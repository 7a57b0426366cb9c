"""docs/issuer-scripts.md: every verb is there, and every example is a step that the issuer takes."""

import json
import re

import pytest

from serving import run

SCENARIO = """\
title: An example of the documentation
why: examples that are refused help nobody
statements: [DISC-008]
twin: authorize/code-with-pkce
script:
{script}steps:
  - {{do: login, expect: {{err: {{}}}}, check: refused, because: it is an example}}
expect:
  - {{check: nothing-sent, requests: {{to: authorize, count: 0}}, because: it is an example}}
reached:
  - {{check: asked, requests: {{to: discovery, count: ">=1"}}, because: it is an example}}
catches: {{skip_discovery_issuer: nothing-sent}}
"""


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "issuer-scripts.md").read_text()


@pytest.fixture(scope="module")
def schema(root):
    return json.loads((root / "mock-server" / "schema" / "step.schema.json").read_text())


def scripts(page):
    """The examples as lists of steps; a line that shows a `do` alone is a step of its own."""
    for block in re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        if block.startswith("do:"):
            block = "".join(f"- {line}\n" for line in block.splitlines())
        block = block.removeprefix("script:\n")
        yield "".join(f"  {line}\n" for line in block.splitlines())


def test_every_example_is_a_script(assay, page, tmp_path):
    files = []
    for number, script in enumerate(scripts(page)):
        files.append(tmp_path / f"example-{number}.yaml")
        files[-1].write_text(SCENARIO.format(script=script))
    assert len(files) > 30
    done = run([assay, "check", *files])
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bad_example_would_be_seen(assay, tmp_path):
    file = tmp_path / "example.yaml"
    file.write_text(SCENARIO.format(script="  - {do: {stauts: 500}}\n"))
    done = run([assay, "check", file])
    assert done.returncode != 0 and "status" in done.stdout + done.stderr


def test_every_verb_has_an_example(page, schema):
    examples = "\n".join(scripts(page))
    for verb in schema["properties"]["do"]["properties"]:
        assert re.search(rf"\bdo: {{.*\b{verb}: ", examples), verb


def test_every_key_and_endpoint_is_described(page, schema):
    for key, value in schema["properties"]["when"]["properties"].items():
        assert f"| `{key}` |" in page, key
        for name in value.get("enum", []):
            assert f"`{name}`" in page, name
