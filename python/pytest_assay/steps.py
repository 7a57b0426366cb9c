"""Steps of an issuer's script (docs/issuer-scripts.md). Verbs and conditions are those of the program's own schema."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Container

from pytest_assay import report
from pytest_assay.control import JsonObject

if TYPE_CHECKING:
    from pytest_assay.issuer import Issuer


__tracebackhide__ = True  # a failure points at the test's line


class Vocabulary:
    """What the schema says that steps may say."""

    def __init__(self, schema: JsonObject) -> None:
        self._schema = schema
        self.verbs: JsonObject = self._properties(schema["properties"]["do"])
        # Members of the step itself, beside those that every step has here: id, optional, ...
        self.settings = frozenset(schema["properties"]) - {"when", "times", "do"}

    def _resolve(self, schema: JsonObject) -> JsonObject:
        while "$ref" in schema and str(schema["$ref"]).startswith("#/"):
            target: Any = self._schema
            for key in schema["$ref"][2:].split("/"):
                target = target[key]
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema

    def _properties(self, schema: JsonObject) -> JsonObject:
        members = self._resolve(schema).get("properties", {})
        return {name: self._resolve(value) for name, value in members.items()}

    def takes_list(self, verb: str) -> bool:
        """Whether nothing but an array will do."""
        return bool(self.verbs.get(verb, {}).get("type") == "array")

    def no_verb(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.verbs, 1)
        hint = f"did you mean {near[0]!r}?" if near else "verbs: " + ", ".join(sorted(self.verbs))
        return f"there is no verb {name!r}; {hint}"


class Step:
    """A step that is in the script."""

    def __init__(self, issuer: Issuer, step_id: str, verbs: Container[str] = ()) -> None:
        """`verbs` are those that a step can have."""
        self._issuer = issuer
        self._verbs = verbs
        self.id = step_id

    def __repr__(self) -> str:
        return f"Step({self.id!r})"

    @property
    def state(self) -> JsonObject:
        """As GET steps tells it: when, times, do, seen, delivered, undelivered. KeyError once it is deleted."""
        for step in self._issuer.steps():
            if step["id"] == self.id:
                return step
        raise KeyError(self.id)

    @property
    def delivered(self) -> int:
        """How often it has made a difference."""
        return int(self.state["delivered"])

    def delete(self) -> None:
        self._issuer.call("DELETE", f"/steps/{self.id}")

    if not TYPE_CHECKING:  # a type checker is to see that there are none

        def __getattr__(self, name: str) -> Any:
            told = f"a step has no {name!r}"
            if name == "do" or (not name.startswith("_") and name in self._verbs):
                told += "; one verb ends a step, several go into do() together: once(...).do(status=503, retry_after=5)"
            raise AttributeError(told)


class StepBuilder:
    """A step that lacks its verb: each verb of the schema is a method, `do` takes several at once."""

    def __init__(self, issuer: Issuer, vocabulary: Vocabulary, times: Any, said: JsonObject) -> None:
        self._issuer = issuer
        self._vocabulary = vocabulary
        self._step: JsonObject = {name: value for name, value in said.items() if name in vocabulary.settings}
        when = {name: value for name, value in said.items() if name not in vocabulary.settings}
        if when:
            self._step["when"] = when
        if times != 1:
            self._step["times"] = times

    def do(self, **verbs: Any) -> Step:
        """Adds the step, with these verbs together: do(status=503, retry_after=7)."""
        self._issuer.verb_given(self)
        (step,) = self._issuer.script({**self._step, "do": verbs})
        return step

    def __getattr__(self, name: str) -> Verb:
        if name.startswith("_") or name not in self._vocabulary.verbs:
            raise AttributeError(self._vocabulary.no_verb(name))
        return Verb(self, name, self._vocabulary.takes_list(name))

    @property
    def _complaint(self) -> str:
        """Of a test that ends before the verb came."""
        when = report.compact(self._step.get("when", {})) or "any request"
        times = report.compact(self._step.get("times", 1))
        return f"a step ({when}; times {times}) was given no verb, so nothing was scripted"

    def __dir__(self) -> list[str]:
        return ["do", *self._vocabulary.verbs]

    def __repr__(self) -> str:
        return f"StepBuilder({self._step})"


class Verb:
    """One verb of a step, to be called with its value.

    Nothing stands for true, keywords for an object, and several values for an array:
    drop(), status(503), error("invalid_grant"), error(code="server_error", status=503), omit("scope", "id_token").
    """

    def __init__(self, builder: StepBuilder, name: str, takes_list: bool) -> None:
        self._builder = builder
        self._name = name
        self._takes_list = takes_list

    def __call__(self, *values: Any, **members: Any) -> Step:
        return self._builder.do(**{self._name: self._value(values, members)})

    def _value(self, values: tuple[Any, ...], members: JsonObject) -> Any:
        if members:
            if values:
                raise TypeError(f"{self._name}() takes one value or the members of an object, not both; "
                                "verbs that work together go into do()")
            return members
        if self._takes_list:
            return list(values[0]) if len(values) == 1 and isinstance(values[0], (list, tuple)) else list(values)
        if len(values) > 1:
            raise TypeError(f"{self._name}() takes one value")
        return values[0] if values else True
