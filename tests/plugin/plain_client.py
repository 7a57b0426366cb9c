"""A client of few lines, so that the tests of the plugin have something to watch."""

import base64
import json

import requests

TIMEOUT_S = 30


def endpoint(issuer, name):
    return requests.get(issuer.discovery_url, timeout=TIMEOUT_S).json()[name]


def post(issuer, name, **form):
    """A form to an endpoint by its metadata name, as the client service-post."""
    secret = issuer.clients["service-post"]["secret"]
    form = {"client_id": "service-post", "client_secret": secret, **form}
    return requests.post(endpoint(issuer, name), data=form, timeout=TIMEOUT_S)


def get_token(issuer):
    return post(issuer, "token_endpoint", grant_type="client_credentials")


def is_active(issuer, token):
    return post(issuer, "introspection_endpoint", token=token).json()["active"]


def refresh(issuer, refresh_token):
    """As the public client app."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "app"}
    return requests.post(endpoint(issuer, "token_endpoint"), data=form, timeout=TIMEOUT_S)


def part_of(jwt, index):
    """The header (0) or the claims (1) of a JWT, unverified."""
    part = jwt.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
