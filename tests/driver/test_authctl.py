"""authctl over real sockets: each command, its exit codes, and that it tells no secret."""

import base64
import json
import re
import time

import pytest

from authctl import SECRET, authctl, browser, device, issuer, person, service  # noqa: F401  (fixtures)
from serving import run

PASSWORD = "p4ss:/%ö+ word"


def tokens_of(client):
    return [value for name, value in client.stored().items() if name.endswith("_token")]


def test_a_service_gets_a_token_without_a_login_and_keeps_it(service, issuer):
    first = service("token")
    assert first.returncode == 0, first.stderr
    assert first.stdout.strip() == service.stored()["access_token"]
    assert service("token").stdout == first.stdout
    assert service("token", "--header").stdout == "Authorization: Bearer " + first.stdout
    assert len(issuer.requests(endpoint="token")) == 1
    assert SECRET not in "".join(service.printed)


def test_the_secret_may_come_from_the_environment(authctl, issuer, tmp_path):
    config = tmp_path / "client.json"
    config.write_text(json.dumps({"client_type": "oidc_client_credentials_secret", "auth_server": issuer.url,
                                  "client_id": "service-post"}))
    client = authctl("--config", config)
    assert client("login", env={"CLIENT_SECRET": SECRET}).returncode == 0
    assert client("login", env={"CLIENT_SECRET": "wrong"}).returncode == 1
    assert client("login").returncode == 2


def test_a_kept_token_without_the_scopes_that_are_asked_for_is_not_used(service, issuer):
    narrow, wide = service.with_options("--scope", "api"), service.with_options("--scope", "api", "--scope", "profile")
    first = narrow("token")
    assert first.returncode == 0, first.stderr
    second = wide("token")
    assert second.returncode == 0, second.stderr
    assert second.stdout != first.stdout and set(wide.stored()["scope"].split()) == {"api", "profile"}
    assert wide("token").stdout == narrow("token").stdout == service("token").stdout == second.stdout
    assert len(issuer.requests(endpoint="token")) == 2


def test_a_person_is_told_which_scope_the_kept_token_lacks(person):
    done = person.with_options("--scope", "api")("token")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the scope api" in done.stderr and "authctl login" in done.stderr
    assert person("token").returncode == 0


def test_what_cannot_be_read_is_not_replaced_unasked(service):
    assert service("token").returncode == 0
    (kept,) = service.home.rglob("*.json")
    kept.write_text('{"access_token": ')
    done = service("token")
    assert (done.returncode, done.stdout) == (3, "")
    assert str(kept) in done.stderr and "authctl login" in done.stderr
    assert kept.read_text() == '{"access_token": '
    assert service("login").returncode == 0
    assert service("token").returncode == 0


def test_two_clients_do_not_share_their_tokens(service, authctl, issuer):
    assert service("login").returncode == 0
    other = authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_device_code")
    assert other("token").returncode == 1


def test_a_device_login_shows_code_and_time_and_waits_for_approval(device, issuer):
    process = device.start("login", "--qr", "always")
    seen = device.read_until(process, "left")
    code = seen.partition("enter the code ")[2].split()[0]
    assert "Waiting for approval, 10:00 left" in seen
    assert "\u2584" in seen or "\u2580" in seen, "no QR code"
    issuer.control("POST", "/device", {"user_code": code, "decision": "approve"})
    stdout, rest = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert stdout.startswith("Logged in. The access token expires 20")
    for token in tokens_of(device):
        assert token not in stdout + seen + rest


def test_a_device_login_that_is_denied_ends_with_1(device, issuer):
    process = device.start("--json", "login", "--qr", "never")
    seen = device.read_until(process, "left")
    assert "\u2580" not in seen
    issuer.control("POST", "/device", {"decision": "deny"})
    stdout, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert json.loads(stdout)["error"]["code"] == "access_denied"


def test_a_login_by_code_goes_through_the_browser(person, issuer):
    assert {"access_token", "refresh_token", "id_token"} <= person.stored().keys()
    assert "Waiting for the browser, 1:00 left" in person.printed[0]
    (authorize,) = issuer.requests(endpoint="authorize")
    assert "127.0.0.1:0/" not in json.dumps(authorize), "the port is a real one"


