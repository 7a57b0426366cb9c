"""What a client may choose. Every variant is legal: none of them breaks a rule of a specification.

`reference.py --variant NAME` takes one; hello declares it.
"""
import dataclasses

LONGEST_WAIT = 60  # a longer Retry-After is told to the caller, not slept
START_LEEWAY = 10  # seconds by which a token may be issued in our future: the issuer's clock is ahead
KEYS_MAX_AGE = 3600  # after which we look whether a key was withdrawn
KEYS_COOLDOWN = 300  # between two fetches of keys

OPERATIONS = ("login", "authorization_url", "callback", "device_initiate", "device_complete", "get_access_token",
              "refresh", "ensure_ready", "request", "userinfo", "validate", "introspect", "revoke", "logout", "storage_seed")
OPENID_ONLY = ("userinfo", "validate", "logout")


@dataclasses.dataclass(frozen=True)
class Policy:
    # {"ratio": of the lifetime}, {"before": seconds}, {"on": "401"} or {"on": "request"}
    refresh: dict = dataclasses.field(default_factory=lambda: {"ratio": 0.75})
    retries: str = "in_call"  # or "caller": every failure is told at once
    redirect: str = "listener"  # or "callback": the user pastes the address
    time: str = "virtual"
    stores: bool = True
    openid: bool = True
    checks_iss: bool = True  # RFC 9207
    reads_access_tokens: bool = False  # planet_auth's format: the times of an access token that is a JWT
    auth_methods: tuple = ("none", "client_secret_basic", "client_secret_post", "private_key_jwt")
    flows: tuple = ("code", "device", "client_credentials", "password")
    operations: tuple = OPERATIONS
    books: tuple = ()

    def is_due(self, issued, expires, now):
        """Whether a token is to be renewed ahead of need. The seconds are whole: clients that share a store agree."""
        if "ratio" in self.refresh:
            return int(now) > int(issued + self.refresh["ratio"] * (expires - issued))
        if "before" in self.refresh:  # half of a lifetime that is shorter than that: no renewal at every call
            return now >= expires - min(self.refresh["before"], (expires - issued) / 2)
        return False

    def renews_by_clock(self):
        return "on" not in self.refresh

    def ops(self):
        left_out = {*(() if self.openid else OPENID_ONLY), *(("login",) if self.redirect == "callback" else ())}
        return [name for name in self.operations if name not in left_out]

    def hello(self):
        """The members of hello that tell about it."""
        offered = {"storage": self.stores, "rfc9207": self.checks_iss, "typed_errors": True, "form_post": True,
                   "private_key_jwt": "private_key_jwt" in self.auth_methods}
        return {"flows": self.flows, "time": self.time, "books": list(self.books),
                "auth_methods": list(self.auth_methods), "capabilities": [name for name, has in offered.items() if has],
                "policy": {"refresh": self.refresh, "retries": self.retries, "redirect": self.redirect,
                           "max_wait": LONGEST_WAIT, "leeway": START_LEEWAY,
                           "keys": {"max_age": KEYS_MAX_AGE, "cooldown": KEYS_COOLDOWN}}}


DEFAULT = Policy(reads_access_tokens=True, books=("planet_auth", "auth_core"))

VARIANTS = {
    "margin_60": ("renews 60 s before expiry", Policy(refresh={"before": 60})),
    "on_401": ("renews when the API says 401, and only then", Policy(refresh={"on": "401"})),
    "on_request": ("renews when it is asked to, and only then", Policy(refresh={"on": "request"})),
    "no_retries": ("tells its caller of every failure at once", Policy(retries="caller")),
    "no_store": ("keeps its tokens in memory", Policy(stores=False)),
    "post_secret": ("sends its secret in the body", Policy(auth_methods=("client_secret_post",))),
    "no_rfc9207": ("does not know the iss of a redirect", Policy(checks_iss=False)),
    "real_clock": ("lives on the system's clock", Policy(time="real")),
    "client_credentials_only": ("is a service", Policy(
        flows=("client_credentials",), auth_methods=("client_secret_basic", "client_secret_post"),
        operations=("get_access_token", "request"))),
    "no_id_token": ("is a plain OAuth client", Policy(openid=False)),
    "pasted": ("has no listener", Policy(redirect="callback")),
}
