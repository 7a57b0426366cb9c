#!/usr/bin/env python3
"""Compares what a run said of a real client with what people found to be true of it.

    adjudication.py RESULTS.jsonl FINDINGS.yaml    exit code 1 if they differ
    adjudication.py RESULTS.jsonl                  entries to be adjudicated, and the counts

An entry of FINDINGS.yaml:

    refresh/keeps-old-refresh-token#stored:
      verdict: FAIL          # as the run says
      is: true               # true: a specification or the client's own documentation decides it; or practice
      because: what the client does, in one sentence
      source: the line that decides it, of the specification or of the client's documentation

`"*#no-secret-in-output"` is the same finding in every scenario that has this check; an entry of its own goes first.

What is said of a client and stands in no entry is to be adjudicated: if it is not true, the library is wrong, not the entry.
"""
import collections
import json
import pathlib
import sys

import yaml

ACCUSATIONS = ("FAIL", "WARN", "ADVICE")
BROKEN = ("ERROR",)  # with whose it is in parentheses
IMPLICIT = ("no-secret-in-output", "no-unscripted-request", "clean-exit")  # judged in every scenario, whatever it is about
UNJUDGED = ("NOT_REACHED", "NOT_APPLICABLE", "UNSUPPORTED")
FIELDS = {"verdict", "is", "because", "source"}


def checks_of(results):
    """The records of the checks of a results file."""
    records = [json.loads(line) for line in pathlib.Path(results).read_text(encoding="utf-8").splitlines()]
    return [record for record in records if record["record"] == "check"]


def verdicts_of(results):
    """{scenario#check: its record}"""
    return {f"{record['scenario']}#{record['check']}": record for record in checks_of(results)}


def findings_in(file):
    """The entries of a findings file. One that is not complete decides nothing."""
    entries = yaml.safe_load(pathlib.Path(file).read_text(encoding="utf-8")) or {}
    for name, entry in entries.items():
        if set(entry) != FIELDS or entry["verdict"] not in ACCUSATIONS or entry["is"] not in (True, "practice"):
            raise ValueError(f"{file}: {name}: an entry has {', '.join(sorted(FIELDS))}, "
                             f"verdict one of {', '.join(ACCUSATIONS)}, is true or practice")
        if not (str(entry["because"] or "").strip() and str(entry["source"] or "").strip()):
            raise ValueError(f"{file}: {name}: because and source must say something")
    return entries


def differences(seen, findings, partial=False):
    """What a test fails for, in words: seen as from verdicts_of, findings as from findings_in. In a partial run, of which
    less can be judged, an entry may go without its evidence."""
    words = []
    for name, record in seen.items():
        everywhere = findings.get(f"*#{record['check']}")
        verdict, entry = record["verdict"], findings.get(name)
        if entry is None and everywhere is not None and verdict == everywhere["verdict"]:
            continue
        if verdict.startswith(BROKEN):
            words.append(f"{name}: {verdict}: {record['observed']}")
        elif verdict in ACCUSATIONS and entry is None:
            words.append(f"{name}: {verdict}, not adjudicated: {record['observed']}")
        elif entry is not None and verdict != entry["verdict"] and not (partial and verdict in UNJUDGED):
            words.append(f"{name}: {verdict}, adjudicated as {entry['verdict']}: {record['observed']}")
    accused = {f"*#{record['check']}" for record in seen.values() if record["verdict"] in ACCUSATIONS}
    words += [f"{name}: adjudicated, and no check of the run" for name in findings
              if name not in seen and name not in accused and not (partial and name.startswith("*#"))]
    return words


def counts(seen):
    """How often each verdict was given to a check, and how many scenarios were judged at all."""
    verdicts = collections.Counter(record["verdict"] for record in seen.values())
    judged = {record["scenario"] for record in seen.values()
              if record["check"] not in IMPLICIT and record["verdict"] in ("PASS", "OBSERVED", *ACCUSATIONS)}
    return {"scenarios judged": len(judged), **dict(sorted(verdicts.items()))}


def draft(seen):
    """What to adjudicate, as entries that are not complete yet."""
    for name, record in seen.items():
        if record["verdict"].startswith(ACCUSATIONS + BROKEN):
            yield (f"# {record.get('statement', '')} ({record.get('level', '')}): expected {record.get('expected', '')}\n"
                   f"# observed {record.get('observed', '')}\n"
                   f"{name}: {{verdict: {record['verdict']}, is: , because: , source: }}\n")


def main(results, findings=None):
    seen = verdicts_of(results)
    print(*draft(seen) if findings is None else differences(seen, findings_in(findings)), sep="\n")
    print("# " + ", ".join(f"{name}: {count}" for name, count in counts(seen).items()))
    return 1 if findings is not None and differences(seen, findings_in(findings)) else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