def test_a_password_comes_from_a_file_or_the_environment(authctl, issuer, tmp_path):
    client = authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_resource_owner")
    (tmp_path / "password").write_text(PASSWORD + "\n")
    by_file = client("login", "--username", "user-1", "--password-file", tmp_path / "password")
    assert by_file.returncode == 0, by_file.stderr
    assert client("login", "--username", "user-1", env={"AUTHCTL_PASSWORD": PASSWORD}).returncode == 0
    wrong = client("login", "--username", "user-1", env={"AUTHCTL_PASSWORD": "wr0ng-p4ss"})
    assert wrong.returncode == 1
    assert PASSWORD not in "".join(client.printed)
    assert "wr0ng-p4ss" not in "".join(client.printed)


def test_refresh_replaces_what_is_kept(person):
    before = person.stored()
    done = person("refresh")
    assert done.returncode == 0, done.stderr
    assert person.stored()["refresh_token"] != before["refresh_token"]
    assert person.stored()["access_token"] != before["access_token"]


def test_a_refresh_token_that_is_refused_needs_a_login(person, issuer):
    issuer.control("POST", "/tokens/revoke", {"token": person.stored()["refresh_token"]})
    done = person("refresh")
    assert done.returncode == 1
    assert "authctl login" in done.stderr


@pytest.mark.parametrize("command", ["refresh", "revoke"])
def test_a_client_that_logs_in_by_itself_is_not_told_to(service, command):
    assert service("login").returncode == 0
    done = service(command)
    assert done.returncode == 1
    assert "log in by themselves" in done.stderr and "authctl login" not in done.stderr


def test_a_rotated_refresh_token_survives_the_end_of_a_refresh(person, issuer):
    before = person.stored()["refresh_token"]
    issuer.script({"when": {"endpoint": "jwks"}, "do": {"delay": 6}})
    process = person.start("refresh")
    deadline = time.monotonic() + 5
    while person.stored()["refresh_token"] == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() is None, "it waits for the keys that prove the ID token"
    process.kill()
    process.communicate()
    assert person.stored()["refresh_token"] != before
    assert person("refresh").returncode == 0


def test_validate_tells_a_good_token_from_a_bad_one(person, issuer, tmp_path):
    done = person("validate")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sub"] == "user-1"
    assert person("validate", "--id-token").returncode == 0
    assert person("validate", "--any-scope", "nobody-has-this").returncode == 1
    forged = issuer.control("POST", "/tokens", {"kind": "access", "sign": "unpublished"})["token"]
    (tmp_path / "forged").write_text(forged)
    with (tmp_path / "forged").open() as stdin:
        bad = person("--json", "validate", "--stdin", stdin=stdin)
    assert bad.returncode == 1
    assert json.loads(bad.stdout)["error"]["code"] in ("unknown_key", "bad_signature")


def test_validate_without_an_audience_names_the_option(service):
    done = service("validate")
    assert done.returncode == 2
    assert "--audience" in done.stderr


@pytest.mark.parametrize("kind", ["--remote", "--id-token"])
@pytest.mark.parametrize("check", ["--any-scope", "--require-claim"])
def test_a_check_that_would_not_be_made_is_wrong_usage(person, kind, check):
    assert person("validate", kind, check, "nobody-has-this").returncode == 2


def test_remote_validation_and_introspection_notice_a_revocation(person):
    assert person("validate", "--remote").returncode == 0
    assert person.json("introspect")["active"] is True
    assert person.json("introspect", "--type", "refresh")["active"] is True
    assert person("revoke", "--type", "access").returncode == 0
    assert person.json("introspect")["error"]["code"] == "introspection_rejected"
    assert person("validate", "--remote").returncode == 1
    assert person("revoke").returncode == 0
    assert person("introspect", "--type", "refresh").returncode == 1
    assert "refresh_token" in person.stored(), "revoking forgets nothing here"


def test_an_id_token_that_names_no_key_is_accepted_from_an_issuer_with_one(person, issuer, browser):
    issuer.script({"when": {"endpoint": "token"}, "times": 2, "do": {"header": {"id": {"kid": None}}}})
    assert person("login", "--open-with", browser).returncode == 0
    assert person("refresh").returncode == 0
    assert "not_verified" not in person.printed[-1]
    header = person.stored()["id_token"].partition(".")[0]
    assert "kid" not in json.loads(base64.urlsafe_b64decode(header + "=="))
    assert person("validate", "--id-token").returncode == 0


