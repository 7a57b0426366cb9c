"""HTTP: one exchange, when to repeat it, and what a reply means."""
import email.utils
import http.client
import json
import os
import ssl
import urllib.parse

from kit import ClientError

from . import faults

TIMEOUT = 8  # real seconds
MAX_BODY = 4 << 20
MAX_RETRIES = 3
LONGEST_WAIT = 60  # a longer Retry-After is told to the caller, not slept

KNOWN_MEMBERS = {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}
OAUTH_ERRORS = {"invalid_grant": "reauth_required", "access_denied": "denied", "expired_token": "expired",
                "server_error": "server_error", "temporarily_unavailable": "server_error"}


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        """The body as a JSON object, or None."""
        kind = (self.headers.get_content_type() or "").lower()
        if kind != "application/json" and not kind.endswith("+json"):
            return None
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class Wire:
    def __init__(self, kit):
        self.kit = kit
        self._tls = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))

    def get(self, url, headers=None):
        return self.send("GET", url, headers or {}, None)

    def post(self, url, form, headers=None):
        return self.send("POST", url, headers or {}, form)

    def send(self, method, url, headers, form):
        """With retries, but only of what the server cannot have acted on."""
        for attempt in range(MAX_RETRIES + 1):
            last = attempt == MAX_RETRIES
            try:
                reply = self.send_once(method, url, headers, form)
            except ClientError as error:
                never_left = error.fields["kind"] == "network" and error.fields["definite"]
                if last or not (never_left or faults.on("retry_lost_post")):
                    raise
                self.kit.sleep(2 ** attempt)
                continue
            wait = self.retry_after(reply)
            if reply.status != 429 and (reply.status != 503 or wait is None):
                return reply
            if wait is not None and wait > LONGEST_WAIT and not faults.on("sleep_any_retry_after"):
                error = ClientError("rate_limited", f"told to wait {wait:.0f} s", http_status=reply.status)
                error.retry_after = wait
                raise error
            if last:
                return reply
            if not faults.on("ignore_retry_after"):
                self.kit.sleep(wait if wait is not None else 2 ** attempt)
        raise AssertionError("not reached")

    def send_once(self, method, url, headers, form):
        target = urllib.parse.urlsplit(url)
        body = None
        headers = {"Accept": "application/json", **headers}
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if target.scheme == "https":
            connection = http.client.HTTPSConnection(target.netloc, timeout=TIMEOUT, context=self._tls)
        else:
            connection = http.client.HTTPConnection(target.netloc, timeout=TIMEOUT)
        try:
            self._connect(connection)
            connection.request(method, urllib.parse.urlunsplit(("", "", target.path or "/", target.query, "")), body, headers)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read(MAX_BODY))
        except TimeoutError:
            raise ClientError("timeout", "no reply in time", definite=False) from None
        except (OSError, http.client.HTTPException) as error:
            raise ClientError("network", f"no reply: {type(error).__name__}", definite=False) from None
        finally:
            connection.close()

    @staticmethod
    def _connect(connection):
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise ClientError("tls", str(error.reason), definite=True) from None
        except OSError as error:
            raise ClientError("network", f"no connection: {type(error).__name__}", definite=True) from None

    def retry_after(self, reply):
        """The seconds to wait that a reply asks for, or None."""
        text = reply.headers.get("Retry-After", "").strip()
        if not text or faults.on("ignore_retry_after"):
            return None
        if text.isascii() and text.isdigit():
            return int(text)
        try:
            if faults.on("retry_after_int_only"):
                return None
            until = email.utils.parsedate_to_datetime(text).timestamp()
            date = reply.headers.get("Date")  # the server's clock, if it tells
            wait = until - (email.utils.parsedate_to_datetime(date).timestamp() if date else self.kit.now())
        except (ValueError, TypeError):
            return None
        return wait if wait > 0 else None


def oauth_error(reply):
    """What an unsuccessful reply means, as an error to raise."""
    body = reply.json() or {}
    code = body.get("error")
    if isinstance(code, str):  # whatever the status: some issuers answer errors with 200
        return ClientError(OAUTH_ERRORS.get(code, "other"), "the issuer refused the request", oauth_error=code,
                           http_status=reply.status)
    if reply.status == 429:
        return ClientError("rate_limited", "too many requests", http_status=reply.status)
    if reply.status >= 500:
        return ClientError("server_error", "the issuer failed", http_status=reply.status)
    return ClientError("protocol", "not the reply it should be", http_status=reply.status)


def expect_json(reply, *members):
    """The JSON object of a 200 that has these members as non-empty strings."""
    body = reply.json()
    if reply.status != 200 or body is None or isinstance(body.get("error"), str):
        raise oauth_error(reply)
    for member in members:
        if not isinstance(body.get(member), str) or not body[member]:
            raise ClientError("protocol", f"the reply has no {member}", http_status=reply.status)
    return body


def token_reply(reply):
    """The token response in a reply (RFC 6749, section 5.1)."""
    if faults.on("any_json") and reply.status == 200:
        return reply.json() or {}
    body = expect_json(reply, "access_token")
    token_type = str(body.get("token_type", ""))
    if token_type.lower() != "bearer" or (faults.on("token_type_case") and token_type != "Bearer"):
        raise ClientError("protocol", "the token is not a bearer token", http_status=reply.status)
    if faults.on("refuse_unknown_members") and set(body) - KNOWN_MEMBERS:
        raise ClientError("protocol", "the reply has members that nobody knows", http_status=reply.status)
    return body
