"""An issuer on https, and its users' browser."""

import pytest
import requests

import browser

PLAIN = "a-secret-without-special-characters"
# authlib, oauthlib and globus-sdk put a secret into the Authorization header as it is. Only for one that the form
# encoding leaves alone is that what RFC 6749 section 2.3.1 says, and the issuer insists on it.
CLIENTS = [
    {"id": "app", "auth": "none", "redirect_uris": ["http://127.0.0.1/callback", "http://localhost/callback"]},
    {"id": "service", "auth": "client_secret_basic", "secret": PLAIN,
     "grants": ["authorization_code", "refresh_token", "client_credentials", "password"],
     "redirect_uris": ["http://127.0.0.1/callback"]},
    {"id": "service-post", "auth": "client_secret_post", "secret": "s3cr3t:/%é+", "grants": ["client_credentials"]},
]


@pytest.fixture
def tls_server(serve):
    return serve("--tls", "auto")


@pytest.fixture
def ca_file(tls_server, tmp_path, monkeypatch):
    """The server's authority, which every library of this process trusts from now on."""
    file = tmp_path / "ca.pem"
    file.write_bytes(requests.get(tls_server.ready["ca_pem_url"], timeout=10).content)
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(file))
    return str(file)


@pytest.fixture
def make_issuer(tls_server, ca_file):
    """Creates issuers on the machine's clock, which is the libraries' too: make_issuer(lifetimes={"access": 60})."""

    def make(**config):
        return tls_server.create_issuer(config={"clients": CLIENTS, "lifetimes": {"access": 3600}, **config})

    return make


@pytest.fixture
def issuer(make_issuer):
    return make_issuer()


@pytest.fixture
def follow():
    """The user's browser: opens an authorization URL and says where it is sent in the end."""
    return browser.redirect_of
