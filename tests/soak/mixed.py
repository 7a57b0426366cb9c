"""Clients of test_mixed.py: each goes through random flows at an issuer of its own and at one that all share, and says
what it saw that no correct issuer may do."""

import base64
import contextlib
import hashlib
import http.client
import json
import random
import socket
import ssl
import time
import urllib.parse

import faults

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:49152/callback"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SERVICE = {"client_id": "service-post", "client_secret": "s3cr3t:/%é+"}
CONFIG = {"signing_alg": "ES256", "journal_max": 1000}


class Wrong(Exception):
    """What a correct issuer never does."""


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Wrong(f"{self.status} without JSON: {self.body[:80]!r}") from error


class Wire:
    """One kept-alive connection to an origin."""

    def __init__(self, origin, ca=None):
        self.origin = origin
        parts = urllib.parse.urlsplit(origin)
        if parts.scheme == "https":
            self.connection = http.client.HTTPSConnection(parts.netloc, timeout=60, context=ssl.create_default_context(cadata=ca))
        else:
            self.connection = http.client.HTTPConnection(parts.netloc, timeout=60)

    def send(self, method, path, body=None, headers=None):
        if isinstance(body, dict) and (headers or {}).get("Content-Type") == FORM["Content-Type"]:
            body = urllib.parse.urlencode(body)
        elif body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        try:
            self.connection.request(method, path, body, headers or {})
            reply = self.connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise


