"""Adds up JUnit files and prints the ten slowest tests, then one line: "N passed, N failed[, N skipped]".

Exit codes: 0 all passed, 1 a test failed or was skipped, 2 no test was run.
"""

import sys
import xml.etree.ElementTree as ET


def count(paths):
    passed = failed = skipped = 0
    for path in paths:
        for case in ET.parse(path).getroot().iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
                skipped += 1
            else:
                passed += 1
    return passed, failed, skipped


def name_of(case):
    """Suite.Name of GoogleTest, the function of pytest."""
    name, suite = case.get("name"), case.get("classname") or ""
    return name if name.startswith("test_") else f"{suite}.{name}"


def slowest(paths, how_many=10):
    """(seconds, name) of the tests that took longest and at least a second, those first."""
    times = [(float(case.get("time") or 0), name_of(case))
             for path in paths for case in ET.parse(path).getroot().iter("testcase")]
    return sorted((time for time in times if time[0] >= 1), reverse=True)[:how_many]


def main(paths):
    for seconds, name in slowest(paths):
        print(f"slow: {seconds:.1f} s {name}")
    passed, failed, skipped = count(paths)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    if passed + failed == 0:
        return 2
    return 1 if failed or skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
