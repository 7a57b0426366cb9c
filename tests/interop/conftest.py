"""An issuer on https, and its users' browser."""

import pytest
import requests

import adjudication
import browser
import real_clients
from clients import CLIENTS


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


@pytest.fixture
def judge(assay, build_dir, tmp_path):
    """Puts a real client to the test; what differs from its findings. judge.counts: what was said."""

    def compare(name, *options):
        seen = real_clients.put_to_the_test(assay, build_dir, name, tmp_path / "results.jsonl", *options)
        compare.counts = adjudication.counts(seen)
        return adjudication.differences(seen, real_clients.findings_of(name, options), partial="--real" in options)

    return compare
