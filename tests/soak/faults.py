"""What goes wrong on purpose in test_mixed.py, and how it looks from outside."""

import http.client


class Fault:
    """The verbs of a step, and what the client must see of them: a reply or the error in its place."""

    def __init__(self, do, seen):
        self.do = do
        self.seen = seen


def status(code):
    return lambda reply: getattr(reply, "status", None) == code


def error(code):
    return lambda reply: getattr(reply, "status", None) == 400 and reply.json()["error"] == code


def broken(reply):
    return isinstance(reply, (OSError, http.client.HTTPException))


def body(holds):
    return lambda reply: getattr(reply, "status", None) == 200 and holds(reply)


FAULTS = [
    Fault({"status": 503, "retry_after": 1}, status(503)),
    Fault({"status": 429, "retry_after": "date:+30"}, status(429)),
    Fault({"error": "invalid_scope"}, error("invalid_scope")),
    Fault({"drop": True}, broken),
    Fault({"body": "<html>", "content_type": "text/html"}, body(lambda reply: reply.body == b"<html>")),
    Fault({"omit": ["expires_in"]}, body(lambda reply: "expires_in" not in reply.json())),
    Fault({"patch": {"expires_in": "3600"}}, body(lambda reply: reply.json()["expires_in"] == "3600")),
    Fault({"sign": "none"}, body(lambda reply: reply.json()["access_token"].endswith("."))),
    Fault({"sign": "unpublished"}, body(lambda reply: reply.json()["access_token"].count(".") == 2)),
    Fault({"claims": {"access": {"aud": ["x", "y"]}}}, body(lambda reply: "access_token" in reply.json())),
    Fault({"headers": {"X-Fault": "yes"}}, body(lambda reply: reply.headers["X-Fault"] == "yes")),
    Fault({"reset": "before"}, broken),
    Fault({"reset": "after_headers"}, broken),
    Fault({"reset": "mid_body"}, broken),
    Fault({"empty": True}, broken),
    Fault({"truncate": True}, broken),
    Fault({"bad_chunk": True}, broken),
    Fault({"trickle": {"bytes": 50, "every": 0}}, body(lambda reply: "access_token" in reply.json())),
]


HEAD = b"POST /NAME/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
JUNK = [
    b"\x16\x03\x01\x00\x05hello\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /NAME/jwks HTTP/1.1\r\n\r\n",  # no Host
    b"GET /NAME/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"BREW /NAME/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    HEAD + b"Connection: close\r\nContent-Length: 12\r\n\r\ngrant_type=%",
    HEAD + b"Connection: close\r\nContent-Length: 9\r\n\r\na=\x00&a=\xff%ff",
    HEAD + b"Content-Length: -1\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    HEAD + b"Content-Length: 99999999999\r\n\r\n",
    HEAD + b"Connection: close\r\nContent-Length: 1048576\r\n\r\n" + b"a" * 1048576,
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /NAME/jwks HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
]
