"""How tokens are obtained: authorization code with PKCE, device code, client credentials, refresh."""
import base64
import hashlib
import http.server
import secrets
import threading
import urllib.parse

from kit import ClientError

from . import faults, jose
from .wire import expect_json, oauth_error, token_reply

LOGIN_TIMEOUT = 300  # seconds for the user to come back from the browser
DEFAULT_INTERVAL = 5  # RFC 8628, section 3.2
SLOW_DOWN = 5


class Discovery:
    """The issuer's metadata, fetched once."""

    def __init__(self, wire, issuer):
        self.wire, self.issuer, self._metadata = wire, issuer, None

    def metadata(self, name):
        if self._metadata is None:
            if faults.on("remember_failed_discovery"):
                self._metadata = {}
            document = expect_json(self.wire.get(self.issuer.rstrip("/") + "/.well-known/openid-configuration"))
            if document.get("issuer") != self.issuer and not faults.on("skip_discovery_issuer"):
                raise ClientError("protocol", "the metadata names another issuer")
            self._metadata = document
        if name not in self._metadata:
            raise ClientError("config", f"the issuer has no {name}")
        return self._metadata[name]

    def promises_iss(self):
        return self.metadata("authorization_endpoint") and self._metadata.get(
            "authorization_response_iss_parameter_supported") is True


