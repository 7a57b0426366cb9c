"""An issuer's clock."""

from __future__ import annotations

import datetime
import re
from typing import Any, Callable

from pytest_assay.control import JsonObject, time_text, without_nones

__tracebackhide__ = True  # a failure points at the test's line

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d)")


def seconds_of(duration: float | str | datetime.timedelta) -> float:
    """3600, "1h", "1h 30m", "250ms" or a timedelta, in seconds. ValueError for any other text."""
    if isinstance(duration, datetime.timedelta):
        return duration.total_seconds()
    if not isinstance(duration, str):
        return duration
    total, end = 0.0, 0
    while part := _PART.match(duration, end):
        total += float(part[1]) * _UNITS[part[2]]
        end = part.end()
    if end == 0 or duration[end:].strip():
        raise ValueError(f"{duration!r} is no duration; say seconds, a timedelta, or like \"1h 30m\" (d, h, m, s, ms)")
    return total


class Clock:
    """The issuer's time. It moves the issuer only: the client under test has a clock of its own."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    @property
    def state(self) -> JsonObject:
        """mode ("system" or "virtual"), now, epoch_seconds, sleepers (how many replies are held back)."""
        return dict(self._call("GET", "/clock"))

    @property
    def now(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.state["now"].replace("Z", "+00:00"))

    def advance(self, duration: float | str | datetime.timedelta, *, sleepers: int | None = None) -> None:
        """Moves it forward by seconds, a timedelta, or text such as "1h 30m".

        With `sleepers`, first waits until that many replies are held back by a delay (10 s of real time at most).
        """
        self._call("POST", "/clock/advance", without_nones(seconds=seconds_of(duration), sleepers=sleepers))

    def set(self, time: datetime.datetime | str | float) -> None:
        """Sets it to a datetime with a zone, ISO 8601 text, or seconds since the epoch."""
        self._call("PUT", "/clock", {"now": time_text(time) if isinstance(time, datetime.datetime) else time})
