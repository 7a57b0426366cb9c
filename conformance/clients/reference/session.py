"""The session of one user or service: when to use, refresh, keep or give up its tokens."""
import math

from kit import ClientError

from . import faults, jose
from .flows import Flows
from .store import Store
from .wire import Wire

LIFETIME_RATIO = 0.75  # a token is renewed after this part of its lifetime
LONGEST_BACKOFF = 60


class Session:
    def __init__(self, kit, config):
        self.kit, self.config = kit, config
        self.wire = Wire(kit)
        self.flows = Flows(kit, self.wire, config)
        self.store = Store(kit, config["storage_dir"])
        self.unattended = config["flow"] == "client_credentials"
        self.token, self.loaded, self.unsaved = None, False, False
        self.local_times = {}  # access token -> (issued, expires) by our own clock, for those we received
        self.dead = None  # a refresh token that the issuer refused
        self.failures, self.retry_at = 0, 0
        self.throttled = None  # the error that told us, by Retry-After, to ask nothing before retry_at
        self.device = None

    # Operations

    def login(self, args):
        if self.unattended:
            return self._adopt(None, self.flows.client_credentials())
        if args.get("interactive") is False and not faults.on("prompt_unasked"):
            raise ClientError("interaction_required", "a browser is needed and was not permitted")
        if self.config["flow"] == "device":
            self.device = self.flows.device_initiate()
            return self.device_complete(args)
        return self._adopt(None, self.flows.authorization_code())

    def device_initiate(self, args):
        self.device = self.flows.device_initiate()
        return {name: value for name, value in self.device.items() if name not in ("device_code", "_deadline")}

    def device_complete(self, args):
        if self.device is None:
            raise ClientError("config", "no device login was begun")
        device, self.device = self.device, None
        return self._adopt(None, self.flows.device_complete(device))

    def get_access_token(self, args):
        self._load_once()
        if self.unsaved:
            self._save()
        if not self._is_fresh():
            self._renew()
        return self._view()

    def refresh(self, args):
        self._load_once()
        with self.store.lock():
            self._reload()
            self._refresh()
        return self._view()

    def request(self, args):
        token = self.get_access_token({})["access_token"]
        url = self.config["issuer"].rstrip("/") + args["path"] if "path" in args else self.flows.discovery.metadata(
            "userinfo_endpoint")
        if faults.on("token_in_query"):
            return {"status": self.wire.get(f"{url}?access_token={token}").status}
        return {"status": self.wire.get(url, {"Authorization": f"Bearer {token}"}).status}

    def ensure_ready(self, args):
        try:
            self._load_once()
        except ClientError as error:
            self.kit.log(str(error))  # as good as no session
        if faults.on("refresh_at_start"):
            return self.refresh({})
        if self.unattended or (self.token and not self._is_expired()):
            return {}
        if self.token and self.token.get("refresh_token"):
            try:
                return self.refresh({})
            except ClientError:
                if faults.on("no_login_after_refused_refresh"):
                    raise
                self.kit.log("the session cannot be refreshed; a login is needed")
        return self.login({"interactive": False, **args})

    def validate(self, args):
        issuer = args.get("issuer") or self.config["issuer"]
        audience = args.get("audience") or self.config.get("audience") or self.config["client_id"]
        id_token = args.get("kind") == "id"
        if id_token:
            audience = self.config["client_id"]
        if not args.get("token"):
            raise ClientError("config", "no token to validate")
        claims = jose.validate(args["token"], self.flows.keys, self.kit.now, issuer, audience, args.get("nonce"))
        if id_token:
            jose.check_id_token(claims, self.config["client_id"])
        return claims

    def storage_seed(self, args):
        self.store.save(args["credential"])
        return {}

    # When a token is good enough

    def _times(self):
        return self.local_times.get(self.token.get("access_token")) or (self.token.get("_iat"), self.token.get("_exp"))

    def _is_fresh(self):
        if faults.on("refresh_every_call") or not self.token or not self.token.get("access_token"):
            return False
        issued, expires = self._times()
        if expires is None or faults.on("use_expired_token"):
            return True
        ratio = 1 if faults.on("refresh_too_late") else LIFETIME_RATIO
        return math.floor(self.kit.now()) <= math.floor(issued + ratio * (expires - issued))

    def _is_expired(self):
        expires = self._times()[1] if self.token else None
        return expires is not None and self.kit.now() >= expires

    def _is_usable(self):
        return bool(self.token and self.token.get("access_token")) and not self._is_expired()

    # Renewing

    def _renew(self):
        if self.kit.now() < self.retry_at and not faults.on("no_backoff"):
            if self._is_usable():
                return
            if self.throttled:
                raise self.throttled
        if faults.on("no_lock_reload"):
            return self._renew_locked()
        with self.store.lock():
            self._reload()
            if not self._is_fresh():  # somebody else may have renewed it
                self._renew_locked()

    def _renew_locked(self):
        try:
            if self.unattended and not self._live_refresh_token():
                self._adopt(None, self.flows.client_credentials())
            else:
                self._refresh()
        except ClientError as error:
            self._note_failure(error)
            if self.unattended and error.fields["kind"] == "reauth_required":
                self._adopt(None, self.flows.client_credentials())
            elif not self._is_usable() or faults.on("fail_while_valid"):
                raise

    def _refresh(self):
        if self.token is None:
            raise ClientError("no_credentials", "nobody is logged in")
        refresh_token = self._live_refresh_token()
        if not refresh_token and not faults.on("empty_refresh"):
            raise ClientError("reauth_required", "a login is needed")
        try:
            reply = self.flows.refresh(refresh_token or "")
        except ClientError as error:
            if error.fields.get("oauth_error") == "invalid_grant":
                self.dead = refresh_token
            raise
        self._adopt(self.token, reply)

    def _live_refresh_token(self):
        token = self.token.get("refresh_token") if self.token else None
        return token if token != self.dead or faults.on("retry_dead_refresh_token") else None

    def _note_failure(self, error):
        self.kit.log(f"the token cannot be renewed: {error.fields['kind']}")
        if faults.on("wipe_on_failure"):
            self.store.remove()
        asked = 0 if faults.on("forget_retry_after") else getattr(error, "retry_after", 0)
        self.throttled = error if asked else None
        self.retry_at = self.kit.now() + max(min(2 ** self.failures, LONGEST_BACKOFF), asked)
        self.failures += 1

    # What is held, and what is stored

    def _load_once(self):
        if not self.loaded:
            self._hold(self.store.load())
            self.loaded = True

    def _reload(self):
        if self.unsaved:
            return  # memory is ahead of the disk
        if not self.store.exists():
            if not faults.on("resurrect_session"):
                self.token = None  # somebody removed it: that is a logout
            return
        try:
            stored = self.store.load()
        except ClientError as error:
            self.kit.log(str(error))  # memory is as good as it gets
            return
        if stored is not None:
            self._hold(stored)

    def _hold(self, stored):
        tokens = ("access_token",) if faults.on("ignore_lone_refresh_token") else (
            "access_token", "refresh_token", "id_token")
        if stored is not None and not any(stored.get(name) for name in tokens):
            stored = None
        self.token = None if stored is None else self._with_times(stored, self.kit.now())

    def _adopt(self, old, reply):
        """Takes tokens that were just received: used first, then saved."""
        if faults.on("crash_on_missing_expires_in"):
            reply["expires_in"]
        now = self.kit.now()
        kept = {name: value for name, value in (old or {}).items() if name not in ("_iat", "_exp", "expires_in")}
        if faults.on("drop_old_refresh_token"):
            kept.pop("refresh_token", None)
        if faults.on("any_json") and "access_token" not in reply:
            kept = {}
        token = {**kept, **{name: value for name, value in reply.items() if value is not None}}
        if faults.on("drop_rotation") and kept.get("refresh_token"):
            token["refresh_token"] = kept["refresh_token"]
        self.token = self._with_times(token, now)
        lifetime = as_seconds(reply.get("expires_in"))
        if lifetime is not None and "access_token" in token:
            self.local_times = {token["access_token"]: (now, now + lifetime)}
        self.loaded, self.failures, self.retry_at, self.throttled = True, 0, 0, None
        if not faults.on("no_persist"):
            self._save()
        return self._view()

    def _save(self):
        self.unsaved = True
        try:
            self.store.save(self.token)
            self.unsaved = False
        except ClientError as error:
            if faults.on("fail_on_save_error"):
                raise
            self.kit.log(str(error))  # the tokens stay usable; saving is tried again

    @staticmethod
    def _with_times(token, now):
        """The token with `_iat` and `_exp`: its own if it is a JWT, else stored ones, else counted from now."""
        issued, expires = jose.unverified_times(token.get("access_token") or "")
        if faults.on("expiry_from_load"):
            token = {name: value for name, value in token.items() if name not in ("_iat", "_exp")}
        issued = first(issued, as_seconds(token.get("_iat")), math.floor(now))
        lifetime = as_seconds(token.get("expires_in"))
        counted = issued + lifetime if lifetime is not None else None
        expires = first(expires, as_seconds(token.get("_exp")), counted)
        times = {"_iat": issued} if expires is None else {"_iat": issued, "_exp": expires}
        return {**{name: value for name, value in token.items() if name not in ("_iat", "_exp")}, **times}

    def _view(self):
        view = {name: self.token[name] for name in ("access_token", "token_type", "scope") if name in self.token}
        return {**view, "expires_at": self.token["_exp"]} if "_exp" in self.token else view


def first(*values):
    return next((value for value in values if value is not None), None)


def as_seconds(value):
    """A number of seconds, also as a numeric string; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and not faults.on("lifetime_number_only"):
        value = int(value)
    return min(value, 10 ** 10) if jose.is_number(value) and math.isfinite(value) and value >= 0 else None
