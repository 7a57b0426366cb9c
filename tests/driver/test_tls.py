"""https: trusted with the certificate that the control API hands out, and only with it."""

import json

import pytest
import requests


@pytest.fixture
def tls_server(serve):
    return serve("--tls", "auto")


@pytest.fixture
def ca_file(tls_server, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_bytes(requests.get(tls_server.ready["ca_pem_url"], timeout=10).content)
    return file


def test_the_downloaded_certificate_makes_it_trusted(tls_server, ca_file):
    discovery = requests.get(tls_server.ready["discovery"], verify=str(ca_file), timeout=10).json()
    assert discovery["issuer"] == tls_server.ready["issuer"]
    assert discovery["token_endpoint"].startswith("https://127.0.0.1:")


def test_without_it_nobody_trusts_the_server(tls_server):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(tls_server.ready["discovery"], timeout=10)


def test_certificates_of_two_servers_differ(tls_server, ca_file, serve):
    other = serve("--tls", "auto")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(other.ready["discovery"], verify=str(ca_file), timeout=10)


def test_healthcheck_trusts_what_it_is_told_to(tls_server, ca_file, cli):
    issuer = tls_server.ready["issuer"]
    assert cli("healthcheck", issuer, "--ca-file", ca_file).returncode == 0
    assert cli("healthcheck", tls_server.ready["control"]).returncode == 0
    untrusted = cli("healthcheck", issuer)
    assert untrusted.returncode == 1
    assert untrusted.stderr


def test_healthcheck_of_nobody_is_unhealthy(serve, cli):
    server = serve()
    server.stop()
    assert cli("healthcheck", server.ready["issuer"]).returncode == 1


def test_healthcheck_of_no_issuer_is_unhealthy(server, cli):
    ended = cli("healthcheck", server.ready["issuer"] + "-not")
    assert ended.returncode == 1
    assert "404" in ended.stderr


def test_healthcheck_of_no_url_is_wrong_usage(cli):
    assert cli("healthcheck", "not a url").returncode == 2


def test_a_certificate_from_files_is_served(serve, tmp_path, tls_server, ca_file):
    from cryptography_pair import write_pair  # made by an independent library

    certificate, key = write_pair(tmp_path)
    server = serve("--cert", certificate, "--key", key)
    assert requests.get(server.ready["discovery"], verify=str(certificate), timeout=10).ok
    assert json.dumps(server.ready).count("ca_pem_url") == 0
