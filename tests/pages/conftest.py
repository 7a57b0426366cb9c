"""A real browser (Debian's chromium), and a client's redirect URI for it to come back to."""

import http.server
import re
import secrets
import shutil
import threading
import urllib.parse

import pytest
import requests
from playwright.sync_api import sync_playwright

CALLBACK_PAGE = b"<!doctype html><html lang=en><title>client</title><h1>Back at the client</h1>"


class Callback(http.server.BaseHTTPRequestHandler):
    """Keeps what the browser brings back: (method, parameters)."""

    def do_GET(self):
        self.answer(urllib.parse.urlsplit(self.path).query)

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def answer(self, parameters):
        if self.path.startswith("/callback"):
            self.server.came.append((self.command, dict(urllib.parse.parse_qsl(parameters))))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(CALLBACK_PAGE)

    def log_message(self, *_):
        pass


class Client:
    """The public client "app": makes authorization URLs, redeems codes."""

    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    def __init__(self, listener):
        self.came = listener.came
        self.redirect_uri = f"http://127.0.0.1:{listener.server_port}/callback"

    def authorization_url(self, issuer, **parameters):
        self.state = secrets.token_urlsafe(8)
        query = {"response_type": "code", "client_id": "app", "redirect_uri": self.redirect_uri, "scope": "openid api",
                 "state": self.state, "code_challenge": self.challenge, "code_challenge_method": "S256", **parameters}
        return issuer.url + "/authorize?" + urllib.parse.urlencode(query)

    def redeem(self, issuer, code):
        form = {"grant_type": "authorization_code", "client_id": "app", "code": code, "code_verifier": self.verifier,
                "redirect_uri": self.redirect_uri}
        reply = requests.post(issuer.url + "/token", data=form, timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()


@pytest.fixture
def client():
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    listener.came = []
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield Client(listener)
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        # As root, as in containers, there is no sandbox; what is visited is our own.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(request, chromium, build_dir):
    """A fresh profile. What it shows at the end is kept as a picture; whatever it complained of fails the test."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints, visited = [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("request", lambda sent: visited.append(sent.url))
    yield page
    folder = build_dir / "results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / (re.sub(r"\W+", "_", request.node.name) + ".png"), full_page=True)
    context.close()
    assert complaints == []
    outside = [url for url in visited if urllib.parse.urlsplit(url).hostname != "127.0.0.1"]
    assert outside == [], "pages need nothing from elsewhere"


def is_complaint(message):
    # Chromium also reports each reply that is an error by its status, and that nobody has a favicon.
    return message.type == "error" and not message.text.startswith("Failed to load resource")