class Flows:
    def __init__(self, kit, wire, config):
        self.kit, self.wire, self.config = kit, wire, config
        self.discovery = Discovery(wire, config["issuer"])
        self.keys = jose.Keys(kit, wire, self.discovery)
        self.polls_past_expiry = 0

    # Requests to the token endpoint

    def post(self, endpoint, form, once=False):
        form, headers = dict(form), {}
        method = self.config["client_auth"]["method"]
        if method == "client_secret_basic":
            pair = [self.config["client_id"], self.config["client_auth"].get("secret", "")]
            if not faults.on("basic_unencoded"):
                pair = [urllib.parse.quote_plus(part) for part in pair]
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(pair).encode()).decode()
        else:
            form["client_id"] = self.config["client_id"]
            if method == "client_secret_post":
                form["client_secret"] = self.config["client_auth"].get("secret", "")
        url = self.discovery.metadata(endpoint)
        if faults.on("log_headers"):
            self.kit.log(f"POST {url} {headers}")
        return self.wire.send_once("POST", url, headers, form) if once else self.wire.post(url, form, headers)

    def client_credentials(self):
        return self._received(self.post("token_endpoint", {"grant_type": "client_credentials", **self._wishes()}))

    def refresh(self, refresh_token):
        wishes = self._wishes() if faults.on("scope_in_refresh") else {}
        return self._received(self.post("token_endpoint", {"grant_type": "refresh_token",
                                                           "refresh_token": refresh_token, **wishes}))

    def _wishes(self):
        wishes = {"scope": " ".join(self.config.get("scopes") or []), "audience": self.config.get("audience")}
        return {name: value for name, value in wishes.items() if value}

    def _received(self, reply, nonce=None):
        token = token_reply(reply)
        if faults.on("log_secrets"):
            self.kit.log(f"received {token}")
        if "id_token" in token:
            claims = jose.validate(token["id_token"], self.keys, self.kit.now, self.config["issuer"],
                                   self.config["client_id"], nonce)
            jose.check_id_token(claims, self.config["client_id"])
        return token

    # Authorization code (RFC 6749, section 4.1; RFC 7636; RFC 8252; RFC 9207)

    def authorization_code(self):
        verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
        if faults.on("plain_pkce"):
            pkce = {"code_challenge": verifier, "code_challenge_method": "plain"}
        with Listener(self.config.get("redirect_uri") or "http://127.0.0.1:0/callback", state) as listener:
            endpoint = self.discovery.metadata("authorization_endpoint")
            query = urllib.parse.urlencode({
                "response_type": "code", "client_id": self.config["client_id"], "redirect_uri": listener.redirect_uri,
                "state": state, "nonce": nonce, **pkce, **self._wishes()})
            self.kit.open_url(endpoint + ("&" if "?" in endpoint else "?") + query)
            answer = self._await_redirect(listener)
        self._check_redirect(answer, state)
        reply = self.post("token_endpoint", {"grant_type": "authorization_code", "code": answer["code"],
                                             "redirect_uri": listener.redirect_uri, "code_verifier": verifier})
        return self._received(reply, nonce)

    def _await_redirect(self, listener):
        for _ in range(LOGIN_TIMEOUT):
            if listener.answer is not None:
                return listener.answer
            if listener.foreign_state:
                raise jose.invalid("state", "the redirect answers another request")
            self.kit.sleep(1)
        raise ClientError("timeout", "the browser did not come back")

    def _check_redirect(self, answer, state):
        if answer.get("state") != state and not faults.on("no_state_check"):
            raise jose.invalid("state", "the redirect answers another request")
        iss = answer.get("iss")
        wrong = iss != self.config["issuer"] if iss is not None else self.discovery.promises_iss()
        if wrong and not faults.on("no_iss_check"):
            raise jose.invalid("response_iss", "the redirect does not come from the issuer")
        if "error" in answer:
            denied = answer["error"] == "access_denied" and not faults.on("vague_denial")
            kind = "denied" if denied else "other"
            raise ClientError(kind, "the issuer refused the login", oauth_error=answer["error"])
        if not answer.get("code"):
            raise ClientError("protocol", "the redirect brought no code")

    # Device code (RFC 8628)

    def device_initiate(self):
        device = expect_json(self.post("device_authorization_endpoint", self._wishes()),
                             "device_code", "user_code", "verification_uri")
        if faults.on("poll_without_deadline"):
            device.setdefault("expires_in", 1800)
        if not jose.is_number(device.get("expires_in")):
            raise ClientError("protocol", "the reply has no expires_in")
        device["_deadline"] = self.kit.now() + device["expires_in"]
        return device

    def device_complete(self, device):
        interval = device.get("interval")
        interval = max(interval, 1) if jose.is_number(interval) else DEFAULT_INTERVAL
        waits = Waits(interval)
        first = True
        while True:
            wait = waits.next
            if not (first and faults.on("first_poll_at_once")):
                left = device["_deadline"] - self.kit.now()
                if left <= 0 and not faults.on("poll_past_expiry"):
                    raise ClientError("expired", "the device code expired")
                self.kit.sleep(wait if faults.on("poll_past_expiry") else min(wait, max(left, 0)))
                if self.kit.now() >= device["_deadline"] and not faults.on("poll_past_expiry"):
                    raise ClientError("expired", "the device code expired")
            first = False
            reply = self._poll(device)
            if reply is not None and reply.status == 200:
                return self._received(reply)
            self._pace(reply, waits)

    def _poll(self, device):
        """One poll; None if there was no reply."""
        try:
            return self.post("token_endpoint", {"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                                                "device_code": device["device_code"]}, once=True)
        except ClientError as error:
            if error.fields["kind"] not in ("network", "timeout") or faults.on("give_up_on_5xx"):
                raise
            return None

    def _pace(self, reply, waits):
        """Settles the wait before the next poll, or ends the polling."""
        error = None if reply is None else oauth_error(reply)
        code = error.fields.get("oauth_error") if error else None
        if code == "slow_down":
            waits.slow_down()
        elif code == "authorization_pending" or self._overlooks(code):
            waits.keep()
        elif reply is None or reply.status == 429 or reply.status >= 500:
            if faults.on("give_up_on_5xx"):
                raise error
            waits.back_off(self.wire.retry_after(reply) if reply else None)
        else:
            raise error


    def _overlooks(self, code):
        if code == "expired_token" and faults.on("poll_past_expiry"):
            self.polls_past_expiry += 1
            return self.polls_past_expiry <= 10
        return code == "access_denied" and faults.on("denied_as_pending")


class Waits:
    """The pauses between polls: the interval, slower for good after slow_down, slower for once after trouble."""

    def __init__(self, interval):
        self.first, self.interval, self.trouble = interval, interval, 0
        self.keep()

    def keep(self):
        self.trouble = 0
        self.next = 1 if faults.on("ignore_interval") else self.interval

    def slow_down(self):
        if not faults.on("ignore_slow_down"):
            base = self.first if faults.on("slow_down_not_cumulative") else self.interval
            self.interval = base + SLOW_DOWN
        self.keep()

    def back_off(self, asked):
        self.trouble += 1
        self.next = max(self.interval * 2 ** min(self.trouble, 4), asked or 0)
        if faults.on("ignore_interval"):
            self.next = 1


class Listener:
    """Waits on the loopback address for the one redirect that carries our state."""

    def __init__(self, redirect_uri, state):
        self.answer, self.foreign_state = None, False
        wanted = urllib.parse.urlsplit(redirect_uri)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                target = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(target.query))
                ours = target.path == (wanted.path or "/") and "state" in query
                foreign = ours and query["state"] != state and not faults.on("no_state_check")
                outer.foreign_state = outer.foreign_state or foreign
                taken = (ours and not foreign) or faults.on("hang_up_on_stray")
                if taken and outer.answer is None:
                    outer.answer = query
                self.send_response(200 if taken else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass  # the default writes the code to stderr

        host = "127.0.0.1" if wanted.hostname in (None, "localhost") else wanted.hostname
        self._server = http.server.ThreadingHTTPServer((host, wanted.port or 0), Handler)
        self.redirect_uri = f"{wanted.scheme}://{wanted.hostname}:{self._server.server_port}{wanted.path}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
