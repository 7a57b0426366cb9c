"""docs/mock-server.md says what the program is."""

import json

from serving import run


def test_the_reference_is_current(root, assay):
    written = run([root / "scripts" / "mock-server-docs", assay]).stdout
    assert written == (root / "docs" / "mock-server.md").read_text(), \
        "run scripts/mock-server-docs BINARY > docs/mock-server.md"


def test_the_reference_names_every_key_verb_and_call(root, server):
    text = (root / "docs" / "mock-server.md").read_text()
    schema = root / "mock-server" / "schema"
    issuer = json.loads((schema / "issuer.schema.json").read_text())
    step = json.loads((schema / "step.schema.json").read_text())
    for name in [*issuer["properties"], *step["properties"]["do"]["properties"]]:
        assert f"| `{name}` |" in text, name
    for call in server.control("GET", "/v1").json()["calls"]:
        assert f"| `{call['method']} {call['path']}` |" in text
    for endpoint in server.control("GET", "/v1/endpoints").json()["endpoints"]:
        assert f"| `{endpoint['name']}` | `{endpoint['path']}` |" in text
