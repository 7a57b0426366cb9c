"""64 clients in mixed flows with faults: each reply is a valid one, memory is flat, and the server ends well, which a
sanitizer's finding would prevent (scripts/soak runs this under AddressSanitizer and ThreadSanitizer)."""

import pathlib
import re
import statistics
import threading
import time

import pytest
import requests

import faults
from mixed import Client

CLIENTS = 64
RETAINED = 10_000  # tokens of client_credentials that an issuer keeps, and exchanges in its journal
LONG = 30  # seconds from which on memory is judged


class Address:
    def __init__(self, served):
        self.served = served
        self.origin = served.ready["issuer"].removesuffix("/main")
        self.control = served.ready["control"]
        self.ca = requests.get(served.ready["ca_pem_url"], timeout=10).text if "ca_pem_url" in served.ready else None

    def resident_mib(self):
        text = pathlib.Path(f"/proc/{self.served.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


class World:
    def __init__(self, *servers):
        self.servers = [Address(server) for server in servers]
        self.faults = faults.FAULTS


@pytest.fixture
def world(serve, monkeypatch):
    # What is freed comes back soon, so that resident memory means something.
    monkeypatch.setenv("ASAN_OPTIONS", "quarantine_size_mb=4:allocator_release_to_os_interval_ms=100:detect_leaks=1")
    return World(serve(), serve("--tls", "auto"))


def in_threads(work, clients):
    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    return threads


def fill(clients, problems):
    """Until what an issuer retains is full."""

    def work(client):
        try:
            for _ in range(RETAINED * 2 // CLIENTS + 10):
                client.shared()
        except Exception as error:  # pylint: disable=broad-except
            problems.append(f"filling: {error}")

    for thread in in_threads(work, clients):
        thread.join()


def soak(world, seconds, seed):
    """(clients, problems, resident memory of each server over time in MiB)."""
    problems = []
    clients = [Client(world, number, seed) for number in range(CLIENTS)]
    if seconds >= LONG:
        fill(clients, problems)
    deadline = time.monotonic() + seconds
    threads = in_threads(lambda client: client.run_until(deadline, problems), clients)
    memory = [[] for _ in world.servers]
    while time.monotonic() < deadline and not problems:
        time.sleep(min(1, seconds / 10))
        for samples, server in zip(memory, world.servers):
            samples.append(server.resident_mib())
    for thread in threads:
        thread.join(timeout=120)
        if thread.is_alive():
            problems.append("a client that hangs")
    for client in clients:
        client.close()
    return clients, problems, memory


def grown(samples):
    """Whether the last quarter needs more than the second, by more than what comes and goes."""
    quarter = len(samples) // 4
    before, after = (statistics.median(part) for part in (samples[quarter:2 * quarter], samples[-quarter:]))
    return after > before * 1.1 + 8


def test_mixed_flows_with_faults(world, rounds):
    clients, problems, memory = soak(world, rounds.mixed, rounds.seed)
    if rounds.mixed >= LONG and not problems:  # a problem ends it before there is much to judge
        problems += [f"memory grows: {[round(mib) for mib in samples]}" for samples in memory if grown(samples)]
    rounds.record("mixed", seconds=rounds.mixed, requests=sum(client.requests for client in clients),
                  faults=sum(client.faults for client in clients), problems=len(problems),
                  mib=[round(samples[-1]) for samples in memory if samples])
    assert not problems, problems[:5]
    assert all(client.requests for client in clients)


def test_an_issuer_that_is_wrong_is_found_out(world):
    """The judge above must be able to say no."""
    script = requests.post(world.servers[0].control + "/v1/issuers/main/steps", timeout=10, json={
        "when": {"endpoint": "introspect"}, "times": "forever", "optional": True, "do": {"patch": {"active": False}}})
    assert script.status_code == 201
    _, problems, _ = soak(world, 5, 1)
    assert any("not active" in problem for problem in problems), problems


def test_memory_that_grows_is_found_out():
    assert grown([100 + second for second in range(60)])
    assert not grown([100 + second % 7 for second in range(60)])
