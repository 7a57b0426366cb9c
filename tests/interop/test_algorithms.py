"""Every algorithm we sign with, judged by two libraries that are not ours: PyJWT and joserfc."""

import base64
import hashlib
import json

import jwt
import pytest
from cryptography import x509
from joserfc import jwe
from joserfc import jwt as jose
from joserfc.jwk import KeySet, OctKey, RSAKey

# RFC 9864 has another name for it; what clients and providers write is still this one.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SECRET = "s3cr3t:/é+ and a few more bytes, so that sixty-four are there for HS512"
APP = {"id": "app", "redirect_uris": ["http://127.0.0.1/callback"]}


def jwks(issuer):
    return issuer.get(issuer.discovery()["jwks_uri"]).json()


def by_joserfc(token, keys, algorithm):
    return jose.decode(token, KeySet.import_key_set(keys), algorithms=[algorithm]).claims


def by_pyjwt(token, keys, algorithm, audience):
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=[algorithm], audience=audience)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_both_accept_our_tokens(server, algorithm):
    issuer = server.create_issuer(config={"signing_alg": algorithm})
    tokens = issuer.control("POST", "/sessions", {})
    keys = jwks(issuer)
    for kind, audience in [("access_token", "https://api.test"), ("id_token", "app")]:
        assert jwt.get_unverified_header(tokens[kind])["alg"] == algorithm
        assert by_joserfc(tokens[kind], keys, algorithm)["sub"] == "user-1"
        assert by_pyjwt(tokens[kind], keys, algorithm, audience)["iss"] == issuer.url


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_both_accept_id_tokens_by_a_clients_own_algorithm(server, algorithm):
    issuer = server.create_issuer(config={"signing_alg": "ES256", "clients": [{**APP, "id_token_alg": algorithm}]})
    keys = jwks(issuer)  # from before the first token
    token = issuer.control("POST", "/sessions", {})["id_token"]
    assert by_joserfc(token, keys, algorithm) == by_pyjwt(token, keys, algorithm, "app")


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_both_accept_id_tokens_keyed_with_the_secret(server, algorithm):
    client = {**APP, "auth": "client_secret_post", "secret": SECRET, "id_token_alg": algorithm}
    token = server.create_issuer(config={"clients": [client]}).control("POST", "/sessions", {})["id_token"]
    claims = jwt.decode(token, SECRET.encode(), algorithms=[algorithm], audience="app")
    assert jose.decode(token, OctKey.import_key(SECRET), algorithms=[algorithm]).claims == claims


@pytest.mark.parametrize("algorithm", ["RS256", "ES384", "EdDSA"])
def test_both_accept_signed_userinfo(server, algorithm):
    issuer = server.create_issuer(config={"clients": [{**APP, "userinfo_alg": algorithm}]})
    token = issuer.control("POST", "/sessions", {"scopes": ["openid", "email"]})["access_token"]
    reply = issuer.get(issuer.discovery()["userinfo_endpoint"], headers={"Authorization": "Bearer " + token})
    assert reply.headers["Content-Type"] == "application/jwt"
    assert by_pyjwt(reply.text, jwks(issuer), algorithm, "app")["email"] == "user-1@example.test"
    assert by_joserfc(reply.text, jwks(issuer), algorithm)["sub"] == "user-1"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_cryptography_reads_our_certificates(server, algorithm):
    issuer = server.create_issuer(config={"signing_alg": algorithm, "keys": {"x5c": True}})
    for key in jwks(issuer)["keys"]:
        der = base64.b64decode(key["x5c"][0], validate=True)
        certificate = x509.load_der_x509_certificate(der)
        assert key["x5t#S256"] == base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
        ours = jwt.PyJWK(json.loads(json.dumps(key))).key
        assert certificate.public_key() == ours
        certificate.verify_directly_issued_by(certificate)


@pytest.mark.parametrize("alg, enc", [("RSA-OAEP", "A128GCM"), ("RSA-OAEP-256", "A192GCM"), ("RSA-OAEP-256", "A256GCM")])
def test_joserfc_opens_id_tokens_that_are_encrypted_for_it(server, alg, enc):
    key = RSAKey.generate_key(2048, {"use": "enc", "kid": "reader"})
    client = {**APP, "jwks": {"keys": [key.as_dict(private=False)]}, "id_token_encryption": {"alg": alg, "enc": enc}}
    issuer = server.create_issuer(config={"clients": [client]})
    opened = jwe.decrypt_compact(issuer.control("POST", "/sessions", {})["id_token"], key, algorithms=[alg, enc])
    assert opened.headers()["cty"] == "JWT"
    assert by_joserfc(opened.plaintext.decode(), jwks(issuer), "RS256")["aud"] == "app"


def test_rotation_with_pre_publication_never_leaves_a_verifier_without_the_key(server):
    issuer = server.create_issuer()
    issuer.control("POST", "/keys/rotate", {"publish": "before"})
    keys = jwks(issuer)
    old = issuer.control("POST", "/sessions", {})["access_token"]
    issuer.control("POST", "/keys/rotate", {})
    new = issuer.control("POST", "/sessions", {})["access_token"]
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    for token in (old, new):  # by the set that was fetched before the rotation
        assert by_joserfc(token, keys, "RS256")["sub"] == "user-1"
