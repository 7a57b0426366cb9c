"""The loopback listener of a login (RFC 8252, section 7.3)."""
import http.server
import socket
import threading
import urllib.parse

from kit import ClientError

from . import faults

PAGE = b"<!DOCTYPE html><html lang=en><title>Login</title><p>You may close this window.</p></html>"
LONGEST_FORM = 65536  # bytes
LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


class SixServer(Server):
    address_family = socket.AF_INET6


class Listener:
    """Waits for the one redirect that carries our state; whatever else comes by is sent away."""

    def __init__(self, redirect_uri):
        self.answer, self.foreign_state, self._state = None, False, None
        wanted = urllib.parse.urlsplit(redirect_uri)
        if wanted.scheme != "http" or wanted.hostname not in LOOPBACK:
            raise ClientError("config", "the redirect URI is not one that we can listen on")
        self._path = wanted.path or "/"
        host = LOOPBACK[wanted.hostname]
        try:
            server = SixServer if ":" in host else Server
            self._server = server((host, wanted.port if wanted.port is not None else 80), self._handler())
        except OSError as error:
            raise ClientError("config", f"the port of the redirect URI cannot be had: {type(error).__name__}") from None
        name = f"[{wanted.hostname}]" if ":" in wanted.hostname else wanted.hostname
        kept = "" if faults.on("lose_redirect_query") else wanted.query
        self.redirect_uri = urllib.parse.urlunsplit(
            (wanted.scheme, f"{name}:{self._server.server_port}", wanted.path, kept, ""))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def expect(self, state):
        self._state = state

    def _handler(self):
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(listener.takes(self.path, urllib.parse.urlsplit(self.path).query))

            def do_POST(self):
                """A redirect that we asked to have posted (OAuth 2.0 Form Post Response Mode)."""
                length = min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)
                form = self.rfile.read(length).decode(errors="replace")
                in_url = faults.on("read_query_only")
                self.answer(listener.takes(self.path, urllib.parse.urlsplit(self.path).query if in_url else form))

            def answer(self, taken):
                self.send_response(200 if taken else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Content-Length", str(len(PAGE) if taken else 0))
                self.end_headers()
                self.wfile.write(PAGE if taken else b"")

            def log_message(self, *args):
                pass  # the default writes the code to stderr

        return Handler

    def takes(self, path, parameters):
        """Whether this request is the redirect, whose parameters are then the answer."""
        target = urllib.parse.urlsplit(path)
        pairs = urllib.parse.parse_qsl(parameters)
        states = [value for name, value in pairs if name == "state"]
        ours = target.path == self._path and states
        foreign = ours and self._state not in states and not faults.on("no_state_check")
        self.foreign_state = self.foreign_state or bool(foreign)
        taken = bool(ours and not foreign) or faults.on("hang_up_on_stray")
        if taken and self.answer is None:
            self.answer = pairs
        return taken

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
