"""auth-core beside planet_auth and PyJWT: what an application pays, each in the same run at the same issuer."""

import contextlib
import json
import pathlib
import subprocess
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
STORM = 1000
UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
# What openssl alone can do of it: figure, and the column of `openssl speed`.
LIMITS = {"validate_rs256": ("rsa2048", 1), "validate_es256": ("ecdsap256", 1)}


class Issuer:
    """One issuer of a running `assay serve`, through its control API."""

    def __init__(self, control, config):
        self.origin = control
        reply = self.call("POST", "/v1/issuers", {"config": config})
        self.url, self.control = reply["issuer"], reply["control"]
        with urllib.request.urlopen(self.url + "/.well-known/openid-configuration", timeout=30) as metadata:
            self.metadata = json.load(metadata)

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.origin + path, method=method, data=json.dumps(body).encode() if body is not None else None,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def session(self, **spec):
        return self.call("POST", self.control + "/sessions", {"scopes": ["offline_access", "api"], **spec})

    def aftermath(self):
        """What a storm has cost: "1 request", and whether the session outlived it."""
        count = len(self.call("GET", self.control + "/requests?endpoint=token")["requests"])
        tokens = self.call("GET", self.control + "/tokens")["tokens"]
        lost = not any(token["live"] for token in tokens if token["kind"] == "rt")
        return f"{count} request{'s' if count != 1 else ''}{', which ended the session' if lost else ''}"

    def client(self):
        return {"client_type": "oidc_device_code", "auth_server": self.url, "client_id": "app"}


@contextlib.contextmanager
def server(assay):
    with subprocess.Popen([assay, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["control"]
        process.stdin.close()


def our_figures(micro):
    """Nanoseconds by name."""
    text = subprocess.run([micro, "--benchmark_format=json"], capture_output=True, text=True, check=True).stdout
    return {item["name"].replace("/real_time", "").replace("/threads", " threads"): item["real_time"] * UNITS[item["time_unit"]]
            for item in json.loads(text)["benchmarks"]}


def our_storm(client, issuer, directory):
    """Nanoseconds until so many threads, all with the same expired token, have a new one."""
    command = [pathlib.Path(directory) / "storm-ours.json", json.dumps(issuer.client())]
    hour_old = issuer.session(issued_at=int(time.time()) - 3600)
    subprocess.run([client, "seed", "file", *command], input=json.dumps(hour_old), text=True, check=True, timeout=30)
    with subprocess.Popen([client, "threads", "file", *command, str(STORM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        started = time.perf_counter()
        process.stdin.write("0\n")
        process.stdin.flush()
        answers = json.loads(process.stdout.readline())
        elapsed = time.perf_counter() - started
        process.stdin.close()
    if len(set(answers)) != 1 or answers[0].startswith("error"):
        raise RuntimeError(f"auth-core: {set(answers)}")
    return elapsed * 1e9


def their_figures(python, issuers, storm, directory):
    tokens = {algorithm: {"token": issuer.session()["access_token"], "issuer": issuer.url, "jwks_uri": issuer.metadata["jwks_uri"]}
              for algorithm, issuer in issuers.items()}
    world = {"tokens": tokens, "client": storm.client(), "session": storm.session(), "directory": directory}
    done = subprocess.run([python, HERE / "peers" / "python_libraries.py"], input=json.dumps(world), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def per_second(nanoseconds):
    return f"{1e9 / nanoseconds:,.0f}/s"


def compare(assay, micro, client, python, openssl_rate, row):
    """Prints a line for each figure of auth-core, with the peers that have it."""
    with server(assay) as control, tempfile.TemporaryDirectory() as directory:
        issuers = {algorithm: Issuer(control, {"signing_alg": algorithm}) for algorithm in ("RS256", "ES256")}
        stormed = {name: Issuer(control, {"signing_alg": "ES256"}) for name in ("auth-core", "planet_auth")}
        ours = our_figures(micro)
        ours["refresh_storm"] = our_storm(client, stormed["auth-core"], directory)
        theirs = their_figures(python, issuers, stormed["planet_auth"], directory)
        costs = {name: issuer.aftermath() for name, issuer in stormed.items()}
    for name, nanoseconds in ours.items():
        against = [f"{peer.split()[0]} {per_second(value)}" for peer, value in theirs.items() if peer.partition(" ")[2] == name]
        if name in LIMITS:
            against.insert(0, f"{1e9 / nanoseconds / openssl_rate(*LIMITS[name]):.2f} of openssl")
        if name == "refresh_storm":
            row(f"auth-core, {STORM:,} threads, one expired token", f"{nanoseconds / 1e6:,.0f} ms",
                f"{costs['auth-core']}   planet_auth {theirs['planet_auth refresh_storm'] / 1e6:,.0f} ms, {costs['planet_auth']}")
        else:
            row(f"auth-core {name}", per_second(nanoseconds), "   ".join(against))
