"""Device code (RFC 8628)."""
from kit import ClientError

from . import faults
from .replies import expect_json, is_number, is_success, oauth_error

DEFAULT_INTERVAL = 5  # section 3.2
SLOW_DOWN = 5
LONGEST_INTERVAL = 3600


class DeviceFlow:
    def __init__(self, kit, wire, grants):
        self.kit, self.wire, self.grants = kit, wire, grants
        self._polls_past_expiry = 0

    def initiate(self):
        device = expect_json(self.grants.post("device_authorization_endpoint", self.grants.wishes()),
                             "device_code", "user_code", "verification_uri")
        if faults.on("poll_without_deadline"):
            device.setdefault("expires_in", 1800)
        if not is_number(device.get("expires_in")):
            raise ClientError("protocol", "the reply has no expires_in")
        device["_deadline"] = self.kit.now() + device["expires_in"]
        return device

    def complete(self, device):
        interval = None if faults.on("five_seconds_always") else device.get("interval")
        waits = Waits(min(max(interval, 1), LONGEST_INTERVAL) if is_number(interval) else DEFAULT_INTERVAL)
        first = True
        while True:
            if not (first and faults.on("first_poll_at_once")):
                self._wait(waits.next, device["_deadline"])
            first = False
            reply = self._poll(device)
            if faults.on("polled_page_is_a_token") and reply is not None and reply.type() == "text/html":
                return {"access_token": "".join(reply.body.decode(errors="replace").split()), "token_type": "Bearer"}
            if reply is not None and (is_success(reply) or (reply.status == 200 and faults.on("any_200_ends_polling"))):
                return self.grants.received(reply)
            self._pace(reply, waits)

    def _wait(self, seconds, deadline):
        if faults.on("poll_past_expiry"):
            self.kit.sleep(seconds)
            return
        left = deadline - self.kit.now()
        if left > 0:
            self.kit.sleep(min(seconds, left))
        if self.kit.now() >= deadline:
            raise ClientError("expired", "the device code expired")

    def _poll(self, device):
        """One poll; None if there was no reply."""
        try:
            return self.grants.post("token_endpoint", {"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                                                       "device_code": device["device_code"]}, once=True)
        except ClientError as error:
            if error.fields["kind"] not in ("network", "timeout") or faults.on("give_up_on_5xx"):
                raise
            return None

    def _pace(self, reply, waits):
        """Settles the wait before the next poll, or ends the polling."""
        error = None if reply is None else oauth_error(reply)
        code = error.fields.get("oauth_error") if error else None
        if code == "slow_down" and not faults.on("slow_down_ends_login"):
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
            self._polls_past_expiry += 1
            return self._polls_past_expiry <= 10
        if code is not None and faults.on("any_error_is_pending"):
            return True
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
