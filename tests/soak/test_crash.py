"""A client that renews and saves without pause is killed at random moments. Whatever moment that was, what is stored
parses, and the issuer accepts its refresh token.

One moment no client can defend: the issuer has replaced the refresh token, and the new one is not on disk yet. A strict
issuer ends the session then. Real ones give a grace (RFC 9700 section 4.14.2 leaves it to them): the old token may come again as
long as no successor was used. That is the issuer here, and it punishes everything else: a client that uses a token
before it has saved it leaves one on disk that has been succeeded.
"""

import collections
import random
import re
import signal
import sqlite3
import time

import pytest

from soak import STORES, Client, FileStore, Tokens

GRACE = 3600
RENEWALS = 10  # that the longest life of a client is good for


class Killer:
    """Starts clients and kills them, at any moment from the start to a few renewals later."""

    def __init__(self, client, seed, fault=()):
        self.client, self.fault, self.moments = client, fault, random.Random(seed)
        process = client.start("loop", *fault)
        process.stdout.readline()
        started = time.monotonic()
        for _ in range(RENEWALS):
            process.stdout.readline()
        self.renewal = (time.monotonic() - started) / RENEWALS
        self.end(process)

    def kill_one(self):
        """What is wrong with how it ended, if anything."""
        process = self.client.start("loop", *self.fault)
        # Counted in renewals, and a part of one: a slow machine, or a sanitizer, leaves as many.
        for _ in range(self.moments.randint(0, RENEWALS)):
            process.stdout.readline()
        time.sleep(self.moments.uniform(0, 2 * self.renewal))
        return self.end(process)

    def end(self, process):
        process.kill()
        process.communicate(timeout=30)
        ended_by_itself = process.returncode != -signal.SIGKILL
        return f"the client ended by itself with {process.returncode}: {self.client.tail()}" if ended_by_itself else None


def crash(tokens, client, store, kills, seed, fault=()):
    """Kills a client so many times. Returns what was counted, and what went wrong: (kill, reason)."""
    client.seed(tokens.login())
    killer = Killer(client, seed, fault)
    counted, problems = collections.Counter(kills=kills), []
    # The killer's own client, kill 0, is judged too: the next one would stumble over what it left, and not say whose it is.
    for kill in range(kills + 1):
        problem = (killer.kill_one() if kill else None) or judge(tokens, store, counted)
        if problem:
            problems.append((kill, problem))
            break
    counted["leftovers"] = sum(path.suffix == ".tmp" for path in store.location.parent.iterdir())
    return counted, problems


def judge(tokens, store, counted):
    """What is wrong with what is stored, if anything. Redeems its refresh token and tells nobody, as a lost reply would."""
    try:
        token = store.read()["refresh_token"]
    except (ValueError, KeyError, OSError, sqlite3.Error) as error:
        return f"what is stored cannot be read: {error!r}"
    reply = tokens.redeem(token)
    renewals = tokens.renewals()
    ours = [by_us for _, _, by_us in renewals].index(True)  # a request that was under way may come after it
    name = renewals[ours][0]
    counted["renewals"] += sum(status == 200 for _, status, _ in renewals[:ours])
    counted["between rotation and save"] += (name, 200, False) in renewals[:ours]
    if reply.status_code != 200:
        return f"the issuer refuses {name}, which is stored: {reply.text}"
    return None


@pytest.fixture
def tokens(server):
    return Tokens(server, refresh_grace_s=GRACE)


@pytest.mark.parametrize("provider", STORES)
def test_a_kill_at_any_moment_leaves_a_token_that_the_issuer_accepts(provider, tokens, build_dir, tmp_path, rounds):
    store = STORES[provider](tmp_path)
    client = Client(build_dir, tokens.issuer, store, tmp_path.parent / f"{tmp_path.name}.log")
    counted, problems = crash(tokens, client, store, rounds.kills, rounds.seed)
    rounds.record("crash", provider=provider, seed=rounds.seed, problems=len(problems), **counted)
    assert not problems, f"seed {rounds.seed}: {problems}"
    assert counted["renewals"] > rounds.kills, "the client hardly ran"


# Who forgets may be found out by the issuer before the judge gets to ask.
@pytest.mark.parametrize("fault, reason", [("in-place", "cannot be read"), ("forgetful", "refuses|family is revoked")])
def test_a_storage_that_is_not_safe_is_found_out(fault, reason, tokens, build_dir, tmp_path):
    """The judge above must be able to say no."""
    store = FileStore(tmp_path)
    client = Client(build_dir, tokens.issuer, store, tmp_path.parent / f"{tmp_path.name}.log")
    _, problems = crash(tokens, client, store, 100, seed=1, fault=[fault])
    assert problems and re.search(reason, problems[0][1])


def test_a_strict_issuer_refuses_only_what_was_rotated_and_not_saved(server, build_dir, tmp_path, rounds):
    """Without grace the same client loses its session by a kill in that one moment, and by no other."""
    tokens = Tokens(server)
    store = FileStore(tmp_path)
    client = Client(build_dir, tokens.issuer, store, tmp_path.parent / f"{tmp_path.name}.log")
    client.seed(tokens.login())
    killer = Killer(client, rounds.seed)
    kills, lost = max(5, rounds.kills // 5), 0
    for _ in range(kills):
        client.seed(tokens.login())
        tokens.renewals()
        assert killer.kill_one() is None
        counted = collections.Counter()
        refused = judge(tokens, store, counted)
        assert bool(refused) == bool(counted["between rotation and save"]), refused
        lost += bool(refused)
    rounds.record("strict", kills=kills, lost=lost)
