"""planet_auth and PyJWT at the work that bench_micro does with auth-core.

Reads one JSON object from stdin: {"tokens": {algorithm: {"token", "issuer", "jwks_uri"}}, "client", "session", "directory"}.
Prints {"library figure": nanoseconds for each}.
"""

import json
import pathlib
import sys
import threading
import time
import urllib.request

import jwt
import planet_auth
from planet_auth.oidc.api_clients.jwks_api_client import JwksApiClient

AUDIENCE = "https://api.test"  # of the default issuer
SECONDS = 1.0
STORM = 1000


def each(work, threads=1):
    """Nanoseconds for one call, over all threads, best of three rounds."""
    best = float("inf")
    for _ in range(3):
        counts = [0] * threads

        def loop(number):
            until = time.perf_counter() + SECONDS / 3
            while time.perf_counter() < until:
                for _ in range(10):
                    work()
                counts[number] += 10

        started = time.perf_counter()
        workers = [threading.Thread(target=loop, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        best = min(best, (time.perf_counter() - started) * 1e9 / sum(counts))
    return best


def context(world, name, session):
    """A planet_auth context with a stored session."""
    path = pathlib.Path(world["directory"]) / name
    credential = planet_auth.FileBackedOidcCredential(data=dict(session), credential_file=path)
    credential.save()
    return planet_auth.Auth.initialize_from_config_dict(client_config=world["client"], token_file=path), credential


def header(authenticator):
    authenticator.pre_request_hook()
    return authenticator._token_prefix + " " + authenticator._token_body  # pylint: disable=protected-access


def validation(world):
    for algorithm, given in world["tokens"].items():
        token, issuer = given["token"], given["issuer"]
        with urllib.request.urlopen(given["jwks_uri"]) as reply:
            keys = jwt.PyJWKSet.from_dict(json.load(reply))
        key = keys[jwt.get_unverified_header(token)["kid"]]
        figure = "validate_" + algorithm.lower()
        yield f"PyJWT {figure}", each(lambda: jwt.decode(token, key, algorithms=[algorithm], audience=AUDIENCE, issuer=issuer))
        validator = planet_auth.TokenValidator(JwksApiClient(given["jwks_uri"]), trusted_algorithms=[algorithm])
        yield f"planet_auth {figure}", each(lambda: validator.validate_token(token, issuer, AUDIENCE))


def storage(world):
    _, credential = context(world, "stored.json", world["session"])
    yield "planet_auth file_save", each(credential.save)
    yield "planet_auth file_load", each(credential.load)


def headers(world):
    auth, _ = context(world, "fresh.json", world["session"])
    authenticator = auth.request_authenticator()
    header(authenticator)
    for threads in (1, 2):
        yield f"planet_auth header_from_cached_token threads:{threads}", each(lambda: header(authenticator), threads)


def storm(world):
    """So many threads find one expired token."""
    now = int(time.time())
    auth, _ = context(world, "storm.json", {**world["session"], "access_token": "old", "_iat": now - 7200, "_exp": now - 3600})
    authenticator = auth.request_authenticator()
    barrier = threading.Barrier(STORM)

    def ask():
        barrier.wait()
        header(authenticator)

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(STORM)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield "planet_auth refresh_storm", (time.perf_counter() - started) * 1e9


def main():
    world = json.load(sys.stdin)
    figures = {}
    for part in (headers, validation, storage, storm):
        figures.update(part(world))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
