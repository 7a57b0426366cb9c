"""Says in one line what a soak tried and found: summary.py RECORD SEED STATUS PARTS, where STATUS is how pytest ended and PARTS
which tests there must be a record of, as "crash,race".

Exit code 1 if anything was found, or if there is no record of a test.
"""

import json
import pathlib
import sys


def describe(record):
    if record["test"] == "crash":
        return (f"{record['provider']}: {record['kills']} kills amid {record['renewals']} renewals, "
                f"{record['between rotation and save']} between rotation and save, {record['problems']} lost, "
                f"{record['leftovers']} temporary files left")
    if record["test"] == "race":
        return (f"{record['provider']}: {record['rounds']} expiries for {record['threads']} threads, "
                f"{record['problems']} not renewed exactly once")
    if record["test"] == "mixed":
        return (f"{record['seconds']:g} s of mixed flows: {record['requests']} requests, {record['faults']} faults, "
                f"{record['problems']} problems, {' and '.join(map(str, record['mib']))} MiB in the end")
    return f"strict issuer: {record['lost']} of {record['kills']} kills between rotation and save, the only ones to lose a session"


def main(path, seed, status, parts):
    file = pathlib.Path(path)
    records = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    missing = [test for test in parts.split(",") if not any(record["test"] == test for record in records)]
    found = status != "0" or missing or any(record.get("problems") for record in records)
    said = [describe(record) for record in records] + [f"{test}: did not end" for test in missing]
    print(f"soak {'FAILED' if found else 'passed'} (seed {seed}): " + "; ".join(said))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
