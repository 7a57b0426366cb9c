#!/usr/bin/env python3
"""Puts the real clients to the test and counts what is said of them: the table in conformance/clients/real/README.md.

    real_counts.py [--build-dir DIR] [--results DIR] [NAME ...]    all of them, by build/dev; "x_oauth2 --real" is a name, too

Exit code 1 if one is accused of something that its findings.yaml does not hold. They are installed or built first, where
they are not yet; --results keeps the runs' JSON Lines.
"""
import argparse
import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import adjudication  # noqa: E402
import real_clients  # noqa: E402

COLUMNS = {"kept": "PASS", "FAIL": "FAIL", "WARN": "WARN", "ADVICE": "ADVICE", "not reached": "NOT_REACHED",
           "not applicable": "NOT_APPLICABLE", "unsupported": "UNSUPPORTED"}
ALL = [*real_clients.CLIENTS, "x_oauth2 --real", "openid_client --real"]


def row(name, seen, wrong):
    """Checks by verdict; the three that every scenario has are counted where they accuse."""
    said = adjudication.counts({key: record for key, record in seen.items()
                                if record["check"] not in adjudication.IMPLICIT or record["verdict"] in adjudication.ACCUSATIONS})
    return [f"`{name}`", said["scenarios judged"], *(said.get(verdict, 0) for verdict in COLUMNS.values()), len(wrong)]


def line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", type=pathlib.Path, default=real_clients.ROOT / "build" / "dev")
    parser.add_argument("--results", type=pathlib.Path, default=None)
    parser.add_argument("name", nargs="*", default=ALL)
    told = parser.parse_args()
    build_dir, failed = told.build_dir.resolve(), False
    print(line(["client", "scenarios judged", *COLUMNS, "false"]) + "\n" + line(["---"] * (len(COLUMNS) + 3)), flush=True)
    with tempfile.TemporaryDirectory() as directory:
        for name in told.name:
            client, *options = name.split()
            results = (told.results or pathlib.Path(directory)) / f"{name.replace(' ', '')}.jsonl"
            seen = real_clients.put_to_the_test(build_dir / "cli" / "assay", build_dir, client, results, *options)
            wrong = adjudication.differences(seen, real_clients.findings_of(client), partial="--real" in options)
            failed |= bool(wrong)
            print(line(row(name, seen, wrong)), flush=True)
            print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
