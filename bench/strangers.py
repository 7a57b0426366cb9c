"""What strangers cost an issuer: memory kept, threads held, time taken. No peer is measured: python3 bench/strangers.py ASSAY"""

import http.client
import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.parse

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REQUEST = {"response_type": "code", "client_id": "app", "redirect_uri": "http://127.0.0.1:8123/callback", "scope": "openid",
           "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def status(pid, field):
    return int(re.search(rf"{field}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


class Issuer:
    """A server of its own, on a clock that stands still."""

    def __init__(self, assay, config):
        arguments = [assay, "serve", "--clock", "2030-01-01T00:00:00Z", "--config", "/dev/stdin", "--no-stdin"]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(config))
        self.process.stdin.close()
        self.ready = json.loads(self.process.stdout.readline())
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.ready["issuer"]).netloc)
        self.path = urllib.parse.urlsplit(self.ready["issuer"]).path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def post(self, path, body, headers=None):
        self.connection.request("POST", self.path + path, body, headers or FORM)
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def mib(self):
        return status(self.process.pid, "VmRSS") / 1024

    def threads(self):
        return status(self.process.pid, "Threads")


def memory(assay, name, times, ask, config=None):
    """Resident memory that so many requests leave behind."""
    with Issuer(assay, config or {}) as issuer:
        ask(issuer, -1)
        before = issuer.mib()
        codes = {}
        for number in range(times):
            code = ask(issuer, number)
            codes[code] = codes.get(code, 0) + 1
        print(f"{name:<62}{issuer.mib() - before:>+10.1f} MiB   replies {codes}", flush=True)


def authorize(size):
    return lambda issuer, number: issuer.post(
        "/authorize", urllib.parse.urlencode({**REQUEST, "nonce": f"{number}-".ljust(size, "n")}))[0]


def login(issuer, number):
    issuer.connection.request("GET", f"{issuer.path}/authorize?" + urllib.parse.urlencode({**REQUEST, "scope": "openid offline_access"}))
    reply = issuer.connection.getresponse()
    reply.read()
    code = re.search("code=([^&]+)", reply.headers["Location"]).group(1)
    form = {"grant_type": "authorization_code", "client_id": "app", "code": code, "redirect_uri": REQUEST["redirect_uri"],
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
    return issuer.post("/token", urllib.parse.urlencode(form))[0]


def push(size):
    return lambda issuer, number: issuer.post("/par", urllib.parse.urlencode({**REQUEST, "nonce": "n" * size}))[0]


def device(issuer, number):
    return issuer.post("/device_authorization", urllib.parse.urlencode({"client_id": "app", "scope": "openid"}))[0]


def register(size):
    body = json.dumps({"redirect_uris": ["https://a.example/cb"], "client_name": "n" * size})
    return lambda issuer, number: issuer.post("/register", body, {"Content-Type": "application/json"})[0]


def wide(issuer, number):
    issuer.connection.request("GET", f"{issuer.path}/jwks", headers={"X-Wide": "w " * 30_000})
    reply = issuer.connection.getresponse()
    reply.read()
    return reply.status


def waits(assay, count=300):
    """Threads while so many wait, and two seconds after they went."""
    with Issuer(assay, {}) as issuer:
        address = urllib.parse.urlsplit(issuer.ready["control"])
        before = issuer.threads()
        sockets = [socket.create_connection((address.hostname, address.port)) for _ in range(count)]
        for one in sockets:
            one.sendall(b"GET /v1/issuers/main/requests/wait?timeout=300&count=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(2)
        during = issuer.threads()
        for one in sockets:
            one.close()
        time.sleep(2)
        print(f"{f'threads before, during and after {count} waits':<62}{before:>5}{during:>5}{issuer.threads():>5}")


def verify(assay, size=32_000):
    with Issuer(assay, {}) as issuer:
        issuer.post("/token", urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "a" * size}))
        control = http.client.HTTPConnection(urllib.parse.urlsplit(issuer.ready["control"]).netloc, timeout=300)
        started = time.monotonic()
        control.request("POST", "/v1/issuers/main/verify", json.dumps({"match": {"form": {"scope": {"re": "a.*b"}}}, "count": 0}))
        reply = json.loads(control.getresponse().read())
        print(f"{f'verify of a.*b on {size:,} characters':<62}{time.monotonic() - started:>10.2f} s     ok {reply['ok']}")


def main(assay):
    memory(assay, "100 authorization requests of 1.9 MB (nonce)", 100, authorize(1_900_000))
    memory(assay, "20,000 authorization requests of 6 KB", 20_000, authorize(6_000))
    memory(assay, "100 pages asked for by 1.9 MB", 100, authorize(1_900_000), {"interaction": "form"})
    memory(assay, "100 pushed requests of 1.9 MB", 100, push(1_900_000))
    memory(assay, "20,000 pushed requests of 6 KB", 20_000, push(6_000))
    memory(assay, "20,000 logins", 20_000, login, {"signing_alg": "ES256"})
    memory(assay, "20,000 device grants", 20_000, device)
    memory(assay, "100 registrations of 1.9 MB", 100, register(1_900_000), {"registration": True})
    memory(assay, "3,000 registrations of 10 KB", 3_000, register(10_000), {"registration": True})
    memory(assay, "5,000 requests with 60 KB of header fields", 5_000, wide)
    waits(assay)
    verify(assay)


if __name__ == "__main__":
    main(*sys.argv[1:])
