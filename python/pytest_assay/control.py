"""Calls of the control API (docs/control-api.md), by the standard library alone."""

from __future__ import annotations

import datetime
import http.client
import json
import urllib.parse
from typing import Any, Callable, Mapping

JsonObject = dict[str, Any]


__tracebackhide__ = True  # a failure points at the test's line


class AssayError(Exception):
    """A call that failed. `status` and `problem` are those of the reply (RFC 9457); 0 and {} if there was none."""

    def __init__(self, message: str, status: int = 0, problem: JsonObject | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem or {}


class AssayTimeout(AssayError):
    """A wait that ran out; the message shows the journal."""


def without_nones(**members: Any) -> JsonObject:
    """What was given: None stands for "not said"."""
    return {name: value for name, value in members.items() if value is not None}


def _json_of(value: Any) -> Any:
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, datetime.datetime):
        return time_text(value)
    raise TypeError(f"{type(value).__name__} is not JSON: {value!r}")


def time_text(time: datetime.datetime) -> str:
    """ISO 8601 with a zone. A time without one could mean two moments: ValueError."""
    if time.tzinfo is None:
        raise ValueError(f"{time!r} has no time zone")
    return time.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def _problem_text(call: str, status: int, problem: JsonObject, text: str) -> str:
    parts = [f"{call}: {status} {problem.get('detail') or text.strip()[:200]}"]
    if problem.get("pointer"):
        parts.append(f"at {problem['pointer']}")
    if problem.get("parameter"):
        parts.append(f"parameter {problem['parameter']}")
    if problem.get("suggestion"):
        parts.append(f"did you mean \"{problem['suggestion']}\"?")
    elif problem.get("expected"):
        parts.append(f"expected {problem['expected']}")
    return "; ".join(parts)


class Control:
    """A server's control API. Safe to use from many threads: each call has a connection of its own."""

    def __init__(self, origin: str, state: Callable[[], str]) -> None:
        """`state` says how the server is, for the message of a call that it doesn't answer."""
        self.origin = origin
        self._address = urllib.parse.urlsplit(origin).netloc
        self._state = state

    def call(self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None,
             patience: float = 30) -> Any:
        """The JSON of the reply; None if it has no body. Raises AssayError for any status from 400 on, and if there
        is no reply within `patience` seconds."""
        status, content = self.raw(method, path, body, query=query, patience=patience)
        text = content.decode("utf-8", "replace")
        if status >= 400:
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {}
            problem = problem if isinstance(problem, dict) else {}
            raise AssayError(_problem_text(f"{method} {path}", status, problem, text), status, problem)
        return json.loads(text) if text else None

    def raw(self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None,
            patience: float = 30) -> tuple[int, bytes]:
        """Status and body, whatever they are."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        content = None if body is None else json.dumps(body, default=_json_of)
        connection = http.client.HTTPConnection(self._address, timeout=patience)
        try:
            connection.request(method, path, content, {} if content is None else {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise AssayError(f"{method} {path}: no reply ({error or type(error).__name__}); {self._state()}") from error
        finally:
            connection.close()
