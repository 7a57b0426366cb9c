"""What a failure shows: what was not as scripted, and the journal. The journal's secrets are redacted by the server."""

from __future__ import annotations

import json
from typing import Any, Iterable

from pytest_assay.control import JsonObject

JOURNAL_LINES = 50


def short(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."


def compact(value: Any) -> str:
    """JSON without most of its punctuation."""
    if isinstance(value, dict):
        return " ".join(f"{name}={compact(member)}" for name, member in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def step_line(step: JsonObject) -> str:
    """A step and how often it was delivered, in one line."""
    when = compact(step.get("when") or {}) or "any request"
    return short(f"step {step['id']} ({when}; times {compact(step.get('times', 1))}; do {compact(step['do'])}): "
                 f"taken by {step.get('seen', 0)} requests, delivered {step.get('delivered', 0)} times", 300)


def exchange_line(exchange: JsonObject) -> str:
    """An exchange in one line: when, what was asked, what was replied, by which step."""
    reply = "dropped" if exchange.get("dropped") else str(exchange.get("status"))
    steps = f"  [{', '.join(exchange['steps'])}]" if exchange.get("steps") else ""
    # The form of a GET is its query, which the path shows already.
    fields = exchange.get("form") or [] if exchange["method"] != "GET" else []
    form = " ".join(f"{name}={value}" for name, value in fields)
    body = "" if exchange.get("dropped") else short(exchange.get("reply_body") or "")
    parts = [f"#{exchange['seq']}", f"+{exchange['offset']:.3f}s", exchange["method"], short(exchange["path"]),
             short(form), "->", reply, body]
    return " ".join(part for part in parts if part) + steps


def journal_text(name: str, exchanges: Iterable[JsonObject], dropped: int) -> str:
    """The latest exchanges, a line each."""
    kept = list(exchanges)
    shown = kept[-JOURNAL_LINES:]
    left_out = dropped + len(kept) - len(shown)
    lines = [f"journal of {name}" + (f" ({left_out} earlier ones left out):" if left_out else ":")]
    lines += ["  " + exchange_line(exchange) for exchange in shown] or ["  no request came"]
    return "\n".join(lines)


# Members of a verdict that only count, or are told with more detail than the verdict has.
_TOLD = {"as_expected", "exchanges", "dropped", "undelivered_steps", "unmatched_requests"}


def complaints(verdict: JsonObject, steps: Iterable[JsonObject]) -> list[str]:
    """One line for each thing that was not as scripted; none if all was."""
    if verdict.get("as_expected"):
        return []
    by_id = {step["id"]: step for step in steps}
    undelivered = verdict.get("undelivered_steps", [])
    lines = [step_line(by_id.get(step_id, {"id": step_id, "do": {}})) for step_id in undelivered]
    for unmatched in verdict.get("unmatched_requests", []):
        lines.append(short(f"request #{unmatched['seq']} {unmatched['method']} {unmatched['path']}: no such endpoint"))
    lines += [f"{name}: {compact(value)}" for name, value in verdict.items() if name not in _TOLD and value]
    return lines or [f"verdict: {compact(verdict)}"]


def misses(found: JsonObject) -> list[str]:
    """Why an expectation doesn't hold, and what came closest."""
    lines = [f"{found['id']}: " + "; ".join(found.get("problems", []))]
    for near in found.get("near_misses", []):
        differences = ", ".join(f"{difference['field']} is {compact(difference['actual'])}, expected "
                                f"{compact(difference['expected'])}" for difference in near["differences"])
        lines.append("  " + short(f"near miss #{near['seq']} {near['method']} {near['path']}: {differences}", 300))
    return lines
