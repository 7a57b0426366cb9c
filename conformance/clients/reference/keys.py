"""The issuer's keys (RFC 7517): which one a token asks for, and when they are fetched again."""
from kit import ClientError

from . import faults
from .jose import decode_segment, invalid
from .policy import KEYS_COOLDOWN, KEYS_MAX_AGE
from .replies import expect_json

LAST_GOOD = 24 * 3600  # for so long the old keys serve while new ones can't be had
BITS = range(2048, 8193)  # too short is unsafe, too long is a way to keep us busy


class Keys:
    """RSA keys for signatures, as pairs (kid, (modulus, exponent))."""

    def __init__(self, kit, wire, issuer):
        self.kit, self.wire, self.issuer = kit, wire, issuer
        self._keys = []
        self._fetched = self._tried = None

    def find(self, kid):
        """The numbers of the keys that a token may be signed with. Without a kid: the one key, if there is but one."""
        if faults.on("no_key_cache"):
            self._fetch()
        if self._is_old() and self._may_fetch():
            self._fetch_or_keep()
        if not self._fitting(kid) and self._may_fetch():
            self._fetch()
        found = self._fitting(kid)
        if not found:
            raise invalid("kid", "the token is signed with an unknown key")
        if kid is None and len(found) > 1:
            raise invalid("kid", "the token does not say with which of several keys it is signed")
        return found

    def renew(self):
        """Fetches anew if that is not too often; whether it did."""
        if not self._may_fetch():
            return False
        self._fetch()
        return True

    def _fitting(self, kid):
        return [numbers for name, numbers in self._keys if kid is None or name == kid]

    def _is_old(self):
        """A key that was withdrawn must not be trusted for ever."""
        if self._fetched is None or faults.on("keys_for_ever"):
            return False
        return self.kit.now() - self._fetched >= KEYS_MAX_AGE

    def _may_fetch(self):
        if self._fetched is None:  # a failure is not remembered while there is nothing to go on with
            return self._tried is None or not faults.on("remember_failed_keys")
        if faults.on("refetch_every_unknown_kid"):
            return True
        return not faults.on("never_refetch_jwks") and self.kit.now() - self._tried > KEYS_COOLDOWN

    def _fetch(self):
        self._tried = self.kit.now()  # failures count as well
        if faults.on("drop_keys_on_failed_fetch"):
            self._keys = []
        self._keys = self.fetch()
        self._fetched = self._tried

    def _fetch_or_keep(self):
        try:
            self._fetch()
        except ClientError as error:
            if self.kit.now() - self._fetched >= LAST_GOOD:
                raise
            self.kit.log(f"the keys cannot be fetched ({error.fields['kind']}), the old ones serve on")

    def fetch(self):
        document = expect_json(self.wire.get(self.issuer.endpoint("jwks_uri")))
        found = document.get("keys")
        return [key for key in map(usable, found if isinstance(found, list) else []) if key]


def usable(key):
    """The pair of a key that can verify RS256; None for any other, which does not hinder the rest of the set."""
    try:
        modulus, exponent = (int.from_bytes(decode_segment(key[name]), "big") for name in ("n", "e"))
        for_us = key.get("use", None if faults.on("demand_key_use") else "sig") == "sig" or faults.on("ignore_key_use")
        for_us = for_us and "verify" in key.get("key_ops", ["verify"])
        fits = key["kty"] == "RSA" and key.get("alg", "RS256") == "RS256" and modulus.bit_length() in BITS
        return (key.get("kid"), (modulus, exponent)) if fits and for_us and exponent > 1 and exponent % 2 else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
