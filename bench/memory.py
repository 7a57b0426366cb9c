"""Resident memory: after the start, after many tokens, of many connections, of many issuers."""

import json
import time
import urllib.request

from issuing import at_each
from measuring import load

TOKENS = 100_000
ISSUERS = 1000
CONNECTIONS = 1000


def mib(values):
    return {name: f"{value:,.1f} MiB" for name, value in values.items()}


def after_tokens(running):
    issued = 0
    while issued < TOKENS:
        issued += load("token", running.metadata["token_endpoint"], seconds=2)[2]
    return running.resident_mib()


def tokens(table, servers):
    table.row("memory after start", mib(at_each(servers, "ES256", lambda running: running.resident_mib())))
    table.row(f"memory after {TOKENS:,} ES256 tokens", mib(at_each(servers, "many", after_tokens)), "ours with its journal on")


def connections(table, servers, seconds):
    def measure(running):
        return *load("token", running.metadata["token_endpoint"], connections=CONNECTIONS, seconds=seconds), running.resident_mib()

    measured = at_each(servers[:1], "ES256", measure)
    per_second, p99, _, memory = measured["assay"]
    table.row(f"ES256 tokens over {CONNECTIONS:,} connections", f"{per_second:,.0f}/s", f"p99 {p99:.0f} ms, {memory:.1f} MiB")


def call(method, url, body=None):
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json"},
                                     data=json.dumps(body).encode() if body is not None else None)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read()


def thousand(api, running):
    """Creates, uses and deletes: (seconds to create, seconds to delete, memory while they lived)."""
    started = time.monotonic()
    for number in range(ISSUERS):
        call("POST", api, {"name": f"many-{number}", "config": {"signing_alg": "ES256"}})
    created = time.monotonic()
    for number in range(ISSUERS):
        call("POST", f"{api}/many-{number}/tokens", {"kind": "access"})
    memory = running.resident_mib()
    used = time.monotonic()
    for number in range(ISSUERS):
        call("DELETE", f"{api}/many-{number}")
    return created - started, time.monotonic() - used, memory


def issuers(table, servers):
    """Of assay through its control API. The second thousand shows whether the first was freed."""
    with servers[0].start("ES256") as running:
        api = running.control + "/v1/issuers"
        before = running.resident_mib()
        create, delete, full = thousand(api, running)
        _, _, again = thousand(api, running)
    table.row(f"{ISSUERS:,} issuers, created one by one", f"{ISSUERS / create:,.0f}/s", f"deleted {ISSUERS / delete:,.0f}/s")
    table.row(f"memory of {ISSUERS:,} issuers, a token each", f"{full - before:,.1f} MiB",
              f"{(full - before) * 1024 / ISSUERS:.0f} KiB each; {again - full:+,.1f} MiB with the second {ISSUERS:,} after these are gone")
