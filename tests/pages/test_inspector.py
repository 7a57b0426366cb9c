"""The inspector, as a person uses it."""

import json
import re

import pytest
from playwright.sync_api import expect

from test_pages import heading

SECRET = ("service", "s3cr3t%3A%2F%25%C3%A9%2B")


def get_token(issuer):
    return issuer.post("token_endpoint", {"grant_type": "client_credentials"}, auth=SECRET)


@pytest.fixture
def inspector(server, page):
    page.goto(server.ready["control"] + "/inspector")
    heading(page, "Assay inspector").to_be_visible()
    expect(page.get_by_role("status")).to_have_text("live")
    return page


def row(page, text):
    return page.get_by_role("row").filter(has_text=text)


def test_requests_appear_while_they_happen(server, inspector):
    expect(row(inspector, "client_credentials")).to_have_count(0)
    get_token(server.main)
    expect(row(inspector, "POST token client_credentials")).to_have_count(1)
    get_token(server.main)
    expect(row(inspector, "POST token client_credentials")).to_have_count(2)


def test_a_token_is_shown_decoded(server, inspector):
    token = get_token(server.main).json()["access_token"]
    inspector.get_by_role("button", name="POST token client_credentials").click()
    detail = inspector.locator("#detail")
    expect(detail).to_contain_text("Basic service:secret#1")
    detail.get_by_role("button", name="at#1").first.click()
    expect(detail).to_contain_text('"client_id": "service"')
    expect(detail).to_contain_text('"typ": "at+jwt"')
    assert token.rsplit(".", 1)[1] not in inspector.content()


def test_what_strangers_send_is_text(server, inspector):
    server.main.get(server.main.url + "/nowhere?x=<img src=x onerror=alert(1)>", headers={"X-Bad": "<script>alert(1)</script>"})
    inspector.get_by_role("button", name="/nowhere").click()
    expect(inspector.locator("#detail")).to_contain_text("<script>alert(1)</script>")
    assert inspector.locator("#detail script, #detail img").count() == 0


def test_steps_are_unused_until_they_are_used(server, inspector):
    server.main.script({"id": "outage", "when": {"endpoint": "token"}, "do": {"status": 503}})
    server.main.get(server.main.url + "/jwks")
    expect(row(inspector, "outage")).to_contain_text("unused")
    get_token(server.main)
    expect(row(inspector, '{"status":503}')).to_contain_text("1 of 1")
    expect(inspector.get_by_text("All went as scripted.")).to_be_visible()


def test_the_button_moves_the_clock(server, inspector):
    expect(inspector.locator("#now")).to_have_text("2030-01-01T00:00:00.000Z")
    inspector.get_by_label("Seconds").fill("90")
    inspector.get_by_role("button", name="Advance").click()
    expect(inspector.locator("#now")).to_have_text("2030-01-01T00:01:30.000Z")
    assert server.main.control("GET", "/clock")["now"] == "2030-01-01T00:01:30.000Z"


def test_another_issuer_can_be_chosen(server, page):
    page.goto(server.ready["control"] + "/inspector")
    expect(page.get_by_role("status")).to_have_text("live")
    other = server.create_issuer(name="other")
    get_token(other)
    page.get_by_label("Issuer").focus()
    page.get_by_label("Issuer").select_option("other")
    expect(page.locator("#url")).to_have_text(other.url)
    expect(row(page, "POST token")).to_have_count(1)


def test_a_manual_session_becomes_a_scenario_that_runs(server, inspector, cli, tmp_path):
    session = {"grant_type": "password", "client_id": "app", "scope": "openid offline_access",
               "username": "user-1", "password": "p4ss:/%ö+ word"}
    tokens = server.main.post("token_endpoint", session).json()
    server.main.advance(3600)
    server.main.post("token_endpoint", {"grant_type": "refresh_token", "client_id": "app",
                                        "refresh_token": tokens["refresh_token"]})
    expect(row(inspector, "POST token")).to_have_count(2)
    inspector.get_by_role("button", name="Copy as scenario").click()
    field = inspector.get_by_label("The journal as a scenario file")
    expect(field).to_have_value(re.compile("steps:"))
    text = field.input_value()
    assert json.dumps(tokens["refresh_token"]) not in text
    file = tmp_path / "recorded.yaml"
    file.write_text(text)
    checked = cli("check", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    ran = cli("run", file)
    assert ran.returncode == 0, ran.stdout + ran.stderr
