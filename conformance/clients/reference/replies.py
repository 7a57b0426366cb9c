"""What a reply means: an error to raise, JSON, a token response."""
import json
import math
import re

from kit import ClientError

from . import faults

KNOWN_MEMBERS = {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}
OAUTH_ERRORS = {"invalid_grant": "reauth_required", "access_denied": "denied", "expired_token": "expired",
                "server_error": "server_error", "temporarily_unavailable": "server_error"}
FIT_FOR_A_HEADER = re.compile(r"[\x21-\x7e]+")


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def type(self):
        return (self.headers.get_content_type() or "").lower()

    def json(self):
        """The body as a JSON object, or None."""
        if self.type() != "application/json" and not self.type().endswith("+json"):
            return None
        try:
            value = read_json(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


def read_json(data):
    """JSON in UTF-8 and nothing else; Python's own extensions are no numbers."""
    def no_constant(name):
        raise ValueError(f"{name} is not JSON")

    return json.loads(data.decode("utf-8"), parse_constant=no_constant)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def oauth_error(reply):
    """What an unsuccessful reply means, as an error to raise."""
    body = reply.json() or {}
    code = body.get("error")
    if isinstance(code, str):  # whatever the status: some issuers answer errors with 200
        return ClientError(OAUTH_ERRORS.get(code, "other"), "the issuer refused the request", oauth_error=code,
                           http_status=reply.status)
    if reply.status == 429:
        return ClientError("rate_limited", "too many requests", http_status=reply.status)
    if reply.status >= 500:
        return ClientError("server_error", "the issuer failed", http_status=reply.status)
    if reply.status in (401, 403):
        return ClientError("other", "the request was refused", http_status=reply.status)
    return ClientError("protocol", "not the reply it should be", http_status=reply.status)


def is_success(reply):
    """A 200 that brings no OAuth error in its body."""
    return reply.status == 200 and not isinstance((reply.json() or {}).get("error"), str)


def expect_json(reply, *members):
    """The JSON object of a 200 that has these members as non-empty strings."""
    body = reply.json()
    if not is_success(reply) or body is None:
        raise oauth_error(reply)
    for member in members:
        if not isinstance(body.get(member), str) or not body[member]:
            raise ClientError("protocol", f"the reply has no {member}", http_status=reply.status)
    return body


def token_reply(reply):
    """The token response in a reply (RFC 6749, section 5.1). A member without a value is one that was left out."""
    if faults.on("any_json") and reply.status == 200:
        return reply.json() or {}
    if faults.on("page_is_a_token") and reply.status == 200 and reply.json() is None:
        return {"access_token": "".join(reply.body.decode(errors="replace").split()), "token_type": "Bearer"}
    body = expect_json(reply, "access_token")
    token_type = str(body.get("token_type", ""))
    is_bearer = token_type.lower() == "bearer" or faults.on("any_token_type")
    if not is_bearer or (faults.on("token_type_case") and token_type != "Bearer"):
        raise ClientError("protocol", "the token is not a bearer token", http_status=reply.status)
    if not FIT_FOR_A_HEADER.fullmatch(body["access_token"]) and not faults.on("any_characters"):
        raise ClientError("protocol", "the access token does not fit into a header", http_status=reply.status)
    if faults.on("refuse_unknown_members") and set(body) - KNOWN_MEMBERS:
        raise ClientError("protocol", "the reply has members that nobody knows", http_status=reply.status)
    for member in ("refresh_token", "id_token", "scope"):
        has_value = isinstance(body.get(member), str) and body[member]
        if member in body and not has_value and not faults.on("keep_empty_members"):
            del body[member]
    return body


def as_seconds(value):
    """A number of seconds, also as a numeric string; None for anything else. What is less than nothing is nothing."""
    if isinstance(value, str) and faults.on("crash_on_text_lifetime"):
        return value + 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and not faults.on("lifetime_number_only"):
        value = int(value[:12])
    if faults.on("zero_is_no_lifetime") and not value:
        return None
    return min(max(value, 0), 10 ** 10) if is_number(value) else None
