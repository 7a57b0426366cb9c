"""A world for the reference client, within one process: an issuer that answers what a test says, a clock, a user's browser.

No socket but the client's own loopback listener, and no time but what the client sleeps.
"""

import base64
import email.message
import hashlib
import json
import pathlib
import sys
import types
import urllib.parse
import urllib.request

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance" / "clients"))

import reference.client  # noqa: E402
from reference import faults  # noqa: E402
from reference.policy import DEFAULT  # noqa: E402
from reference.wire import Wire  # noqa: E402

T0 = 1893456000
ISSUER = "https://issuer.example/main"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An RSA key of the issuer."""

    def __init__(self, kid):
        self.kid = kid
        self.private = rsa.generate_private_key(65537, 2048)

    def jwk(self, **more):
        numbers = self.private.public_key().public_numbers()
        n, e = (b64(value.to_bytes((value.bit_length() + 7) // 8, "big")) for value in (numbers.n, numbers.e))
        return {"kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256", "n": n, "e": e, **more}

    def pem(self):
        return self.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()).decode()

    def sign(self, header, claims):
        message = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
        return f"{message}.{b64(self.private.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


FIRST, SECOND = Key("first"), Key("second")


class Issuer:
    """Answers by the last part of the path. `answers[name]` is a list, whose last entry serves on, of bodies or of
    (status, headers, body); a function makes one of the request."""

    def __init__(self, name=ISSUER):
        self.name, self.requests, self.nonce = name, [], None
        self.keys = [FIRST.jwk()]
        self.metadata = {"issuer": name, "authorization_response_iss_parameter_supported": True, **{
            f"{endpoint}_endpoint": f"{name.removesuffix('/')}/{endpoint}" for endpoint in (
                "authorization", "token", "device_authorization", "userinfo", "introspection", "revocation", "end_session")},
            "jwks_uri": name.removesuffix("/") + "/jwks"}
        self.answers = {"openid-configuration": [lambda _: self.metadata], "jwks": [lambda _: {"keys": self.keys}],
                        "token": [lambda _: self.token()], "api": [{"fine": True}]}

    def id_token(self, key=FIRST, header=None, **changes):
        claims = {"iss": self.name, "aud": "app", "sub": "user-1", "iat": T0, "exp": T0 + 10 ** 6, "nonce": self.nonce,
                  **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": key.kid, **(header or {})}
        return key.sign({name: value for name, value in header.items() if value is not None}, claims)

    def token(self, number=None, **changes):
        """A token response, numbered by the requests that came."""
        number = number or len(self.to("token"))
        reply = {"access_token": f"at{number}", "token_type": "Bearer", "expires_in": 3600, "refresh_token": f"rt{number}",
                 "id_token": self.id_token(), **changes}
        return {name: value for name, value in reply.items() if value is not None}

    def to(self, name):
        return [request for request in self.requests if request.name == name]

    def answer(self, request):
        self.requests.append(request)
        prepared = self.answers.get(request.name, [(404, {}, {})])
        answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        answer = answer(request) if callable(answer) else answer
        status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
        text = body if isinstance(body, str) else json.dumps(body)
        return status, {"Content-Type": "application/json", **headers}, text


class Connection:
    """What Wire takes for an http.client connection."""

    def __init__(self, issuer, origin):
        self.issuer, self.origin = issuer, origin

    def connect(self):
        pass

    def close(self):
        pass

    def request(self, method, target, body, headers):
        parts = urllib.parse.urlsplit(target)
        self.reply = self.issuer.answer(types.SimpleNamespace(
            name=parts.path.rsplit("/", 1)[-1], url=self.origin + target, method=method, headers=headers,
            form=dict(urllib.parse.parse_qsl(body or ""))))

    def getresponse(self):
        status, fields, text = self.reply
        headers = email.message.Message()
        for name, value in fields.items():
            headers[name] = value
        return types.SimpleNamespace(status=status, headers=headers, read=lambda _: text.encode())


class User:
    """The kit as the client knows it: a clock that only sleeping moves, and a browser that logs in at once."""

    def __init__(self, issuer):
        self.issuer, self.time, self.slept, self.logged, self.shown, self.opened = issuer, T0, [], [], [], None
        self.redirect = {}  # parameters of the redirect, instead of the usual ones; a list of pairs replaces them

    def now(self):
        return float(self.time)

    def sleep(self, seconds):
        assert seconds >= 0, "nobody sleeps backwards"
        self.slept.append(seconds)
        self.time += seconds

    def log(self, text):
        self.logged.append(text)

    def prompt(self, text):
        self.shown.append(text)

    def redirect_for(self, url):
        self.opened = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.issuer.nonce = self.opened.get("nonce")
        pairs = {"code": "code-1", "state": self.opened["state"], "iss": self.issuer.name}
        pairs = [*pairs.items(), *self.redirect] if isinstance(self.redirect, list) else [*{**pairs, **self.redirect}.items()]
        uri = self.opened["redirect_uri"]
        return uri + ("&" if "?" in uri else "?") + urllib.parse.urlencode([pair for pair in pairs if pair[1] is not None])

    def open_url(self, url):
        self.url = url
        with urllib.request.urlopen(self.redirect_for(url)):
            pass


class World:
    def __init__(self, folder, policy=DEFAULT, issuer=None, **config):
        self.issuer = issuer or Issuer()
        self.user = User(self.issuer)
        config = {"issuer": self.issuer.name, "client_id": "app", "client_auth": {"method": "none"}, "flow": "code",
                  "scopes": ["openid", "offline_access"], "redirect_uri": "http://127.0.0.1:0/callback",
                  "storage_dir": str(folder / "store"), **config}
        self.client = reference.client.Client(self.user, config, policy)
        self.stored = folder / "store" / "token.json"
        issuer = self.issuer

        class StubWire(Wire):
            def _connection(self, url):
                _, target = super()._connection(url)
                parts = urllib.parse.urlsplit(url)
                return Connection(issuer, f"{parts.scheme}://{parts.netloc}"), target

        self.client.wire.__class__ = StubWire

    def do(self, op, **args):
        return getattr(self.client, op)(args)

    def refused(self, op, **args):
        """The fields of the error that an operation ends with."""
        try:
            told = self.do(op, **args)
        except reference.client.ClientError as error:
            return error.fields
        raise AssertionError(f"{op} is content: {told}")


def at_hash(access_token):
    return b64(hashlib.sha256(access_token.encode()).digest()[:16])



class Claims:
    """Claims about the client, each of which must hold, and must not hold for the client with the named fault."""

    def __init__(self):
        self.cases = []

    def __call__(self, fault):
        assert fault in faults.FAULTS

        def add(function):
            self.cases.append(pytest.param(fault, function, id=f"{function.__name__}-{fault}"))
            return function
        return add

    def tests(self):
        def right(fault, holds, world):
            holds(world)

        def wrong(fault, holds, world, monkeypatch):
            monkeypatch.setattr(faults, "active", fault)
            with pytest.raises((AssertionError, reference.client.ClientError, OSError, KeyError, ValueError, TypeError)):
                holds(world)

        return tuple(pytest.mark.parametrize(("fault", "holds"), self.cases)(test) for test in (right, wrong))