def test_userinfo_tells_who_is_logged_in(person):
    assert person.json("userinfo")["sub"] == "user-1"


@pytest.mark.parametrize("sub", ["somebody-else", None])
def test_userinfo_about_somebody_else_than_the_id_token_is_not_shown(person, issuer, sub):
    issuer.script({"when": {"endpoint": "userinfo"}, "times": 2, "do": {"claims": {"userinfo": {"sub": sub, "name": "N"}}}})
    done = person("userinfo")
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "ID token" in done.stderr
    told = person.json("userinfo")
    assert told.keys() == {"error"} and told["error"]["code"] == "bad_claim"
    assert person.json("userinfo")["sub"] == "user-1", "the login is as good as it was"


def agents_of(issuer):
    return {value for exchange in issuer.requests() for name, value in exchange["headers"] if name == "User-Agent"}


def test_requests_name_auth_core_or_who_the_configuration_says(authctl, issuer, tmp_path):
    config = {"client_type": "oidc_client_credentials_secret", "auth_server": issuer.url, "client_id": "service-post",
              "client_secret": SECRET}
    file = tmp_path / "client.json"
    file.write_text(json.dumps(config))
    assert authctl("--config", file)("token").returncode == 0
    (agent,) = agents_of(issuer)
    assert re.fullmatch(r"auth-core/[0-9.]+", agent)
    assert "assay" not in json.dumps([exchange["headers"] for exchange in issuer.requests()])
    file.write_text(json.dumps({**config, "user_agent": "backup/3", "planet_app": "backup"}))
    assert authctl("--config", file)("login").returncode == 0
    assert agents_of(issuer) == {agent, "backup/3"}
    assert ["X-Planet-App", "backup"] in issuer.requests()[-1]["headers"]
    file.write_text(json.dumps({**config, "user_agent": "back\nup"}))
    done = authctl("--config", file)("login")
    assert done.returncode == 2 and "user_agent" in done.stderr


def test_userinfo_tells_which_scope_it_needs(service):
    done = service("userinfo")
    assert done.returncode == 1
    assert "insufficient_scope (it needs the scope openid)" in done.stderr and "--scope" in done.stderr
    assert service.json("userinfo")["error"]["oauth_error"] == "insufficient_scope"


def test_logout_revokes_and_forgets(person, issuer):
    refresh_token = person.stored()["refresh_token"]
    assert person("logout").returncode == 0
    assert list(person.home.rglob("*.json")) == []
    assert person("token").returncode == 1
    reply = issuer.post("token_endpoint", {"grant_type": "refresh_token", "client_id": "app",
                                           "refresh_token": refresh_token})
    assert reply.json()["error"] == "invalid_grant"
    assert person("logout").returncode == 0, "logging out twice is no error"


def test_logout_forgets_also_if_the_server_is_gone(person, issuer):
    issuer.script({"when": {"endpoint": "revoke"}, "times": 20, "optional": True, "do": {"drop": True}})
    done = person("logout")
    assert done.returncode == 4
    assert list(person.home.rglob("*.json")) == []
    assert "may still accept" in done.stderr


def test_tokens_may_be_kept_in_a_database(service):
    sqlite = service.with_options("--store", "sqlite")
    token = sqlite("token")
    assert token.returncode == 0, token.stderr
    assert sqlite("token").stdout == token.stdout
    database = sqlite.home / ".config" / "authctl" / "tokens.sqlite"
    assert database.stat().st_mode & 0o777 == 0o600
    assert list(sqlite.home.rglob("*.json")) == []


@pytest.mark.parametrize("options, expected", [
    (["--config", "/no/such/file"], 2),
    (["--client-type", "oidc_device_cod"], 2),
    (["--redirect-uri", "https://elsewhere.test/cb", "--client-type", "oidc_auth_code"], 2),
    (["--client-secret-file", "/no/such/file"], 2),
    (["--store", "cloud"], 2),
    (["--auth-server", "http://127.0.0.1:1"], 4),
    (["--token-file", "/proc/no/such/place.json"], 3),
    (["--client-type", "oidc_auth_code"], 2),  # there is no browser
], ids=str)
def test_exit_codes_tell_what_is_wrong(service, options, expected):
    done = service.with_options(*options)("login")
    assert done.returncode == expected, done.stderr
    assert done.stderr.strip() and not done.stdout
    assert SECRET not in done.stderr


