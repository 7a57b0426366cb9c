"""A client that does nothing: it says yes to everything, or no. It claims to be able to do all there is."""

import sys

from kit import ClientError, Kit

OPERATIONS = ("login", "authorization_url", "callback", "device_initiate", "device_complete", "get_access_token",
              "refresh", "ensure_ready", "request", "userinfo", "revoke", "logout", "validate", "introspect")


def refuse(_):
    raise ClientError("other")


answer = refuse if sys.argv[1] == "no" else lambda _: {}
Kit().serve({"configure": lambda _: {}, "storage_seed": lambda _: {}, **dict.fromkeys(OPERATIONS, answer)},
            name="idle", version="1", time="virtual", flows=["code", "device", "client_credentials", "password"],
            auth_methods=["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
            books=["planet_auth", "auth_core"], capabilities=["storage", "typed_errors", "rfc9207", "openid"],
            policy={"refresh": {"ratio": 0.75}, "retries": "in_call", "keys": {"max_age": 3600, "cooldown": 300}})
