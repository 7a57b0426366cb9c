"""The session of one user or service: when to use, refresh, keep or give up its tokens. Start reading here."""
import atexit
import datetime

from kit import ClientError

from . import faults, token
from .renewal import Backoff
from .replies import as_seconds


class Session:
    def __init__(self, kit, store, grants, policy, log_in_unattended):
        """`log_in_unattended()`: a token reply by the client's or the user's credentials, that needs nobody; or None."""
        self.kit, self.store, self.grants, self.policy = kit, store, grants, policy
        self.log_in_unattended = log_in_unattended
        self.token, self.loaded, self.unsaved = None, False, False
        self.local_times = {}  # access token -> (issued, expires) by our own clock, for those we received
        self.dead = None  # a refresh token that the issuer refused, or that we revoked
        self.backoff, self.given_up = Backoff(), None

    # What an application asks for

    def current(self):
        """A token to use now."""
        self.load_once()
        if self.unsaved:
            self._save()
        if not self.is_fresh():
            self._renew()
        return token.view(self.token)

    def refresh(self):
        """A new token in any case."""
        self.load_once()
        with self.store.lock():
            self._reload()
            self._get_new()
        return token.view(self.token)

    def replace(self, rejected):
        """Another token than one that an API did not take."""
        with self.store.lock():
            self._reload()
            if not self.token or self.token.get("access_token") == rejected:  # else somebody renewed it meanwhile
                self._get_new()

    def adopt(self, old, reply):
        """Takes tokens that were just received: used first, then saved."""
        if faults.on("crash_on_missing_expires_in"):
            reply["expires_in"]
        if faults.on("assume_an_hour"):
            reply = {**reply, "expires_in": 3600}
        now = self._now()
        self.token = token.with_times(token.merged(old, reply), now, self.policy.reads_access_tokens)
        lifetime = as_seconds(reply.get("expires_in"))
        if lifetime is not None and "access_token" in self.token:
            self.local_times = {self.token["access_token"]: (now, now + lifetime)}
        self.loaded, self.backoff = True, Backoff()
        if faults.on("save_at_exit"):
            atexit.register(self._save)
        elif not faults.on("no_persist"):
            self._save()
        return token.view(self.token)

    def _now(self):
        """When a reply came."""
        if not faults.on("naive_utc"):
            return self.kit.now()
        utc = datetime.datetime.fromtimestamp(self.kit.now(), datetime.timezone.utc)
        return utc.replace(tzinfo=None).timestamp()

    def forget(self, revoked="refresh_token"):
        """The end of it, on the disk and in memory; or of an access token, which can be renewed."""
        if revoked == "access_token" and self.token.get("refresh_token"):
            del self.token["access_token"]
            self._save()
        elif not faults.on("forget_nothing"):
            with self.store.lock():
                self.store.remove()
            self.token, self.local_times, self.unsaved = None, {}, False

    def seed(self, credential):
        self.store.save(credential)
        self.token, self.loaded = None, False

    # When a token is good enough

    def _times(self):
        return self.local_times.get(self.token.get("access_token")) or (self.token.get("_iat"), self.token.get("_exp"))

    def is_fresh(self):
        if faults.on("refresh_every_call") or not self.token or not self.token.get("access_token"):
            return False
        issued, expires = self._times()
        if expires is None and faults.on("missing_lifetime_is_none"):
            return False
        if expires is None or faults.on("use_expired_token") or not self.policy.renews_by_clock():
            return True
        if faults.on("refresh_too_late"):
            return int(self.kit.now()) <= int(expires)
        return not self.is_expired() and not self.policy.is_due(issued, expires, self.kit.now())

    def is_expired(self):
        expires = self._times()[1] if self.token else None
        return expires is not None and self.kit.now() >= expires

    def is_usable(self):
        return bool(self.token and self.token.get("access_token")) and not self.is_expired()

    # Renewing

    def _renew(self):
        if self.given_up:
            raise self.given_up
        if not self.backoff.is_over(self.kit.now()):
            if self.is_usable():
                return
            if self.backoff.throttled:
                raise self.backoff.throttled
        if faults.on("no_lock_reload"):
            return self._renew_locked()
        with self.store.lock():
            self._reload()
            if not self.is_fresh():  # somebody else may have renewed it
                self._renew_locked()

    def _renew_locked(self):
        try:
            self._get_new()
        except ClientError as error:
            self._note_failure(error)
            if self.log_in_unattended and error.fields["kind"] == "reauth_required" and error.fields.get("oauth_error"):
                self.adopt(None, self.log_in_unattended())
            elif not self.is_usable() or faults.on("fail_while_valid"):
                raise

    def _get_new(self):
        """By the refresh token, or without the user's doing, if we can."""
        refresh_token = self._live_refresh_token()
        if self.log_in_unattended and not refresh_token:
            self.adopt(None, self.log_in_unattended())
            return
        if self.token is None:
            raise ClientError("no_credentials", "nobody is logged in")
        if not refresh_token and not faults.on("empty_refresh"):
            raise ClientError("reauth_required", "a login is needed")
        try:
            reply = self.grants.refresh(refresh_token or "", self.token)
        except ClientError as error:
            if error.fields.get("oauth_error") == "invalid_grant":
                self.dead = refresh_token
            if faults.on("token_in_errors"):
                error.fields["message"] = f"{refresh_token} was refused"
            raise
        self.adopt(self.token, reply)

    def _live_refresh_token(self):
        live = self.token.get("refresh_token") if self.token else None
        return live if live != self.dead or faults.on("retry_dead_refresh_token") else None

    def _note_failure(self, error):
        self.kit.log(f"the token cannot be renewed: {error.fields['kind']}")
        if faults.on("wipe_on_failure"):
            self.store.remove()
        self.backoff.note(error, self.kit.now())
        self.given_up = error if faults.on("give_up_after_outage") else None

    # What is held, and what is stored

    def load_once(self):
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
        self.token = (token.with_times(stored, self.kit.now(), self.policy.reads_access_tokens)
                      if token.is_one(stored) else None)

    def _save(self):
        self.unsaved = True
        try:
            self.store.save(self.token)
            self.unsaved = False
        except ClientError as error:
            if faults.on("fail_on_save_error"):
                raise
            self.kit.log(str(error))  # the tokens stay usable; saving is tried again
