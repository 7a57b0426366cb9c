"""The token endpoint: every grant, and what becomes of the ID token that comes along."""
from kit import ClientError

from . import faults, jose
from .replies import token_reply


class Grants:
    def __init__(self, kit, wire, issuer, auth, id_tokens, config):
        self.kit, self.wire, self.issuer, self.auth, self.id_tokens = kit, wire, issuer, auth, id_tokens
        self.scopes = config.get("scopes") or []
        self.audience = config.get("audience")

    def post(self, endpoint, form, once=False):
        """An authenticated form, to any endpoint of the issuer that takes one."""
        form, headers, url = dict(form), {}, self.issuer.endpoint(endpoint)
        self.auth.add_to(form, headers, url)
        if faults.on("log_headers"):
            self.kit.log(f"POST {url} {headers}")
        if faults.on("log_form"):
            self.kit.log(f"POST {url} {form}")
        if once:
            return self.wire.send_once("POST", url, headers, form)
        reply = self.wire.post(url, form, headers)
        for _ in range(10 if faults.on("retry_refused_client") else 0):
            if (reply.json() or {}).get("error") == "invalid_client":
                reply = self.wire.post(url, form, headers)
        return reply

    def wishes(self):
        wishes = {"scope": " ".join(self.scopes), "audience": self.audience}
        return {name: value for name, value in wishes.items() if value}

    def client_credentials(self):
        grant_type = "password" if faults.on("password_grant_type") else "client_credentials"
        return self.received(self.post("token_endpoint", {"grant_type": grant_type, **self.wishes()}))

    def password(self, username, password):
        form = {"grant_type": "password", "username": username, "password": password, **self.wishes()}
        return self.received(self.post("token_endpoint", form))

    def code(self, code, redirect_uri, verifier, nonce):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
                "code_verifier": verifier}
        return self.received(self.post("token_endpoint", form), nonce)

    def refresh(self, refresh_token, held):
        wishes = self.wishes() if faults.on("scope_in_refresh") else {}
        if faults.on("wider_scope_in_refresh"):
            wishes = {"scope": " ".join([*self.scopes, "profile"])}
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **wishes}
        return self.id_tokens.renewed(self._read(self.post("token_endpoint", form)), held)

    def received(self, reply, nonce=None):
        return self.id_tokens.first(self._read(reply), nonce)

    def _read(self, reply):
        token = token_reply(reply)
        if faults.on("log_secrets"):
            self.kit.log(f"received {token}")
        return token


class IdTokens:
    """What must hold of an ID token before anything that came with it is used."""

    def __init__(self, kit, keys, config, openid):
        self.kit, self.keys, self.openid = kit, keys, openid
        self.issuer, self.client_id = config["issuer"], config["client_id"]

    def first(self, token, nonce):
        """After a login (OpenID Connect Core, section 3.1.3.7)."""
        if self.openid and "id_token" in token:
            self._check(token, nonce)
        return token

    def renewed(self, token, held):
        """After a refresh (section 12.2): there may be none, and without a nonce, but it is of the same user. If the
        issuer's keys cannot be had it stays unused; to refuse its companions, too, would cost the session."""
        if faults.on("id_token_at_each_refresh") and self.openid and "id_token" not in token:
            raise ClientError("protocol", "the reply has no ID token", definite=False)
        if not self.openid or "id_token" not in token:
            return token
        before = jose.unverified(held.get("id_token"))
        try:
            claims = self._check(token, before.get("nonce") if faults.on("nonce_at_each_refresh") else None)
        except ClientError as error:
            if error.fields["kind"] == "validation" and error.fields.get("reason") != "kid":
                raise
            self.kit.log("the new ID token cannot be verified; the old one is kept")
            claims = jose.unverified(token.pop("id_token"))
        self._check_same(before, claims)
        return token

    def _check(self, token, nonce):
        claims = jose.validate(token["id_token"], self.keys, self.kit.now, self.issuer, self.client_id, nonce, "id")
        jose.check_hash(claims, token["access_token"])
        return claims

    @staticmethod
    def _check_same(before, claims):
        if faults.on("adopt_another_user"):
            return
        for name, reason in (("sub", "sub"), ("iss", "iss")):
            if name in before and claims.get(name) != before[name]:
                raise jose.invalid(reason, f"the refreshed ID token has another {name}")
        for name, reason in (("nonce", "nonce"), ("auth_time", "claim")):
            if name in before and claims.get(name, before[name]) != before[name]:
                raise jose.invalid(reason, f"the refreshed ID token has another {name}")
