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
