"""Validating JWTs (RFC 7519, RFC 8725): RS256 in integer arithmetic, the issuer's keys, the claims."""
import base64
import hashlib
import hmac
import json

from kit import ClientError

from . import faults
from .wire import expect_json

REFETCH_INTERVAL = 300  # seconds between two fetches of keys
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo, RFC 8017, section 9.2
MAX_TOKEN = 64 * 1024


def invalid(reason, message=""):
    return ClientError("validation", message or f"the token's {reason} is not acceptable", reason=reason)


def decode_segment(text):
    if not text.replace("-", "").replace("_", "").isalnum() or not text.isascii():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decode(token):
    """Header, payload, signing input and signature, nothing verified; ValueError if it is not a JWT."""
    head, body, signature = token.split(".")
    if len(token) > MAX_TOKEN:
        raise ValueError("too long")
    header, payload = json.loads(decode_segment(head)), json.loads(decode_segment(body))
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise ValueError("not objects")
    return header, payload, f"{head}.{body}".encode(), decode_segment(signature) if signature else b""


def unverified_times(token):
    """iat and exp of an access token that happens to be a JWT; None for what is not there."""
    try:
        payload = decode(token)[1]
    except (ValueError, RecursionError):
        return None, None
    return tuple(payload[name] if is_number(payload.get(name)) else None for name in ("iat", "exp"))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def rs256_verifies(modulus, exponent, message, signature):
    """RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2): encode what must be there, compare as a whole."""
    size = (modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == expected


def hs256_verifies(modulus, exponent, message, signature):
    """The mistake of RFC 8725, section 2.1: the secret is the public key, as PEM, that everybody knows."""
    def der(tag, body):
        size = len(body).to_bytes(2, "big").lstrip(b"\0")
        return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body

    numbers = b"".join(der(2, value.to_bytes(value.bit_length() // 8 + 1, "big")) for value in (modulus, exponent))
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier rsaEncryption
    text = base64.b64encode(der(0x30, rsa + der(3, b"\0" + der(0x30, numbers)))).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    pem = "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
    return hmac.compare_digest(hmac.digest(pem.encode(), message, "sha256"), signature)


class Keys:
    """The issuer's RSA signature keys by kid."""

    def __init__(self, kit, wire, discovery):
        self.kit, self.wire, self.discovery = kit, wire, discovery
        self._keys, self._fetched = {}, None

    def find(self, kid):
        if (kid not in self._keys and self._may_fetch()) or faults.on("no_key_cache"):
            self._fetched = self.kit.now()  # failures count as well
            if faults.on("drop_keys_on_failed_fetch"):
                self._keys = {}
            self._keys = self.fetch()
        if kid not in self._keys:
            raise invalid("kid", "the token is signed with an unknown key")
        return self._keys[kid]

    def _may_fetch(self):
        if self._fetched is None or faults.on("refetch_every_unknown_kid"):
            return True
        return not faults.on("never_refetch_jwks") and self.kit.now() - self._fetched > REFETCH_INTERVAL

    def fetch(self):
        document = expect_json(self.wire.get(self.discovery.metadata("jwks_uri")))
        keys = {}
        for key in document.get("keys") or []:
            try:
                modulus, exponent = (int.from_bytes(decode_segment(key[name]), "big") for name in ("n", "e"))
                usable = key["kty"] == "RSA" and key.get("use", "sig") == "sig" and key.get("alg", "RS256") == "RS256"
                if usable and modulus.bit_length() >= 2048 and isinstance(key["kid"], str):
                    keys[key["kid"]] = (modulus, exponent)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue  # a key we cannot use does not hinder the others
        return keys


def validate(token, keys, now, issuer, audience, nonce=None):
    """The verified claims of a token, or a ClientError with the reason. `now()` is only called if needed."""
    if faults.on("keys_before_looking"):
        keys.fetch()
    try:
        header, claims, message, signature = decode(token)
    except (ValueError, RecursionError):
        raise invalid("malformed", "not a JWT") from None
    unsigned = faults.on("accept_alg_none") and header.get("alg") == "none"
    if not unsigned:
        shared = faults.on("accept_hs256") and header.get("alg") == "HS256"
        if header.get("alg") != "RS256" and not shared:
            raise invalid("alg")
        if "crit" in header:
            raise invalid("crit")
        if not isinstance(header.get("kid"), str):
            raise invalid("kid")
        key = keys.find(header["kid"])
        verifies = hs256_verifies if shared else rs256_verifies
        if not verifies(*key, message, signature) and not faults.on("skip_signature"):
            raise invalid("signature")
    check_claims(claims, now(), issuer, audience, nonce)
    return claims


def check_claims(claims, now, issuer, audience, nonce):
    if claims.get("iss") != issuer and not faults.on("skip_issuer"):
        raise invalid("iss")
    audiences = claims.get("aud")
    audiences = [audiences] if isinstance(audiences, str) else audiences
    if (not isinstance(audiences, list) or audience not in audiences) and not faults.on("skip_audience"):
        raise invalid("aud")
    if (not is_number(claims.get("exp")) or now >= claims["exp"]) and not faults.on("skip_expiry"):
        raise invalid("exp")
    for name in ("nbf", "iat"):
        if name in claims and (not is_number(claims[name]) or claims[name] > now):
            raise invalid(name)
    if nonce is not None and claims.get("nonce") != nonce and not faults.on("no_nonce_check"):
        raise invalid("nonce")


def check_id_token(claims, client_id):
    """What OpenID Connect Core, section 3.1.3.7 adds to it."""
    if not isinstance(claims.get("sub"), str):
        raise invalid("sub")
    if "iat" not in claims:
        raise invalid("iat")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise invalid("azp")
