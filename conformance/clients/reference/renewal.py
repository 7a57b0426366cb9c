"""When a failed renewal is tried again."""
from . import faults

LONGEST_BACKOFF = 60


class Backoff:
    def __init__(self):
        self.failures, self.retry_at = 0, 0
        self.throttled = None  # the error that told us, by Retry-After, to ask nothing before retry_at

    def is_over(self, now):
        return now >= self.retry_at or faults.on("no_backoff")

    def note(self, error, now):
        asked = 0 if faults.on("forget_retry_after") else getattr(error, "retry_after", 0)
        self.throttled = error if asked else None
        self.retry_at = now + max(min(2 ** self.failures, LONGEST_BACKOFF), asked)
        self.failures += 1
