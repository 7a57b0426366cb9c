"""The pages of an issuer with "interaction": "form", as a person uses them."""

import re

import pytest
import requests
from playwright.sync_api import expect

USERS = [{"sub": "ann", "password": "pa ss&word", "claims": {"name": "Ann <b>Other</b>"}}, {"sub": "bob"}]


@pytest.fixture
def issuer(server):
    return server.create_issuer(config={"interaction": "form", "users": USERS})


def heading(page, name):
    return expect(page.get_by_role("heading", level=1, name=name))


def sign_in(page, account, password=None):
    page.get_by_role("radio", name=account).check()
    if password is not None:
        page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_login_and_consent_lead_back_to_the_client(issuer, client, page):
    page.goto(client.authorization_url(issuer))
    heading(page, "Sign in").to_be_visible()
    expect(page.get_by_text("Ann <b>Other</b>")).to_be_visible()
    sign_in(page, "ann", "pa ss&word")
    heading(page, "Allow access?").to_be_visible()
    expect(page.get_by_role("listitem")).to_have_text(["openid", "api"])
    page.get_by_role("button", name="Allow").click()
    heading(page, "Back at the client").to_be_visible()
    [(method, parameters)] = client.came
    assert (method, parameters["state"], parameters["iss"]) == ("GET", client.state, issuer.url)
    assert "id_token" in client.redeem(issuer, parameters["code"])


def test_a_session_needs_no_second_login(issuer, client, page):
    for _ in range(2):
        page.goto(client.authorization_url(issuer))
        if not client.came:
            sign_in(page, "bob")
            page.get_by_role("button", name="Allow").click()
        heading(page, "Back at the client").to_be_visible()
    assert len(client.came) == 2
    page.goto(client.authorization_url(issuer, prompt="login"))
    heading(page, "Sign in").to_be_visible()


def test_a_wrong_password_is_said_and_can_be_mended(issuer, client, page):
    page.goto(client.authorization_url(issuer))
    sign_in(page, "ann", "wrong")
    expect(page.get_by_role("alert")).to_have_text("The password is wrong.")
    sign_in(page, "ann", "pa ss&word")
    heading(page, "Allow access?").to_be_visible()


@pytest.mark.parametrize("button", ["Cancel", "Deny"])
def test_saying_no_is_access_denied(issuer, client, page, button):
    page.goto(client.authorization_url(issuer))
    if button == "Deny":
        sign_in(page, "bob")
    page.get_by_role("button", name=button).click()
    heading(page, "Back at the client").to_be_visible()
    assert client.came[0][1]["error"] == "access_denied"


def test_another_account_can_be_chosen(issuer, client, page):
    page.goto(client.authorization_url(issuer, login_hint="bob"))
    expect(page.get_by_role("radio", name="bob")).to_be_checked()
    sign_in(page, "bob")
    page.get_by_role("button", name="Use another account").click()
    sign_in(page, "ann", "pa ss&word")
    expect(page.get_by_text("ann", exact=True)).to_be_visible()


def test_the_keyboard_alone_is_enough(issuer, client, page):
    page.goto(client.authorization_url(issuer))
    page.keyboard.press("Tab")  # the accounts
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading(page, "Allow access?").to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(page, "Back at the client").to_be_visible()
    assert "code" in client.came[0][1]


def test_pages_say_their_language_and_label_their_fields(issuer, client, page):
    page.goto(client.authorization_url(issuer))
    assert page.locator("html").get_attribute("lang") == "en"
    unlabelled = page.eval_on_selector_all("input:not([type=hidden])", "all => all.filter(one => !one.labels.length).length")
    assert unlabelled == 0


def test_form_post_brings_the_code_in_the_body(issuer, client, page):
    page.goto(client.authorization_url(issuer, response_mode="form_post"))
    sign_in(page, "bob")
    page.get_by_role("button", name="Allow").click()
    heading(page, "Back at the client").to_be_visible()
    [(method, parameters)] = client.came
    assert (method, parameters["state"]) == ("POST", client.state)
    client.redeem(issuer, parameters["code"])


def start_device(issuer):
    form = {"client_id": "app", "scope": "openid"}
    return requests.post(issuer.url + "/device_authorization", data=form, timeout=30).json()


def poll(issuer, device):
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "app",
            "device_code": device["device_code"]}
    return requests.post(issuer.url + "/token", data=form, timeout=30).json()


@pytest.mark.parametrize("uri", ["verification_uri", "verification_uri_complete"])
def test_a_device_is_connected(issuer, page, uri):
    device = start_device(issuer)
    page.goto(device[uri])
    field = page.get_by_label("Code that your device shows")
    if uri == "verification_uri":
        field.fill(device["user_code"].lower().replace("-", " "))
    else:
        expect(field).to_have_value(device["user_code"])
    page.get_by_role("button", name="Continue").click()
    sign_in(page, "bob")
    expect(page.get_by_text(device["user_code"])).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    heading(page, "Device connected").to_be_visible()
    assert "access_token" in poll(issuer, device)


def test_a_wrong_device_code_is_asked_for_again(issuer, page):
    page.goto(start_device(issuer)["verification_uri"])
    page.get_by_label("Code that your device shows").fill("XXXX-XXXX")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("unknown, expired or already used")


def test_sign_out_is_confirmed(issuer, client, page):
    page.goto(client.authorization_url(issuer))
    sign_in(page, "bob")
    page.get_by_role("button", name="Allow").click()
    heading(page, "Back at the client").to_be_visible()
    page.goto(issuer.url + "/logout")
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Signed out").to_be_visible()
    page.goto(client.authorization_url(issuer))
    heading(page, "Sign in").to_be_visible()


def test_an_untrusted_request_ends_on_an_error_page(issuer, client, page):
    reply = page.goto(client.authorization_url(issuer, redirect_uri="https://evil.test/"))
    assert reply.status == 400
    heading(page, "invalid_request").to_be_visible()
    expect(page.get_by_text(re.compile("not registered"))).to_be_visible()
    assert client.came == []
