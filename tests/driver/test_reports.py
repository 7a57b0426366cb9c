"""The report files, read by parsers that are not ours."""

import html.parser
import json
import re
import xml.etree.ElementTree as ET

import pytest


@pytest.fixture(scope="module")
def reports(assay, tmp_path_factory):
    """One run of the whole library, with every report."""
    from serving import run

    folder = tmp_path_factory.mktemp("reports")
    done = run([assay, "run", "--html", folder / "report.html", "--junit", folder / "junit.xml",
                "--jsonl", folder / "results.jsonl"])
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def listed(assay):
    from serving import run

    return [entry["id"] for entry in json.loads(run([assay, "list", "--json"]).stdout)]


def test_junit_has_a_case_for_every_scenario(reports, listed):
    tree = ET.parse(reports[0] / "junit.xml").getroot()
    cases = [f'{case.get("classname", "")} {case.get("name", "")}' for case in tree.iter("testcase")]
    for scenario in listed:
        assert any(scenario in case or all(part in case for part in scenario.split("/")) for case in cases), scenario
    for suite in tree.iter("testsuite"):
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures")) == len(list(suite.iter("failure")))


def test_json_lines_are_objects_and_name_every_scenario(reports, listed):
    lines = [json.loads(line) for line in (reports[0] / "results.jsonl").read_text().splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    text = (reports[0] / "results.jsonl").read_text()
    for scenario in listed:
        assert json.dumps(scenario) in text


class Page(html.parser.HTMLParser):
    """Text, links to elsewhere, and whether every element was closed in order."""

    VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}

    def __init__(self, text):
        super().__init__()
        self.open, self.outside, self.text, self.ids, self.targets = [], [], [], set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            if name == "href" and value.startswith("#"):
                self.targets.append(value[1:])
            if name == "src" or (name == "href" and tag == "link"):
                self.outside.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def test_html_is_one_whole_page(reports, listed):
    page = Page((reports[0] / "report.html").read_text())
    assert page.open == []
    assert [url for url in page.outside if not url.startswith("data:")] == []
    text = " ".join(page.text)
    for scenario in listed:
        assert scenario in text
    assert [target for target in page.targets if target and target not in page.ids] == []


def test_the_whole_library_is_as_expected(reports):
    last = reports[1].strip().splitlines()[-1]
    assert last.endswith("as expected") and "NOT" not in last, reports[1]


def test_the_last_line_counts_everything(reports, listed):
    last = reports[1].strip().splitlines()[-1]
    assert f"{len(listed)} scenario" in last, last


def test_no_token_is_in_any_report(reports):
    for name in ("report.html", "junit.xml", "results.jsonl"):
        text = (reports[0] / name).read_text()
        assert "eyJhbGciOi" not in text, f"a JWT is in {name}"
        assert "s3cr3t" not in text, f"a client secret is in {name}"


def test_the_same_run_twice_says_the_same(assay, root, tmp_path):
    """Every word of it; where a scenario runs real threads, every verdict (docs/adr/0002-virtual-time.md)."""
    from serving import run

    library = root / "scenarios" / "library"
    threaded = {str(file.relative_to(library)).removesuffix(".yaml") for file in library.rglob("*.yaml")
                if re.search(r"^ *- *{?parallel:", file.read_text(), re.MULTILINE)}
    assert 1 <= len(threaded) <= 10

    def records(name):
        file = tmp_path / name
        run([assay, "run", "--jsonl", file])
        text = re.sub(r"127\.0\.0\.1(:|%3A)\d+", "127.0.0.1:PORT", file.read_text())  # the client's own listener
        return [comparable(json.loads(line)) for line in text.splitlines()]

    def comparable(record):
        if record.get("scenario") in threaded:
            return {name: record.get(name) for name in ("record", "scenario", "check", "statement", "verdict")}
        if record["record"] == "footer":
            del record["virtual_s"]  # the sum over all, the threaded ones among them
        return strip_real_time(record)

    one, other = records("one"), records("other")
    assert len(one) > 300
    for record, again in zip(one, other):
        assert record == again
    assert len(one) == len(other)


def strip_real_time(value):
    if isinstance(value, dict):
        return {name: strip_real_time(member) for name, member in value.items() if not name.startswith("real_")}
    if isinstance(value, list):
        return [strip_real_time(member) for member in value]
    return value
