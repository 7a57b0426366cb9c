"""authctl beside other users: locks that cannot be had, files that are not its user's alone."""

import json

import pytest

from authctl import authctl, browser, issuer, person  # noqa: F401  fixtures


@pytest.fixture
def kept(person):
    """The file that holds the tokens."""
    (path,) = person.home.rglob("*.json")
    return path


def test_nothing_is_refreshed_without_a_lock_and_the_file_is_named(person, kept):
    lock = kept.with_name(kept.name + ".lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()  # as little to be opened as one of root's
    before = person.stored()
    done = person("refresh")
    assert done.returncode == 3, done.stderr
    assert str(lock) in done.stderr and "--refresh-without-lock" in done.stderr
    assert person.stored() == before
    allowed = person("--refresh-without-lock", "refresh")
    assert allowed.returncode == 0, allowed.stderr
    assert person.stored()["refresh_token"] != before["refresh_token"]


def test_a_lock_that_cannot_be_had_is_told_by_every_command_that_renews(person, kept):
    lock = kept.with_name(kept.name + ".lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    tokens = json.loads(kept.read_text())
    kept.write_text(json.dumps({**tokens, "access_token": "opaque", "_iat": 1, "_exp": 2}))
    for _ in range(2):
        done = person("token")
        assert done.returncode == 3, done.stderr
        assert "storage.lock_unavailable" in done.stderr and str(lock) in done.stderr
    assert person.stored()["refresh_token"] == tokens["refresh_token"]


def test_a_token_file_that_others_can_write_is_refused_unless_allowed(person, kept):
    kept.chmod(0o666)
    done = person("token")
    assert done.returncode == 3 and f"{kept} can be written by other users" in done.stderr
    assert "; --any-owner uses it all the same" in done.stderr
    assert done.stdout == ""
    allowed = person("--any-owner", "token")
    assert allowed.returncode == 0 and allowed.stdout.strip(), allowed.stderr
