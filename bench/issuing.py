"""Tokens, flows and discovery per second; start-up. Each at every server that can do it."""

import statistics

from measuring import load, openssl_rate

SIGNS = {"RS256": "rsa2048", "ES256": "ecdsap256", "EdDSA": "ed25519"}
STARTS = 5


def at_each(servers, kind, measure):
    """{column: what `measure(running)` says} of the servers that can do it."""
    values = {}
    for server in servers:
        if kind in server.kinds:
            with server.start(kind) as running:
                running.warm_up_s = server.warm_up_s
                values[server.name] = measure(running)
    return values


def rate(kind, seconds, *urls):
    def measure(running):
        targets = [running.discovery if url == "discovery" else running.metadata[url] for url in urls]
        load(kind, *targets, seconds=running.warm_up_s)
        return load(kind, *targets, seconds=seconds)

    return measure


def per_second(measured):
    return {name: f"{numbers[0]:,.0f}/s" for name, numbers in measured.items()}


def tokens(table, servers, seconds):
    for kind in (*SIGNS, "opaque"):
        measured = at_each(servers, kind, rate("token", seconds, "token_endpoint"))
        note = f"p99 {measured['assay'][1]:.1f} ms"
        if kind in SIGNS:
            limit = openssl_rate(SIGNS[kind], 0)
            ratios = ", ".join(f"{name} {numbers[0] / limit:.2f}" for name, numbers in measured.items())
            note += f"; of the {limit:,.0f}/s that openssl signs: {ratios}"
        table.row(f"{kind} access tokens", per_second(measured), note)


def flows(table, servers, seconds):
    code = at_each(servers, "code", rate("code", seconds, "authorization_endpoint", "token_endpoint"))
    table.row("code flows with PKCE, RS256 ID and access tokens", per_second(code))
    device = at_each(servers, "device", rate("device", seconds, "device_authorization_endpoint", "token_endpoint"))
    table.row("device flows, approved at once", per_second(device))
    table.row("discovery documents", per_second(at_each(servers, "RS256", rate("get", seconds, "discovery"))))


def starts(table, servers):
    medians = {}
    for server in servers:
        times = []
        for _ in range(STARTS):
            with server.start("RS256") as running:
                times.append(running.start_ms)
        medians[server.name] = f"{statistics.median(times):,.1f} ms"
    table.row("start to first discovery reply", medians, f"median of {STARTS}")
