"""Which documented statements are judged, and how the build finds out."""

import json
import subprocess

import pytest


@pytest.fixture
def index(tmp_path, root):
    """index({file: text}) -> what cmake/index_tests.cmake makes of those unit tests."""
    def run(files):
        for name, text in files.items():
            file = tmp_path / "tests" / "unit" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        output = tmp_path / "index.json"
        subprocess.run(["cmake", f"-DSOURCE={tmp_path}", f"-DOUTPUT={output}", "-P", root / "cmake/index_tests.cmake"],
                       check=True, timeout=60)
        return json.loads(output.read_text())
    return run


def test_a_claim_belongs_to_the_test_it_stands_in(index):
    assert index({"a/x_test.cpp": """#include <gtest/gtest.h>

TEST(One, Claims) {
  oidc::test::judges({"A-1", "A-2"});
}
TEST_F(Two, ClaimsNothing) { EXPECT_EQ(a[0], ";]["); }
TEST_P(Three, ClaimsOverSeveralLines) {
  const char* text = R"(\\[)";
  judges({"B-1",
          "B-2",
  });
}
"""}) == [
        {"test": "One.Claims", "file": "tests/unit/a/x_test.cpp", "line": 4, "ids": ["A-1", "A-2"]},
        {"test": "Three.ClaimsOverSeveralLines", "file": "tests/unit/a/x_test.cpp", "line": 9, "ids": ["B-1", "B-2"]},
    ]


def test_files_come_in_order_and_claims_outside_of_tests_have_no_name(index):
    assert index({
        "b_test.cpp": 'TEST(B, B) {\n  judges({"B"});\n}\n',
        "a_test.cpp": 'void f() { judges({"A"}); }\n',
        "helper.hpp": 'judges({"C"});\n',
    }) == [
        {"test": "", "file": "tests/unit/a_test.cpp", "line": 1, "ids": ["A"]},
        {"test": "B.B", "file": "tests/unit/b_test.cpp", "line": 2, "ids": ["B"]},
    ]


def test_no_claims_are_an_empty_list(index):
    assert index({"a_test.cpp": "TEST(A, A) {}\n"}) == []


def listed(cli, *arguments):
    done = cli("statements", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_statement_tells_what_judges_it(cli):
    statements = {entry["id"]: entry for entry in listed(cli)}
    rotation = statements["RFC6749-6-ROTATION"]
    assert rotation["book"] == "oauth" and rotation["area"] == "RFC6749" and rotation["url"]
    assert (rotation["level"], rotation["strength"], rotation["binds"], rotation["if"]) == (
        "MUST", "keyword", "client", ["refreshes"])
    assert rotation["judged"] and rotation["checks"] and rotation["caught_by"]
    assert set(rotation["caught_by"]) <= set(rotation["checks"])


def test_a_source_and_what_is_not_judged_can_be_chosen(cli):
    everything, oauth = listed(cli), listed(cli, "--source", "oauth")
    assert oauth and oauth == [entry for entry in everything if entry["book"] == "oauth"]
    unjudged = listed(cli, "--unjudged")
    assert unjudged == [entry for entry in everything if not entry["judged"] and "excluded" not in entry]


@pytest.mark.parametrize("book", ["planet_auth", "auth_core"])
def test_nothing_that_a_product_documents_is_left_unjudged(cli, book):
    left = [entry["id"] for entry in listed(cli, "--source", book, "--unjudged")]
    assert left == [], "judge these by a scenario or a unit test, or exclude them with a written reason"


def test_what_auth_core_does_better_is_no_promise_of_planet_auth(cli):
    """The library itself is judged by the book planet_auth."""
    levels = {entry["level"] for entry in listed(cli, "--source", "planet_auth")}
    assert levels == {"MUST", "COMPAT"}
    assert not [entry["id"] for entry in listed(cli, "--source", "planet_auth") if "mended" in entry["source"]]


def test_an_id_is_explained(cli):
    done = cli("statements", "RFR-008")
    assert done.returncode == 0, done.stderr
    for part in ("RFR-008 (MUST): ", "source: planet_auth API documentation", "check: refresh/"):
        assert part in done.stdout


def test_an_area_lists_its_statements(cli):
    done = cli("statements", "rfr")
    assert done.returncode == 0, done.stderr
    ids = [line.split()[0] for line in done.stdout.splitlines()]
    assert ids == [entry["id"] for entry in listed(cli, "RFR")]
    assert all(name.startswith("RFR-") for name in ids)


def test_the_table_counts_by_area_and_level(cli):
    done = cli("statements", "--source", "planet_auth")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["planet_auth"] in lines
    rows = [line for line in lines if len(line) == 8 and line[1] in ("MUST", "COMPAT", "DOCUMENTED", "SHOULD")]
    assert "RFR" in {row[0] for row in rows}
    total = next(line for line in lines if line[:1] == ["all"])
    ids = [entry["id"] for entry in listed(cli, "--source", "planet_auth")]
    assert [line[0] for line in lines[:len(ids)]] == ids, "each is listed before the table"
    assert int(total[1]) == sum(int(row[2]) for row in rows) == len(listed(cli, "--source", "planet_auth"))


@pytest.mark.parametrize(("arguments", "expected"), [
    (["RFR-08"], 'did you mean "RFR-008"?'),
    (["--source", "planet_aut"], 'did you mean "planet_auth"?'),
    (["--source", "zzzz"], "there are: auth_core, http, oauth, oidc, planet_auth, practice"),
    (["RFR-008", "--unjudged"], "--unjudged"),
])
def test_wrong_names_are_2_and_name_the_nearest(cli, arguments, expected):
    done = cli("statements", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
