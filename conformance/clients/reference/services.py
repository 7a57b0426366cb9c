"""What else an issuer does for a client: userinfo, introspection, revocation, logout."""
import secrets
import urllib.parse

from kit import ClientError

from . import faults, jose
from .replies import expect_json, oauth_error


class Services:
    def __init__(self, wire, issuer, grants, id_tokens):
        self.wire, self.issuer, self.grants, self.id_tokens = wire, issuer, grants, id_tokens

    def userinfo(self, token):
        """The claims about the user whom the ID token names (OpenID Connect Core, section 5.3)."""
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        reply = self.wire.get(self.issuer.endpoint("userinfo_endpoint"), bearer)
        is_signed = reply.status == 200 and reply.type() == "application/jwt"
        claims = self._signed_claims(reply) if is_signed else expect_json(reply)
        subject = jose.unverified(token.get("id_token")).get("sub")
        if subject is not None and claims.get("sub") != subject and not faults.on("ignore_userinfo_sub"):
            raise jose.invalid("sub", "these are the claims of another user")
        return claims

    def _signed_claims(self, reply):
        """Claims as a JWT, which need not have times (section 5.3.2)."""
        try:
            header, claims, message, signature = jose.decode(reply.body.decode("ascii"))
        except (ValueError, RecursionError):
            raise jose.invalid("malformed", "not a JWT") from None
        jose.check_header(header, "userinfo")
        jose.check_signature(header, message, signature, self.id_tokens.keys)
        if claims.get("iss", self.issuer.name) != self.issuer.name:
            raise jose.invalid("iss")
        if "aud" in claims and self.id_tokens.client_id not in jose.audiences(claims):
            raise jose.invalid("aud")
        return claims

    def introspect(self, token):
        """RFC 7662: what the issuer says of a token, if it calls it active in so many words."""
        form = {"token": token, "token_type_hint": "access_token"}
        claims = expect_json(self.grants.post("introspection_endpoint", form))
        if claims.get("active") is not True and not faults.on("active_or_not"):
            raise ClientError("validation", "the token is not active")
        return claims

    def revoke(self, token, hint):
        """RFC 7009: 200 is success, whatever its body and whether the issuer knew the token."""
        reply = self.grants.post("revocation_endpoint", {"token": token, "token_type_hint": hint})
        if reply.status != 200 and not faults.on("revoked_in_any_case"):
            raise oauth_error(reply)

    def logout_url(self, id_token, redirect_uri):
        """Where the browser is sent to end the session at the issuer, too; None if it offers no such thing."""
        if not self.issuer.has("end_session_endpoint"):
            return None
        endpoint = self.issuer.endpoint("end_session_endpoint")
        query = {"id_token_hint": id_token, "client_id": self.id_tokens.client_id,
                 "post_logout_redirect_uri": redirect_uri, "state": secrets.token_urlsafe(16) if redirect_uri else None}
        query = urllib.parse.urlencode({name: value for name, value in query.items() if value})
        return endpoint + ("&" if "?" in endpoint else "?") + query
