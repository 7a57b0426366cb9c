"""What a browser does for a library that opens one: follows the redirect. As a program: browser.py URL."""

import sys

import requests


def redirect_of(url):
    """Where the authorization endpoint sends the browser."""
    reply = requests.get(url, allow_redirects=False, timeout=30)
    assert reply.status_code in (302, 303), reply.text
    return reply.headers["Location"]


if __name__ == "__main__":
    requests.get(redirect_of(sys.argv[1]), timeout=30).raise_for_status()
