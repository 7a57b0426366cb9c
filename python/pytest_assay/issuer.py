"""An issuer as a test sees it: its URLs and clients, its script, clock, journal, and the user's decisions."""

from __future__ import annotations

import difflib
import types
from typing import Any, Callable, Mapping

from pytest_assay import report
from pytest_assay.clock import Clock
from pytest_assay.control import AssayError, AssayTimeout, Control, JsonObject, without_nones
from pytest_assay.steps import Step, StepBuilder, Vocabulary


__tracebackhide__ = True  # a failure points at the test's line


class NotAsScripted(AssertionError):
    """A step was not delivered, or a request came to no endpoint; the text says which and shows the journal."""


class Exchange(dict[str, Any]):
    """A request and its reply, as the journal has them: secrets by lineage name. Members are attributes, too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            near = difflib.get_close_matches(name, self, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise AttributeError(f"an exchange has no {name!r}{hint}") from None

    @property
    def parameters(self) -> dict[str, str]:
        """The form's parameters (a GET's query); of one that came twice the last."""
        return dict(self["form"])

    def header(self, name: str) -> str | None:
        """The first header field of that name, in any case."""
        return next((value for field, value in self["headers"] if field.lower() == name.lower()), None)


class Clients(dict[str, JsonObject]):
    """The registered clients by id. One that isn't there is a KeyError with the ids, and the nearest of them."""

    def __missing__(self, client_id: str) -> JsonObject:
        near = difflib.get_close_matches(str(client_id), self, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise KeyError(f"there is no client {client_id!r}; {hint}The issuer has {', '.join(self) or 'none'}")


def _query(**filters: Any) -> JsonObject:
    """Filters as the control API's query has them; members of a mapping as NAME.MEMBER."""
    query: JsonObject = {}
    for name, value in without_nones(**filters).items():
        for key, item in ({f"{name}.{part}": of for part, of in value.items()} if isinstance(value, Mapping)
                          else {name: value}).items():
            query[key] = str(item).lower() if isinstance(item, bool) else item
    return query


class Device:
    """The user at the device page. Each call decides the most recent device grant, or that of `user_code`."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def approve(self, user_code: str | None = None) -> None:
        self._decide("approve", user_code)

    def deny(self, user_code: str | None = None) -> None:
        self._decide("deny", user_code)

    def expire(self, user_code: str | None = None) -> None:
        """The grant runs out now."""
        self._decide("expire", user_code)

    def _decide(self, decision: str, user_code: str | None) -> None:
        self._call("POST", "/device", without_nones(decision=decision, user_code=user_code))


class Issuer:
    """A world of its own: users, clients, keys, script, journal, clock. The server makes one for each test."""

    def __init__(self, control: Control, vocabulary: Vocabulary, created: JsonObject) -> None:
        self._control = control
        self._vocabulary = vocabulary
        self._without_verb: list[StepBuilder] = []
        self._deleted = False
        self.control_path: str = created["control"]
        self.name: str = created["name"]
        self.url: str = created["issuer"]  #: the issuer identifier
        self.discovery_url: str = created["discovery"]
        #: the registered clients by id: auth, grants, secret, as the server told them when it made the issuer
        self.clients = Clients({client["id"]: client for client in created.get("clients", [])})
        self.clock = Clock(self.call)
        self.device = Device(self.call)

    def __repr__(self) -> str:
        return f"Issuer({self.url!r})"

    def call(self, method: str, path: str = "", body: Any = None, **options: Any) -> Any:
        """Any call of the control API below this issuer's path: call("GET", "/tokens")."""
        return self._control.call(method, self.control_path + path, body, **options)

    # The script

    def once(self, **when: Any) -> StepBuilder:
        """The next request that fits: once(endpoint="token", grant="refresh_token").error("invalid_grant")."""
        return self.times(1, **when)

    def always(self, **when: Any) -> StepBuilder:
        """Every request that fits; at least one must come, unless optional=True."""
        return self.times("forever", **when)

    def times(self, count: int | str | Mapping[str, Any], **when: Any) -> StepBuilder:
        """The next `count` requests that fit. Conditions are those of `when`; id and optional are the step's own."""
        builder = StepBuilder(self, self._vocabulary, count, when)
        self._without_verb.append(builder)
        return builder

    def script(self, *steps: Mapping[str, Any]) -> list[Step]:
        """Adds steps as they stand in a file: script({"when": {"endpoint": "token"}, "do": {"status": 503}})."""
        added = self.call("POST", "/steps", list(steps))
        return [Step(self, step_id, self._vocabulary.verbs) for step_id in added["ids"]]

    def steps(self) -> list[JsonObject]:
        """The script, and what of it was delivered."""
        return list(self.call("GET", "/steps")["steps"])

    def verb_given(self, builder: StepBuilder) -> None:
        if builder in self._without_verb:  # one that is given a verb twice makes two steps
            self._without_verb.remove(builder)

    # What was seen

    def requests(self, endpoint: str | None = None, **filters: Any) -> list[Exchange]:
        """The journal in order of arrival: those that fit all filters of the control API, parts by mappings:
        requests("token", grant="refresh_token", status="4xx", since=3, form={"scope": "openid"})."""
        seen = self.call("GET", "/requests", query=_query(endpoint=endpoint, **filters))
        return [Exchange(entry) for entry in seen["requests"]]

    def wait_for(self, endpoint: str | None = None, n: int = 1, *, timeout: float = 5,
                 **filters: Any) -> list[Exchange]:
        """Blocks until `n` such requests came since the issuer was made; they, in order.

        AssayTimeout after `timeout` seconds of real time, with the journal.
        """
        wanted = _query(endpoint=endpoint, **filters)
        try:
            found = self.call("GET", "/requests/wait", patience=timeout + 30,
                              query={**wanted, "count": n, "timeout": timeout})
        except AssayError as error:
            if error.status != 408:
                raise
            what = report.compact(wanted) or "any"
            raise AssayTimeout(f"fewer than {n} requests ({what}) in {timeout} s\n{self.journal()}", error.status,
                               error.problem) from None
        return [Exchange(entry) for entry in found["requests"]]

    def verify(self, **expectation: Any) -> JsonObject:
        """What must have been asked: verify(match={"endpoint": "token"}, count=">=2", min_gap=5).

        The control API's reply; NotAsScripted with the near misses and the journal if it doesn't hold.
        """
        found: JsonObject = self.call("POST", "/verify", expectation)
        if not found["ok"]:
            raise NotAsScripted("\n".join([*report.misses(found), self.journal()]))
        return found

    def journal(self) -> str:
        """The latest requests, one a line, for people."""
        seen = self.call("GET", "/requests")
        return report.journal_text(self.name, seen["requests"], seen["dropped"])

    # The user, and the operator

    def approve(self, url: str) -> str:
        """The user opens this authorization request and says yes; where the browser is sent (code, state, iss)."""
        return str(self.call("POST", "/authorize", {"url": url, "decision": "approve"})["redirect_to"])

    def deny(self, url: str) -> str:
        """The user opens this authorization request and says no; where the browser is sent (error, state, iss)."""
        return str(self.call("POST", "/authorize", {"url": url, "decision": "deny"})["redirect_to"])

    def session(self, **login: Any) -> JsonObject:
        """The token response of a finished login: session(client="app", sub="user-1", scopes=[...], issued_at=...)."""
        return dict(self.call("POST", "/sessions", login))

    def mint(self, **token: Any) -> str:
        """A token, right or wrong: mint(kind="id", claims={"aud": "other"}, sign="unpublished"). Schema `token`."""
        return str(self.call("POST", "/tokens", token)["token"])

    def tokens(self) -> list[JsonObject]:
        """What was issued, by lineage name."""
        return list(self.call("GET", "/tokens")["tokens"])

    def revoke(self, token: str) -> None:
        """Revokes a token (value or lineage name) with its family."""
        self.call("POST", "/tokens/revoke", {"token": token})

    def expire(self, token: str) -> None:
        """Lets a token (value or lineage name) expire now."""
        self.call("POST", "/tokens/expire", {"token": token})

    def rotate_keys(self, **how: Any) -> str:
        """Makes a new signing key active; its kid. keep_old=False takes the previous ones out of the JWKS."""
        return str(self.call("POST", "/keys/rotate", how)["kid"])

    # The end

    def verdict(self) -> JsonObject:
        """as_expected, undelivered_steps, unmatched_requests, ..."""
        return dict(self.call("GET", "/verdict"))

    def complaint(self) -> str:
        """What was not as scripted so far, with the journal; empty if all was."""
        lines = [builder._complaint for builder in self._without_verb]
        lines += report.complaints(self.verdict(), self.steps())
        if not lines:
            return ""
        told = "\n".join("  " + line for line in lines)
        return f"issuer {self.name} was not used as scripted:\n{told}\n{self.journal()}"

    def delete(self) -> None:
        """Its end, unjudged. A second time does nothing."""
        if not self._deleted:
            self._deleted = True
            self.call("DELETE")

    def finish(self) -> None:
        """Its end. NotAsScripted if a step was not delivered, or a request came to no endpoint."""
        if self._deleted:
            return
        try:
            complaint = self.complaint()
        finally:
            self.delete()
        if complaint:
            raise NotAsScripted(complaint)

    def __enter__(self) -> Issuer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: types.TracebackType | None) -> None:
        if kind is None:
            self.finish()
        else:
            self.delete()
