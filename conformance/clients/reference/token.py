"""A held token: a token response with `_iat` and `_exp`, when it was issued and when it ends (planet_auth's format)."""
import math

from . import faults, jose
from .replies import as_seconds, is_number

TOKENS = ("access_token", "refresh_token", "id_token")
TIMES = ("_iat", "_exp")


def is_one(stored):
    """Whether a stored object holds a session."""
    looked_at = ("access_token",) if faults.on("ignore_lone_refresh_token") else TOKENS
    return stored is not None and any(stored.get(name) for name in looked_at)


def merged(old, reply):
    """What is held after a reply: its members, and the old ones that it does not replace."""
    kept = {name: value for name, value in (old or {}).items() if name not in (*TIMES, "expires_in")}
    if faults.on("drop_old_refresh_token"):
        kept.pop("refresh_token", None)
    if faults.on("any_json") and "access_token" not in reply:
        kept = {}
    token = {**kept, **{name: value for name, value in reply.items() if value is not None}}
    if faults.on("drop_rotation") and kept.get("refresh_token"):
        token["refresh_token"] = kept["refresh_token"]
    return token


def with_times(token, now, reads_access_token):
    """The token with its times: those of an access token that is a JWT, if that is looked into; else stored ones; else
    counted from now."""
    claims = jose.unverified(token.get("access_token")) if reads_access_token else {}
    issued, expires = (claims[name] if is_number(claims.get(name)) else None for name in ("iat", "exp"))
    rest = {name: value for name, value in token.items() if name not in TIMES}
    stored = rest if faults.on("expiry_from_load") else token
    issued = first(issued, as_seconds(stored.get("_iat")), math.floor(now))
    lifetime = as_seconds(token.get("expires_in"))
    expires = first(expires, as_seconds(stored.get("_exp")), None if lifetime is None else issued + lifetime)
    return {**rest, "_iat": issued} if expires is None else {**rest, "_iat": issued, "_exp": expires}


def view(token):
    """What the application gets to see."""
    seen = {name: token[name] for name in ("access_token", "token_type", "scope") if name in token}
    return {**seen, "expires_at": token["_exp"]} if "_exp" in token else seen


def first(*values):
    return next((value for value in values if value is not None), None)
