"""Many processes with many threads share one store, at an issuer that rotates refresh tokens and revokes the family when
one is used twice: one refresh for each expiry, and every thread gets a token that is good."""

import json

import pytest

from soak import LIFETIME, STORES, Client, Tokens

PROCESSES = 8
THREADS = 8


def race(tokens, client, rounds, fault=()):
    """Lets the token expire so many times. Returns what went wrong: (round, reason)."""
    client.seed(tokens.login())
    crowd = [client.start("threads", THREADS, *fault) for _ in range(PROCESSES)]
    problems = []
    try:
        for number in range(1, rounds + 1):
            tokens.issuer.advance(LIFETIME)
            for process in crowd:
                process.stdin.write(f"{number * LIFETIME}\n")
                process.stdin.flush()
            answers = [answer for process in crowd for answer in json.loads(process.stdout.readline())]
            problems += [(number, problem) for problem in judge(tokens, answers)]
            if problems:
                break
    finally:
        for process in crowd:
            process.communicate(timeout=60)
    return problems + [("end", f"exit code {process.returncode}") for process in crowd if process.returncode]


def judge(tokens, answers):
    renewals = [(name, status) for name, status, _ in tokens.renewals()]
    if len(renewals) != 1 or renewals[0][1] != 200:
        yield f"refreshes: {renewals}"
    if len(answers) != PROCESSES * THREADS:
        yield f"{len(answers)} answers"
    bad = [answer for answer in set(answers) if answer.startswith("error") or not tokens.is_active(answer)]
    if bad:
        yield f"not good: {bad}"


@pytest.mark.parametrize("provider", STORES)
def test_one_refresh_for_each_expiry(provider, server, build_dir, tmp_path, rounds):
    tokens = Tokens(server)
    client = Client(build_dir, tokens.issuer, STORES[provider](tmp_path), tmp_path.parent / f"{tmp_path.name}.log")
    problems = race(tokens, client, rounds.races)
    rounds.record("race", provider=provider, rounds=rounds.races, threads=PROCESSES * THREADS, problems=len(problems))
    assert not problems, client.tail()


def test_a_storage_without_locks_is_found_out(server, build_dir, tmp_path):
    """The judge above must be able to say no."""
    tokens = Tokens(server)
    client = Client(build_dir, tokens.issuer, STORES["file"](tmp_path), tmp_path.parent / f"{tmp_path.name}.log")
    problems = race(tokens, client, 5, fault=["unlocked"])
    assert any("refreshes" in reason for _, reason in problems), problems
