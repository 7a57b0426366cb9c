"""Validating JWTs (RFC 7519, RFC 8725): RS256, the header, the claims. The issuer's keys are in keys.py."""
import base64
import hashlib
import hmac

from kit import ClientError

from . import faults
from .policy import START_LEEWAY
from .replies import is_number, read_json
from .signing import pkcs1_encoded

MAX_TOKEN = 64 * 1024
KINDS = {"at+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt"}  # JWTs that are no ID tokens (RFC 8725, section 2.8)


def invalid(reason, message=""):
    return ClientError("validation", message or f"the token's {reason} is not acceptable", reason=reason)


def decode_segment(text):
    if not text.replace("-", "").replace("_", "").isalnum() or not text.isascii():
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decode(token):
    """Header, payload, signing input and signature, nothing verified; ValueError if it is not a JWT."""
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise ValueError("no text of a reasonable length")
    head, body, signature = token.split(".")
    header, payload = read_json(decode_segment(head)), read_json(decode_segment(body))
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise ValueError("not objects")
    return header, payload, f"{head}.{body}".encode(), decode_segment(signature) if signature else b""


def unverified(token):
    """The claims of a token that was verified before, or needs not be; none if it is no JWT."""
    try:
        return decode(token)[1]
    except (ValueError, RecursionError):
        return {}


def rs256_verifies(modulus, exponent, message, signature):
    """RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2): encode what must be there, compare as a whole."""
    size = (modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    opened = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
    return opened == pkcs1_encoded(message, size)


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


def validate(token, keys, now, issuer, audience, nonce=None, kind="access"):
    """The verified claims of a token, or a ClientError with the reason. `now()` is only called if needed."""
    if faults.on("keys_before_looking"):
        keys.fetch()
    try:
        header, claims, message, signature = decode(token)
    except (ValueError, RecursionError):
        if faults.on("accept_anything"):
            return {}
        raise invalid("malformed", "not a JWT") from None
    check_header(header, kind)
    if header["alg"] != "none":
        check_signature(header, message, signature, keys)
    check_claims(claims, now(), issuer, audience)
    if kind == "id":
        check_id_token(claims, audience, nonce)
    return claims


def check_header(header, kind):
    unsafe = {"none": "accept_alg_none", "HS256": "accept_hs256"}.get(str(header.get("alg")))
    if header.get("alg") != "RS256" and not (unsafe and faults.on(unsafe)):
        raise invalid("alg")
    if "crit" in header and not faults.on("ignore_crit"):
        raise invalid("crit")
    declared = str(header.get("typ", "")).lower().removeprefix("application/")
    if kind == "id" and declared in KINDS and not faults.on("any_kind_of_jwt"):
        raise invalid("claim", "a JWT of another kind")


def check_signature(header, message, signature, keys):
    kid = header.get("kid")
    if "jku" in header and faults.on("follow_jku"):
        keys.wire.get(header["jku"])
    if not (kid is None or isinstance(kid, str)) or (kid is None and faults.on("demand_kid")):
        raise invalid("kid")
    verifies = hs256_verifies if header["alg"] == "HS256" else rs256_verifies
    good = any(verifies(*numbers, message, signature) for numbers in keys.find(kid))
    if not good and kid is None and keys.renew():  # no kid tells that the one key was replaced by another
        good = any(verifies(*numbers, message, signature) for numbers in keys.find(kid))
    if not good and not faults.on("skip_signature"):
        raise invalid("signature")


def check_claims(claims, now, issuer, audience):
    if claims.get("iss") != issuer and not faults.on("skip_issuer"):
        raise invalid("iss")
    if audience not in audiences(claims) and not faults.on("skip_audience"):
        raise invalid("aud")
    if (not is_number(claims.get("exp")) or now >= claims["exp"]) and not faults.on("skip_expiry"):
        raise invalid("exp")
    leeway = {"no_leeway": 0, "leeway_backwards": -START_LEEWAY}.get(faults.active, START_LEEWAY)
    for name in ("iat",) if faults.on("skip_nbf") else ("nbf", "iat"):
        if name in claims and (not is_number(claims[name]) or claims[name] > now + leeway):
            raise invalid(name)


def audiences(claims):
    """aud, which may be one text or several."""
    aud = claims.get("aud")
    if isinstance(aud, list) and faults.on("one_audience_only"):
        return []
    return [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []


def check_id_token(claims, client_id, nonce=None):
    """What OpenID Connect Core, section 3.1.3.7 adds to it."""
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise invalid("sub")
    if "iat" not in claims:
        raise invalid("iat")
    strangers = set(map(str, audiences(claims))) - {client_id}
    if strangers and not faults.on("trust_all_audiences") and not faults.on("skip_audience"):
        raise invalid("aud", "the token is for others, too, whom nobody told us to trust")
    if "azp" in claims and claims["azp"] != client_id:
        raise invalid("azp")
    left_out = "nonce" not in claims and faults.on("nonce_if_present")
    if nonce is not None and claims.get("nonce") != nonce and not left_out and not faults.on("no_nonce_check"):
        raise invalid("nonce")


def check_hash(claims, access_token):
    """at_hash, if it is there, binds the access token (section 3.1.3.6)."""
    half = base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()
    if "at_hash" in claims and claims["at_hash"] != half and not faults.on("ignore_at_hash"):
        raise invalid("claim", "the ID token was made for another access token")
