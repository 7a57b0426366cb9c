"""Authorization code (RFC 6749, section 4.1; RFC 7636; RFC 8252; RFC 9207)."""
import base64
import hashlib
import secrets
import urllib.parse

from kit import ClientError

from . import faults, jose
from .listener import Listener

LOGIN_TIMEOUT = 60  # seconds for the user to come back from the browser
ONCE_ONLY = ("code", "state", "error", "iss")
KNOWN = {*ONCE_ONLY, "error_description", "error_uri", "session_state"}


class CodeFlow:
    def __init__(self, kit, issuer, grants, config, policy):
        self.kit, self.issuer, self.grants, self.policy = kit, issuer, grants, policy
        self.client_id = config["client_id"]
        self._first = None
        self._asked_mode = (config.get("options") or {}).get("response_mode")
        self.redirect_uri = config.get("redirect_uri") or "http://127.0.0.1:0/callback"

    def login(self):
        with Listener(self.redirect_uri) as listener:
            request = self._new_request(listener.redirect_uri)
            listener.expect(request.state)
            self.kit.open_url(self.url_of(request))
            answer = self._await_redirect(listener)
        return self.redeem(request, answer)

    def begin(self):
        """The request of a login whose redirect the user brings back as text."""
        return self._new_request(self.redirect_uri)

    def _new_request(self, redirect_uri):
        request = Request(redirect_uri)
        self._first = self._first or request
        if faults.on("same_verifier_again"):
            request.verifier = self._first.verifier
        if faults.on("same_nonce_again"):
            request.nonce = self._first.nonce
        return request

    def url_of(self, request):
        endpoint = self.issuer.endpoint("authorization_endpoint")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest()).rstrip(b"=").decode()
        pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
        if faults.on("plain_pkce"):
            pkce = {"code_challenge": request.verifier, "code_challenge_method": "plain"}
        scopes = self.grants.scopes
        openid = {"nonce": request.nonce} if "openid" in scopes else {}
        if "openid" in scopes and "offline_access" in scopes and not faults.on("offline_without_consent"):
            openid["prompt"] = "consent"  # OpenID Connect Core, section 11
        mode = {"response_mode": self._asked_mode} if self._asked_mode else {}
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": self.client_id, "redirect_uri": request.redirect_uri,
            "state": request.state, **mode, **openid, **pkce, **self.grants.wishes()})
        if faults.on("lose_endpoint_query"):
            return endpoint.partition("?")[0] + "?" + query
        return endpoint + ("&" if "?" in endpoint else "?") + query

    def redeem(self, request, answer):
        """`answer`: the parameters of the redirect, as pairs."""
        answer = self._checked(answer, request.state)
        nonce = request.nonce if "openid" in self.grants.scopes else None
        return self.grants.code(answer["code"], request.redirect_uri, request.verifier, nonce)

    def _await_redirect(self, listener):
        for _ in range(LOGIN_TIMEOUT):
            if listener.answer is not None:
                return listener.answer
            if listener.foreign_state:
                raise jose.invalid("state", "the redirect answers another request")
            self.kit.sleep(1)
        raise ClientError("timeout", "the browser did not come back")

    def _checked(self, pairs, state):
        answer = dict(pairs)
        names = [name for name, _ in pairs if name in ONCE_ONLY]
        if len(names) != len(set(names)) and not faults.on("last_of_several"):
            raise ClientError("protocol", "the redirect brings a parameter twice")
        if set(answer) - KNOWN and faults.on("known_fields_only"):
            raise ClientError("protocol", "the answer has a field that we do not know")
        if answer.get("state") != state and not faults.on("no_state_check"):
            raise jose.invalid("state", "the redirect answers another request")
        self._check_iss(answer.get("iss"))
        if "error" in answer:
            denied = answer["error"] == "access_denied" and not faults.on("vague_denial")
            kind = "denied" if denied else "other"
            raise ClientError(kind, "the issuer refused the login", oauth_error=answer["error"])
        if not answer.get("code"):
            raise ClientError("protocol", "the redirect brought no code")
        return answer

    def _check_iss(self, iss):
        wrong = iss != self.issuer.name if iss is not None else self.issuer.promises_iss()
        if wrong and self.policy.checks_iss and not faults.on("no_iss_check"):
            raise jose.invalid("response_iss", "the redirect does not come from the issuer")


class Request:
    """What an authorization request keeps for its answer: new for each."""

    def __init__(self, redirect_uri):
        self.verifier, self.state, self.nonce = (secrets.token_urlsafe(32) for _ in range(3))
        self.redirect_uri = redirect_uri