def test_a_slip_is_named(service):
    done = service.with_options("--client-type", "oidc_device_cod")("login")
    assert "oidc_device_code" in done.stderr


def test_a_wrong_path_of_the_server_is_no_usable_answer_and_is_named(service, issuer):
    done = service.with_options("--auth-server", issuer.url + "/wrong")("login")
    assert done.returncode == 4
    assert issuer.url + "/wrong/.well-known/openid-configuration" in done.stderr


@pytest.mark.parametrize("options, told", [
    ([], ["client_type", "--client-type", "--config", "oidc_device_code"]),
    (["--client-type", "oidc_device_code"], ["auth_server", "--auth-server"]),
    (["--client-type", "oidc_client_credentials_secret", "--auth-server", "http://127.0.0.1:1", "--client-id", "x"],
     ["client_secret", "--client-secret-file", "$CLIENT_SECRET"]),
    (["--client-type", "oidc_auth_code", "--auth-server", "http://127.0.0.1:1", "--client-id", "x"],
     ["--open-with", "--redirect-uri", "oidc_device_code"]),
], ids=["type", "server", "secret", "browser"])
def test_what_is_missing_is_told_with_its_options(authctl, options, told):
    done = authctl(*options)("login")
    assert done.returncode == 2
    for part in told:
        assert part in done.stderr


@pytest.mark.parametrize("command, nearest", [(["tokn"], "token"), (["jwt", "decod"], "decode")], ids=str)
def test_a_command_that_does_not_exist_is_told_with_the_nearest(service, command, nearest):
    done = service(*command)
    assert done.returncode == 2
    assert f'no command "{command[-1]}"; did you mean "{nearest}"?' in done.stderr
    assert nearest in service.json(*command)["error"]["message"]


def test_errors_are_one_json_object_if_asked_for(service):
    reply = service.with_options("--auth-server", "http://127.0.0.1:1").json("token")
    assert reply["error"]["code"] == "connect_failed"
    assert reply["error"]["message"]


def test_wrong_usage_is_a_json_object_as_well(service):
    done = service("--json", "login", "--no-such-option")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "invalid_argument"


def test_jwt_decode_needs_no_client_and_trusts_nothing(authctl, person, tmp_path):
    token = person.stored()["access_token"]
    (tmp_path / "token").write_text(token)
    with (tmp_path / "token").open() as stdin:
        done = authctl()("jwt", "decode", stdin=stdin)
    assert done.returncode == 0
    assert json.loads(done.stdout)["payload"]["sub"] == "user-1"
    assert "Not verified" in done.stderr
    assert authctl()("jwt", "decode", token).stdout == done.stdout
    assert authctl()("jwt", "decode", "no.jwt").returncode == 1
    assert authctl()("jwt", "decode").returncode == 2


def test_no_secret_is_printed_but_by_token(person):
    for command in (["refresh"], ["validate"], ["introspect"], ["userinfo"], ["revoke"], ["logout"]):
        secrets = tokens_of(person)
        done = person(*command)
        for secret in secrets:
            assert secret not in done.stdout + done.stderr, command


def test_the_help_is_what_the_documentation_says(root, authctl):
    program = authctl().program
    written = run([root / "scripts" / "authctl-docs", program]).stdout
    assert written == (root / "docs" / "authctl.md").read_text(), "run scripts/authctl-docs BINARY > docs/authctl.md"


@pytest.mark.parametrize("command", [["login"], ["token"], ["refresh"], ["validate"], ["introspect"], ["revoke"],
                                     ["userinfo"], ["logout"], ["jwt", "decode"]], ids=lambda words: words[0])
def test_every_help_has_an_example_and_exit_codes(authctl, command):
    text = authctl()(*command, "--help").stdout
    assert "Example" in text and "Exit codes: 0" in text


def test_secrets_are_no_options(authctl):
    for command in ([], ["login"]):
        text = authctl()(*command, "--help").stdout
        for option in ("--client-secret ", "--password ", "--token ", "--refresh-token "):
            assert option not in text
