"""The configurations in docs/mock-server/tokens.md are such that an issuer takes them and does what is said there."""

import json
import re

import jwt


def configurations(root):
    text = (root / "docs" / "mock-server" / "tokens.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def session(issuer, *scopes):
    return issuer.control("POST", "/sessions", {"scopes": list(scopes)} if scopes else {})


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_each_configuration_makes_an_issuer_that_issues_tokens(server, root):
    found = configurations(root)
    assert len(found) == 7
    for config in found:
        assert session(server.create_issuer(config=config))["access_token"]


def test_they_do_what_the_page_says(server, root):
    algorithms, lifetimes, _, users, resource_servers, _, keys = (
        server.create_issuer(config=config) for config in configurations(root))
    assert jwt.get_unverified_header(session(algorithms)["id_token"])["alg"] == "PS384"
    assert session(lifetimes)["expires_in"] == 60
    assert "." not in session(lifetimes)["access_token"]
    tokens = session(users)
    assert claims(tokens["access_token"])["groups"] == ["admins"]
    assert isinstance(claims(tokens["id_token"])["updated_at"], int)
    assert [other["resource_server"] for other in
            session(resource_servers, "openid", "transfer:all", "search:read")["other_tokens"]] == ["transfer.test", "search.test"]
    reply = keys.get(keys.discovery()["jwks_uri"])
    assert reply.headers["Content-Type"] == "application/jwk-set+json"
    again = keys.get(keys.discovery()["jwks_uri"], headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
