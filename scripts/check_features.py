"""Checks docs/feature-table.md against test results: each feature that is claimed names a test that ran and passed.

    check_features.py TABLE RESULTS.xml...

TABLE has rows `| number | feature | ours | test |...`. Ours is Y or -, and each Y links to the file of a test whose name
stands in the link: `[Suite.Name](../tests/unit/....cpp)` for GoogleTest, `[test_name](../tests/driver/....py)` for pytest.

Exit codes: 0 all claims hold, 1 one does not (each is told), 2 usage, or the table has no rows.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ET

import count_tests

ROW = re.compile(r"^\|\s*(\d+)\s*\|([^|]+)\|\s*([^|\s]+)\s*\|([^|]*)\|")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def passed_tests(paths):
    """The names of the tests that passed, those with parameters also without them."""
    names = set()
    for path in paths:
        for case in ET.parse(path).getroot().iter("testcase"):
            bad = any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))
            if not bad and case.get("status") not in ("notrun", "disabled", "fail"):
                name = count_tests.name_of(case)
                # pytest: name[parameters]; GoogleTest: Instance/Suite.Name/Parameter. A table may leave out what varies.
                plain = re.sub(r"(\.[^./]+)/[^/]+$", r"\1", name)
                names |= {name, name.partition("[")[0], plain, plain.rpartition("/")[2]}
    return names


def complaints(table, passed):
    """One line for each claim that does not hold, and the number of rows."""
    rows, found = 0, []
    for line in table.read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if not row:
            continue
        rows += 1
        number, feature, ours, proof = row.group(1), row.group(2).strip(), row.group(3), row.group(4)
        links = LINK.findall(proof)
        if ours == "Y" and not links:
            found.append(f"row {number} ({feature}): claimed without a test")
        for name, target in links:
            if not (table.parent / target).is_file():
                found.append(f"row {number} ({feature}): there is no {target}")
            elif name not in passed:
                found.append(f"row {number} ({feature}): {name} did not run and pass")
    return found, rows


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    table = pathlib.Path(arguments[0])
    found, rows = complaints(table, passed_tests(arguments[1:]))
    if rows == 0:
        print(f"{table}: no rows", file=sys.stderr)
        return 2
    for line in found:
        print(f"{table}: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
