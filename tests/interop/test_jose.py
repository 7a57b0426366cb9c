"""Tokens exchanged both ways with PyJWT, so that no bug of ours hides itself on both sides."""

import base64
import json
import subprocess

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

NOW = 1_893_456_000  # 2030-01-01T00:00:00Z
ISSUER = "https://issuer.test/interop"
SECRET = ("service", "s3cr3t%3A%2F%25%C3%A9%2B")
ALGORITHMS = ["RS256", "ES256"]


# Ours, judged by PyJWT.

@pytest.fixture(params=ALGORITHMS)
def issuer(server, request):
    """An issuer on the machine's clock, which is PyJWT's too."""
    return server.create_issuer(config={"signing_alg": request.param, "audience": "api"}), request.param


def published_key(issuer, token):
    keys = jwt.PyJWKSet.from_dict(issuer.get(issuer.discovery()["jwks_uri"]).json())
    return keys[jwt.get_unverified_header(token)["kid"]]


def test_pyjwt_accepts_our_access_tokens(issuer):
    issuer, algorithm = issuer
    token = issuer.post("token_endpoint", {"grant_type": "client_credentials"}, auth=SECRET).json()["access_token"]
    header = jwt.get_unverified_header(token)
    assert header["alg"] == algorithm
    claims = jwt.decode(token, published_key(issuer, token), algorithms=[algorithm], audience="api", issuer=issuer.url,
                        options={"require": ["exp", "iat", "iss", "aud", "sub"]})
    assert claims["client_id"] == "service"


def test_pyjwt_accepts_our_id_tokens(issuer):
    issuer, algorithm = issuer
    token = issuer.control("POST", "/sessions", {})["id_token"]
    claims = jwt.decode(token, published_key(issuer, token), algorithms=[algorithm], audience="app", issuer=issuer.url)
    assert claims["sub"] == "user-1"


@pytest.mark.parametrize("spec, refusal", [
    ({"sign": "corrupt"}, jwt.InvalidSignatureError),
    ({"sign": "none"}, jwt.InvalidAlgorithmError),
    ({"sign": "hs256"}, jwt.InvalidAlgorithmError),
    ({"claims": {"aud": "somebody-else"}}, jwt.InvalidAudienceError),
    ({"claims": {"iss": "https://elsewhere.test"}}, jwt.InvalidIssuerError),
    ({"claims": {"exp": 1}}, jwt.ExpiredSignatureError),
])
def test_pyjwt_refuses_what_we_forge_for_the_reason_we_forged(issuer, spec, refusal):
    issuer, algorithm = issuer
    good = issuer.control("POST", "/tokens", {})["token"]
    forged = issuer.control("POST", "/tokens", spec)["token"]
    with pytest.raises(refusal):
        jwt.decode(forged, published_key(issuer, good), algorithms=[algorithm], audience="api", issuer=issuer.url)


def test_pyjwt_finds_no_key_for_an_unpublished_one(issuer):
    issuer, _ = issuer
    forged = issuer.control("POST", "/tokens", {"sign": "unpublished"})["token"]
    with pytest.raises(KeyError):
        published_key(issuer, forged)


# Theirs, judged by auth-core.

class Signer:
    """A foreign issuer's key."""

    def __init__(self, algorithm):
        self.algorithm = algorithm
        self.kid = "key-" + algorithm
        if algorithm == "RS256":
            self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        else:
            self.key = ec.generate_private_key(ec.SECP256R1())

    def jwk(self):
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        public = algorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, header=None, **changes):
        claims = {"iss": ISSUER, "aud": "api", "sub": "user-1", "iat": NOW - 10, "exp": NOW + 10, **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.kid, **(header or {})})


@pytest.fixture(scope="module", params=ALGORITHMS)
def signer(request):
    return Signer(request.param)


@pytest.fixture
def judge(signer, build_dir, tmp_path):
    """auth-core's verdicts on tokens, one word or "ok" each."""
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [signer.jwk()]}))

    def judge(*tokens, kind="access", audience="api"):
        done = subprocess.run([build_dir / "tests" / "interop" / "validate_token", kind, ISSUER, audience, keys, str(NOW)],
                              input="".join(token + "\n" for token in tokens), capture_output=True, text=True, timeout=60,
                              check=True)
        return [line.split()[0] for line in done.stdout.splitlines()]

    return judge


def test_auth_core_accepts_their_access_tokens(signer, judge):
    assert judge(signer.sign(), signer.sign(aud=["other", "api"])) == ["ok", "ok"]


def test_auth_core_accepts_their_id_tokens(signer, judge):
    assert judge(signer.sign(aud="app"), kind="id", audience="app") == ["ok"]


def test_auth_core_accepts_a_hundred_signatures(signer, judge):
    """Among so many, ES256 halves and RSA signatures with leading zeros occur."""
    tokens = [signer.sign(jti=str(number)) for number in range(300 if signer.algorithm == "ES256" else 100)]
    assert set(judge(*tokens)) == {"ok"}


def corrupted(token):
    head, _, signature = token.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[-1] ^= 1
    return head + "." + base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


def test_auth_core_refuses_each_flaw_for_its_own_reason(signer, judge):
    unsigned = jwt.encode({"iss": ISSUER, "aud": "api", "exp": NOW + 10}, None, algorithm="none", headers={"kid": signer.kid})
    shared = jwt.encode({"iss": ISSUER, "aud": "api", "exp": NOW + 10}, "k" * 32, algorithm="HS256", headers={"kid": signer.kid})
    cases = {
        "bad_signature": corrupted(signer.sign()),
        "algorithm_not_allowed": unsigned,
        "algorithm_not_allowed ": shared,
        "unknown_key": signer.sign(header={"kid": "nobody"}),
        "bad_issuer": signer.sign(iss="https://elsewhere.test"),
        "bad_audience": signer.sign(aud="somebody-else"),
        "token_expired": signer.sign(exp=NOW),
        "token_not_yet_valid": signer.sign(nbf=NOW + 60),
        "malformed_token": "not.a-token",
    }
    assert judge(*cases.values()) == [name.strip() for name in cases]


def test_auth_core_refuses_another_keys_signature(signer, judge):
    impostor = Signer(signer.algorithm)
    assert judge(impostor.sign()) == ["bad_signature"]
