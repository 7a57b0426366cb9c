"""HTTP: one exchange, and when to repeat it. What a reply means is in replies.py."""
import datetime
import email.utils
import functools
import http.client
import os
import ssl
import urllib.parse

from kit import ClientError

from . import faults
from .policy import LONGEST_WAIT
from .replies import Reply

TIMEOUT = 8  # real seconds
MAX_BODY = 4 << 20
MAX_RETRIES = 3
REDIRECTS = (301, 302, 303, 307, 308)


class Wire:
    def __init__(self, kit, retries="in_call"):
        self.kit = kit
        self._tries = MAX_RETRIES + 1 if retries == "in_call" else 1
        self._tls = tls_context(os.environ.get("SSL_CERT_FILE"))

    def get(self, url, headers=None):
        return self.send("GET", url, headers or {}, None)

    def post(self, url, form, headers=None):
        return self.send("POST", url, headers or {}, form)

    def send(self, method, url, headers, form):
        """With retries, but only of what the server cannot have acted on."""
        tries = 50 if faults.on("retry_storm") else self._tries
        for attempt in range(tries):
            last = attempt == tries - 1
            try:
                reply = self.send_once(method, url, headers, form)
            except ClientError as error:
                never_left = error.fields["kind"] == "network" and error.fields.get("definite")
                if last or not (never_left or faults.on("retry_lost_post")):
                    raise
                self.kit.sleep(2 ** attempt)
                continue
            if reply.status >= 500 and not last and faults.on("retry_storm"):
                continue
            wait = self.retry_after(reply)
            if reply.status != 429 and (reply.status != 503 or wait is None):
                return reply
            if wait is not None and (last or wait > LONGEST_WAIT) and not faults.on("sleep_any_retry_after"):
                error = ClientError("rate_limited", f"told to wait {wait:.0f} s", http_status=reply.status)
                error.retry_after = wait
                raise error
            if last:
                return reply
            if not faults.on("ignore_retry_after"):
                self.kit.sleep(wait if wait is not None else 2 ** attempt)
        raise AssertionError("not reached")

    def send_once(self, method, url, headers, form):
        """One request and its reply. A redirect is a reply: neither a secret nor a token goes where it points."""
        body = None
        headers = {"Accept": "application/json", **headers}
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection, target = self._connection(url)
        try:
            self._connect(connection)
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            reply = Reply(response.status, response.headers, response.read(MAX_BODY))
        except TimeoutError:
            raise ClientError("timeout", "no reply in time", definite=False) from None
        except (OSError, http.client.HTTPException) as error:
            raise ClientError("network", f"no reply: {type(error).__name__}", definite=False) from None
        finally:
            connection.close()
        if reply.status in REDIRECTS and "Location" in reply.headers and faults.on("follow_redirects"):
            return self.send_once(method, urllib.parse.urljoin(url, reply.headers["Location"]), headers, form)
        return reply

    def _connection(self, url):
        try:
            parts = urllib.parse.urlsplit(url)
            kind, options = http.client.HTTPConnection, {}
            if parts.scheme == "https":
                kind, options = http.client.HTTPSConnection, {"context": self._tls}
            elif parts.scheme != "http":
                raise ValueError("neither http nor https")
            query = "" if faults.on("lose_endpoint_query") and "access_token" not in parts.query else parts.query
            return (kind(parts.hostname, parts.port, timeout=TIMEOUT, **options),
                    urllib.parse.urlunsplit(("", "", parts.path or "/", query, "")))
        except (ValueError, TypeError, http.client.HTTPException):
            raise ClientError("protocol", "not a URL that can be asked", definite=True) from None

    @staticmethod
    def _connect(connection):
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise ClientError("tls", str(error.reason), definite=True) from None
        except OSError as error:
            raise ClientError("network", f"no connection: {type(error).__name__}", definite=True) from None

    def retry_after(self, reply):
        """The seconds to wait that a reply asks for; None if it asks for none, or for nonsense."""
        text = reply.headers.get("Retry-After", "").strip()
        if not text or faults.on("ignore_retry_after"):
            return None
        if faults.on("negative_retry_after") and text.startswith("-"):
            return int(text)
        if text.isascii() and text.isdigit():
            return int(text[:12])
        until = None if faults.on("retry_after_int_only") else http_date(text)
        if until is None:
            return None
        server_now = http_date(reply.headers.get("Date", ""))  # the server's clock, if it tells
        wait = until - (self.kit.now() if server_now is None else server_now)
        return wait if wait > 0 else None


@functools.lru_cache
def tls_context(ca_file):
    return ssl.create_default_context(cafile=ca_file)


def http_date(text):
    """Seconds since the epoch of an HTTP date (RFC 9110, section 5.6.7: GMT, whatever our time zone is); or None."""
    try:
        date = email.utils.parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=datetime.timezone.utc)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
