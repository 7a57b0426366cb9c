"""What the crash and the race tests share: an issuer, a store of which they read for themselves, a client process."""

import contextlib
import json
import pathlib
import sqlite3
import subprocess

import requests

LIFETIME = 3600
JUDGE = "judge"
SECRET = ("service", "s3cr3t%3A%2F%25%C3%A9%2B")


class FileStore:
    """One JSON file."""

    provider = "file"

    def __init__(self, directory):
        self.location = directory / "token.json"

    def read(self):
        return json.loads(self.location.read_text(encoding="utf-8"))


class SqliteStore:
    """One row of a database, read by another build of SQLite than auth-core's."""

    provider = "sqlite"

    def __init__(self, directory):
        self.location = directory / "sessions.db"

    def read(self):
        with contextlib.closing(sqlite3.connect(self.location, timeout=10)) as database:
            ((text,),) = database.execute("SELECT object FROM authcore_objects WHERE key = 'token.json'").fetchall()
            ((verdict,),) = database.execute("PRAGMA integrity_check").fetchall()
        if verdict != "ok":
            raise ValueError(verdict)
        return json.loads(text)


STORES = {store.provider: store for store in (FileStore, SqliteStore)}


class Tokens:
    """The issuer's side: what came to its token endpoint, and what it thinks of a token."""

    def __init__(self, server, **config):
        self.issuer = server.create_issuer(config={"signing_alg": "ES256", "lifetimes": {"access": LIFETIME}, **config})
        self.endpoints = self.issuer.discovery()
        self.session = requests.Session()
        self.session.headers["User-Agent"] = JUDGE
        self.seen = 0

    def login(self):
        """A login's token response. Without openid, so that no ID token is to be verified."""
        return self.issuer.control("POST", "/sessions", {"client": "app", "scopes": ["offline_access", "api"]})

    def redeem(self, refresh_token):
        form = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": refresh_token}
        return self.session.post(self.endpoints["token_endpoint"], data=form, timeout=30)

    def is_active(self, token):
        reply = self.session.post(self.endpoints["introspection_endpoint"], data={"token": token}, auth=SECRET, timeout=30)
        return reply.json()["active"]

    def renewals(self):
        """The exchanges at the token endpoint since the last call: (name of the refresh token, status, by us) of each."""
        exchanges = self.issuer.requests(endpoint="token", since=self.seen)
        self.seen = max([self.seen, *(exchange["seq"] for exchange in exchanges)])
        return [(dict(exchange["form"]).get("refresh_token"), exchange["status"], ["User-Agent", JUDGE] in exchange["headers"])
                for exchange in exchanges]


class Client:
    """soak_client on one store."""

    def __init__(self, build_dir, issuer, store, log):
        config = {"client_type": "oidc_device_code", "auth_server": issuer.url, "client_id": "app"}
        self.program = pathlib.Path(build_dir) / "tests" / "soak" / "soak_client"
        self.arguments = [store.provider, str(store.location), json.dumps(config)]
        self.log = log

    def seed(self, response):
        subprocess.run([self.program, "seed", *self.arguments], input=json.dumps(response), text=True, check=True, timeout=30)

    def start(self, mode, *more):
        with self.log.open("a") as stderr:
            return subprocess.Popen([self.program, mode, *self.arguments, *map(str, more)], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, stderr=stderr, text=True)

    def tail(self):
        return self.log.read_text()[-2000:]
