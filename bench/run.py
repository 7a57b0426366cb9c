"""Measures assay beside its peers in one run and prints the table of bench/README.md.

Every figure is a ratio against a peer or against this machine's own `openssl speed`, taken in the same run:
single numbers from shared machines mean little. Server on one core, load on the other.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import libraries

HERE = pathlib.Path(__file__).parent
# Two of the cores that this process may use: in a container they need not be 0 and 1.
CORES = [str(core) for core in sorted(os.sched_getaffinity(0))]
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
CONFIG = {
    "clients": [{"id": "service-post", "auth": "client_secret_post", "secret": "bench", "grants": ["client_credentials"]}],
}


def openssl_rate(algorithm, column):
    """Operations per second on one core: column 0 signs, 1 verifies."""
    text = subprocess.run(
        ["taskset", "-c", SERVER_CORE, "openssl", "speed", "-seconds", "2", algorithm],
        capture_output=True, text=True, check=True,
    ).stdout
    return float(text.strip().splitlines()[-1].split()[-2 + column])


@contextlib.contextmanager
def process(command):
    """A server on its core; yields its ready line, the process, and the time to its first discovery reply in ms."""
    started = time.monotonic()
    with subprocess.Popen(
        ["taskset", "-c", SERVER_CORE, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE / "peers"
    ) as server:
        try:
            line = server.stdout.readline()
            if not line:
                raise RuntimeError(f"{command} did not start")
            ready = json.loads(line)
            # A server that goes on printing must not stop at a full pipe.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            with urllib.request.urlopen(ready["discovery"], timeout=30) as reply:
                metadata = json.load(reply)
            elapsed = (time.monotonic() - started) * 1000
            yield metadata["token_endpoint"], server, elapsed
        finally:
            server.stdin.close()
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=5)
            server.kill()


def load(url, connections=16, seconds=3):
    """Tokens per second and the 99th percentile in ms."""
    result = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "token.lua", url],
        capture_output=True, text=True, check=True, timeout=seconds + 30,
    )
    numbers = json.loads(result.stdout.strip().splitlines()[-1])
    if numbers["errors"]:
        raise RuntimeError(f"{url}: {numbers['errors']} requests failed")
    return numbers["requests"] / numbers["duration_us"] * 1e6, numbers["p99_us"] / 1000


def resident_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def assay_command(binary, algorithm, directory):
    config = pathlib.Path(directory) / f"{algorithm}.json"
    config.write_text(json.dumps({**CONFIG, "signing_alg": algorithm}))
    return [binary, "serve", "--config", str(config)]


def row(name, value, against=""):
    print(f"  {name:<52} {value:>14}  {against}", flush=True)


def issuing(binary, directory, seconds):
    signs = {"RS256": openssl_rate("rsa2048", 0), "ES256": openssl_rate("ecdsap256", 0)}
    servers = {
        "assay": lambda alg: assay_command(binary, alg, directory),
        "oauth2-mock-server": lambda alg: ["node", "oauth2_mock_server.mjs", alg],
        "oidc-provider": lambda alg: ["node", "oidc_provider.mjs", alg],
    }
    for algorithm, limit in signs.items():
        print(f"{algorithm} access tokens per second, one core, 16 connections (openssl signs {limit:,.0f}/s)")
        for name, command in servers.items():
            with process(command(algorithm)) as (url, _, _):
                load(url, seconds=1)
                rate, p99 = load(url, seconds=seconds)
            row(name, f"{rate:,.0f}/s", f"{rate / limit:.2f} of openssl   p99 {p99:.1f} ms")
    print("start to first discovery reply, median of 5")
    for name, command in servers.items():
        times = []
        for _ in range(5):
            with process(command("RS256")) as (_, _, elapsed):
                times.append(elapsed)
        row(name, f"{statistics.median(times):.1f} ms")


def memory_and_connections(binary, directory):
    print("memory, ES256, journal on")
    with process(assay_command(binary, "ES256", directory)) as (url, server, _):
        row("after start", f"{resident_mib(server.pid):.1f} MiB")
        issued = 0
        while issued < 100_000:
            rate, _ = load(url, seconds=2)
            issued += int(rate * 2)
        row(f"after {issued:,} tokens", f"{resident_mib(server.pid):.1f} MiB")
    with process(assay_command(binary, "ES256", directory)) as (url, server, _):
        rate, p99 = load(url, connections=1000, seconds=5)
        print("1,000 keep-alive connections, ES256")
        row("tokens", f"{rate:,.0f}/s", f"p99 {p99:.0f} ms, {resident_mib(server.pid):.1f} MiB")


def library(binary):
    print("the scenario library against auth-core")
    for transport in ("direct", "http", "https"):
        started = time.monotonic()
        result = subprocess.run([binary, "run", "--transport", transport], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"assay run --transport {transport} ended with {result.returncode}: "
                               f"{result.stdout}{result.stderr}")
        row(transport, f"{time.monotonic() - started:.2f} s", result.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", required=True, type=os.path.abspath, help="path of the assay program, built with the release preset")
    parser.add_argument("--micro", required=True, type=os.path.abspath, help="path of the micro benchmarks")
    parser.add_argument("--seconds", type=int, default=4, help="length of each load, in seconds (default 4)")
    parser.add_argument("--client", required=True, type=os.path.abspath, help="path of soak_client, the refresh storm's client")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has planet_auth and PyJWT")
    options = parser.parse_args()
    if len(CORES) < 2:
        sys.exit("bench: needs two cores, one for the server and one for the load")
    with tempfile.TemporaryDirectory() as directory:
        issuing(options.assay, directory, options.seconds)
        memory_and_connections(options.assay, directory)
        library(options.assay)
        libraries.compare(options.assay, options.micro, options.client, options.python, openssl_rate, row)


if __name__ == "__main__":
    main()
