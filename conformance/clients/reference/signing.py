"""Private keys in PEM, and signatures with them: RS256 and ES256 (RFC 7518) in integer arithmetic.

Slow and not constant in time: for keys of a test only.
"""
import base64
import hashlib
import secrets

from kit import ClientError

SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo, RFC 8017, section 9.2
RSA, EC, P256 = (bytes.fromhex(oid) for oid in ("2a864886f70d010101", "2a8648ce3d0201", "2a8648ce3d030107"))


def pkcs1_encoded(message, size):
    """What an RSASSA-PKCS1-v1_5 signature of `size` octets must open to (RFC 8017, section 9.2)."""
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    return b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest


class RsaKey:
    alg = "RS256"

    def __init__(self, modulus, exponent):
        self._modulus, self._exponent = modulus, exponent

    def sign(self, message):
        size = (self._modulus.bit_length() + 7) // 8
        padded = int.from_bytes(pkcs1_encoded(message, size), "big")
        return pow(padded, self._exponent, self._modulus).to_bytes(size, "big")


# The curve y^2 = x^3 - 3x + b over the integers modulo P, of order N (FIPS 186-5, P-256). None is its neutral element.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
BASE = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def added(one, other):
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def multiplied(factor, point):
    result = None
    while factor:
        if factor & 1:
            result = added(result, point)
        point, factor = added(point, point), factor >> 1
    return result


class EcKey:
    alg = "ES256"

    def __init__(self, number):
        self._number = number

    def sign(self, message):
        digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
        while True:
            once = secrets.randbelow(N - 1) + 1
            r = multiplied(once, BASE)[0] % N
            s = pow(once, -1, N) * (digest + r * self._number) % N
            if r and s:
                return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def elements(der):
    """The contents of DER elements that follow each other."""
    found = []
    while der:
        size, start = der[1], 2
        if size & 0x80:
            start += size & 0x7f
            size = int.from_bytes(der[2:start], "big")
        if len(der) < start + size:
            raise ValueError("cut short")
        found.append(der[start:start + size])
        der = der[start + size:]
    return found


def load(pem):
    """The key of a PEM file: PKCS #8 (RFC 5208), RSA or P-256."""
    try:
        lines = [line.strip() for line in pem.strip().splitlines()]
        if lines[0] != "-----BEGIN PRIVATE KEY-----":
            raise ValueError("not PKCS #8")
        _, algorithm, key = elements(elements(base64.b64decode("".join(lines[1:-1])))[0])[:3]
        kind, *parameters = elements(algorithm)
        numbers = elements(elements(key)[0])
        if kind == RSA:
            _, modulus, _, private = (int.from_bytes(number, "big") for number in numbers[:4])
            return RsaKey(modulus, private)
        if kind == EC and parameters == [P256]:
            return EcKey(int.from_bytes(numbers[1], "big"))
        raise ValueError("neither RSA nor P-256")
    except (ValueError, IndexError, AttributeError) as error:
        raise ClientError("config", f"the private key cannot be used: {error}") from None