class Client:
    """A thread's worth of mixed flows."""

    def __init__(self, world, number, seed):
        self.random = random.Random(f"{seed}/{number}")
        server = world.servers[number % len(world.servers)]
        self.world = world
        self.issuers = Wire(server.origin, server.ca)
        self.control = Wire(server.control)
        self.name = f"client-{number}"
        self.flows = [self.service, self.service, self.shared, self.person, self.device, self.fault, self.fault, self.junk,
                      self.keys, self.renew]
        self.requests = 0
        self.faults = 0
        self.create()

    def close(self):
        for wire in (self.issuers, self.control):
            wire.connection.close()

    # Short words.

    def expect(self, holds, what):
        if not holds:
            raise Wrong(what)

    def api(self, method, path, body=None, status=None):
        self.requests += 1
        reply = self.control.send(method, f"/v1/issuers/{self.name}{path}", body, JSON)
        self.expect(reply.status == status if status else reply.status < 300, f"control {path}: {reply.status} {reply.body[:200]}")
        return reply.json() if reply.body else None

    def create(self):
        reply = self.control.send("POST", "/v1/issuers", {"name": self.name, "config": CONFIG, "clock": "virtual"}, JSON)
        self.expect(reply.status == 201, f"create: {reply.status} {reply.body[:200]}")

    def ask(self, method, path, body=None, headers=None, name=None):
        self.requests += 1
        return self.issuers.send(method, f"/{name or self.name}{path}", body, headers)

    def token(self, name=None, **form):
        reply = self.ask("POST", "/token", form, FORM, name)
        self.expect(reply.headers.get("Cache-Control") == "no-store", "a token response that may be cached")
        return reply

    def granted(self, reply):
        self.expect(reply.status == 200, f"{reply.status} {reply.body[:200]}")
        tokens = reply.json()
        self.expect(tokens["token_type"] == "Bearer" and len(tokens["access_token"]) > 20, "no bearer token")
        return tokens

    def refused(self, reply, code, status=400):
        self.expect((reply.status, reply.json().get("error")) == (status, code), f"{reply.status} {reply.body[:200]}, not {code}")

    def is_good(self, token):
        return self.ask("GET", "/userinfo", headers={"Authorization": "Bearer " + token}).status == 200

    # The flows.

    def service(self, name=None):
        token = self.granted(self.token(name, grant_type="client_credentials", scope="api", **SERVICE))["access_token"]
        active = self.ask("POST", "/introspect", {"token": token, **SERVICE}, FORM, name).json()["active"]
        self.expect(active, "a fresh token that is not active")
        if self.random.random() < 0.3:
            self.expect(self.ask("POST", "/revoke", {"token": token, **SERVICE}, FORM, name).status == 200, "revocation")
            active = self.ask("POST", "/introspect", {"token": token, **SERVICE}, FORM, name).json()["active"]
            self.expect(not active, "a revoked token that is active")

    def shared(self):
        self.service("main")

    def person(self):
        query = urllib.parse.urlencode({"response_type": "code", "client_id": "app", "redirect_uri": REDIRECT, "state": "s",
                                        "scope": "openid offline_access", "code_challenge": CHALLENGE,
                                        "code_challenge_method": "S256"})
        reply = self.ask("GET", "/authorize?" + query)
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(reply.headers.get("Location", "")).query))
        self.expect(answer.get("state") == "s" and "code" in answer, f"authorize: {reply.status} {answer}")
        form = {"grant_type": "authorization_code", "client_id": "app", "code": answer["code"], "redirect_uri": REDIRECT}
        if self.random.random() < 0.2:
            self.refused(self.token(code_verifier="wrong" * 10, **form), "invalid_grant")
            return
        self.session(self.granted(self.token(code_verifier=VERIFIER, **form)))

    def session(self, tokens):
        """Refreshes, and what a second use of a refresh token costs."""
        first = tokens["refresh_token"]
        for _ in range(self.random.randrange(4)):
            tokens = self.granted(self.token(grant_type="refresh_token", client_id="app", refresh_token=tokens["refresh_token"]))
            self.expect(self.is_good(tokens["access_token"]), "a fresh token that userinfo refuses")
        if tokens["refresh_token"] != first:
            self.refused(self.token(grant_type="refresh_token", client_id="app", refresh_token=first), "invalid_grant")
            self.expect(not self.is_good(tokens["access_token"]), "a token that outlives its family")

    def device(self):
        begun = self.ask("POST", "/device_authorization", {"client_id": "app", "scope": "openid offline_access"}, FORM).json()
        poll = {"grant_type": DEVICE, "client_id": "app", "device_code": begun["device_code"]}
        self.refused(self.token(**poll), "authorization_pending")
        decision = self.random.choice(["approve", "approve", "deny", "expire"])
        self.api("POST", "/device", {"user_code": begun["user_code"], "decision": decision}, status=204)
        self.api("POST", "/clock/advance", {"seconds": begun["interval"]})
        if decision == "approve":
            self.session(self.granted(self.token(**poll)))
        else:
            self.refused(self.token(**poll), {"deny": "access_denied", "expire": "expired_token"}[decision])

    def keys(self):
        self.expect(self.ask("GET", "/.well-known/openid-configuration").json()["issuer"].endswith(self.name), "discovery")
        kid = self.api("POST", "/keys/rotate", {"keep_old": self.random.random() < 0.5})["kid"]
        published = {key["kid"] for key in self.ask("GET", "/jwks").json()["keys"]}
        self.expect(kid in published, "a new key that is not published")

    def fault(self):
        """One scripted fault, seen as scripted; then all is well again."""
        fault = self.random.choice(self.world.faults)
        self.api("POST", "/steps", {"when": {"endpoint": "token"}, "do": fault.do}, status=201)
        try:
            reply = self.ask("POST", "/token", {"grant_type": "client_credentials", **SERVICE}, FORM)
        except (OSError, http.client.HTTPException) as error:
            reply = error
        self.faults += 1
        self.expect(fault.seen(reply), f"{fault.do}: {reply if isinstance(reply, Exception) else (reply.status, reply.body[:80])}")
        self.expect(self.api("GET", "/verdict")["undelivered_steps"] == [], f"{fault.do}: not delivered")
        self.api("DELETE", "/steps", status=204)
        self.service()

    def junk(self):
        """What is no proper request gets a 4xx or a closed connection."""
        junk = self.random.choice(faults.JUNK)
        self.requests += 1
        with contextlib.closing(self.connect()) as stream:
            # Too much of it may be refused before it is all sent.
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                stream.sendall(junk.replace(b"NAME", self.name.encode()))
                answer = stream.recv(4096) if self.random.random() < 0.8 else b""
                self.expect(not answer or answer.startswith(b"HTTP/1.1 4"), f"{junk[:40]!r}: {answer[:80]!r}")

    def connect(self):
        parts = urllib.parse.urlsplit(self.issuers.origin)
        stream = socket.create_connection((parts.hostname, parts.port), timeout=60)
        return self.issuers.connection._context.wrap_socket(stream, server_hostname=parts.hostname) \
            if parts.scheme == "https" else stream

    def renew(self):
        """The issuer goes, with all it has; a new one comes."""
        if self.random.random() < 0.5:
            verdict = self.api("DELETE", "")
            self.expect(verdict["undelivered_steps"] == [], "a step that nobody got")
            self.create()

    def run_until(self, deadline, problems):
        """Everything that is wrong goes to `problems`; the first ends this client."""
        while time.monotonic() < deadline and not problems:
            flow = self.random.choice(self.flows)
            try:
                flow()
            except Exception as error:  # pylint: disable=broad-except
                problems.append(f"{self.name}, {flow.__name__}: {type(error).__name__}: {error}")
