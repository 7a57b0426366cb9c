"""How the client proves itself (RFC 6749, section 2.3; RFC 7523; OpenID Connect Core, section 9)."""
import base64
import json
import secrets
import urllib.parse

from kit import Unsupported

from . import faults, signing

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME = 60


class ClientAuth:
    def __init__(self, kit, config, policy):
        self.kit, self.client_id = kit, config["client_id"]
        self.method = config["client_auth"]["method"]
        self.secret = config["client_auth"].get("secret", "")
        if self.method not in policy.auth_methods:
            raise Unsupported(f"no client authentication {self.method}")
        self._key = None
        if self.method == "private_key_jwt":
            self._key = signing.load(config["client_auth"]["private_key"])
            self._kid = config["client_auth"].get("kid")
        self._last_assertion = None

    def add_to(self, form, headers, url):
        """One method at a time. A public client names itself in the form."""
        if self.method == "client_secret_basic":
            pair = [self.client_id, self.secret]
            if not faults.on("basic_unencoded"):
                pair = [urllib.parse.quote_plus(part) for part in pair]
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(pair).encode()).decode()
            if faults.on("two_auth_methods"):
                form.update(client_id=self.client_id, client_secret=self.secret)
        elif self.method == "private_key_jwt":
            form.update(client_assertion_type=ASSERTION_TYPE, client_assertion=self._assertion(url))
        else:
            if not faults.on("no_client_id"):
                form["client_id"] = self.client_id
            if self.method == "client_secret_post":
                form["client_secret"] = self.secret
                if faults.on("both_ways"):
                    headers["Authorization"] = "Basic " + base64.b64encode(
                        f"{self.client_id}:{self.secret}".encode()).decode()

    def _assertion(self, audience):
        """A new one for each request: an issuer refuses one that it has seen."""
        if self._last_assertion and faults.on("reuse_assertion"):
            return self._last_assertion
        now = int(self.kit.now())
        header = {"alg": self._key.alg, "typ": "JWT", **({"kid": self._kid} if self._kid else {})}
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": audience,
                  "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + ASSERTION_LIFETIME}
        if faults.on("assertion_without_jti"):
            del claims["jti"]
        message = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        self._last_assertion = f"{message}.{encode(self._key.sign(message.encode()))}"
        return self._last_assertion


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
