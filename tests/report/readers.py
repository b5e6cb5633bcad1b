"""Each format read back by a tool or schema that is not ours: how many outcomes of which sort it finds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import xmlschema
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics
from prometheus_client.parser import text_string_to_metric_families as as_prometheus
from tap.parser import Parser  # type: ignore[import-untyped]

from pgcontract.report.json import load

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMAS = Path(__file__).parent / "schemas"

Counts = dict[str, int]


@cache
def _xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


@cache
def sarif_schema() -> Any:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


_RESULTS = {Failure: "broken", Error: "errored", Skipped: "skipped"}


def junit(text: str) -> Counts:
    """Counted twice: by the cases, and by what the suites say of them."""
    _xsd().validate(text)
    found: Counter[str] = Counter()
    root = JUnitXml.fromstring(text.encode())
    for suite in root:
        for case in suite:
            kinds = [_RESULTS[type(result)] for result in case.result]
            assert len(kinds) <= 1
            found[kinds[0] if kinds else "passed"] += 1
    said = {
        "broken": sum(suite.failures for suite in root),
        "errored": sum(suite.errors for suite in root),
        "skipped": sum(suite.skipped for suite in root),
    }
    assert said == {key: found[key] for key in said}
    assert sum(suite.tests for suite in root) == found.total()
    return dict(found)


def tap(text: str) -> Counts:
    """A point that fails with TODO does not count, so it passes; what errored is to TAP as what failed."""
    found: Counter[str] = Counter()
    for line in Parser().parse(io.StringIO(text)):
        assert line.category != "unknown", line
        if line.category == "plan":
            found["planned"] = line.expected_tests
        elif line.category == "test":
            found["skipped" if line.skip else "passed" if line.ok or line.todo else "broken"] += 1
            assert line.ok or line.yaml_block["kind"] is not None
    assert found.pop("planned") == found.total()
    return dict(found)


def table(text: str) -> Counts:
    """By the number that findings of one outcome share; no cell is a formula."""
    levels: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        assert None not in row
        assert not [
            cell for cell in row.values() if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        ]
        levels[row["number"]] = row["level"]
    return dict(Counter(levels.values()))


def openmetrics(text: str) -> Counts:
    """As OpenMetrics, and as the older text of Prometheus, which a textfile collector reads."""
    found: Counter[str] = Counter()
    for family in as_openmetrics(text):  # type: ignore[no-untyped-call]
        for sample in family.samples:
            assert set(sample.labels) <= {"suite", "database", "status", "severity"}
            if sample.name == "pgcontract_outcomes":
                found[sample.labels["status"]] += int(sample.value)
    older = sum(s.value for f in as_prometheus(text) for s in f.samples if s.name == "pgcontract_outcomes")
    assert older == found.total()
    return dict(+found)


def sarif(text: str) -> Counts:
    """What the results are, and the outcomes that are counted only."""
    document = json.loads(text)
    sarif_schema().validate(document)
    (run,) = document["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    prints: Counter[str] = Counter()
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        if "suppressions" not in result:
            prints[result["partialFingerprints"]["pgcontract/v1"]] += 1
    assert set(prints.values()) <= {1}
    outcomes: Counts = run["properties"]["outcomes"]
    return outcomes | {"results": prints.total()}


def gitlab(text: str) -> Counts:
    """As GitLab's documentation and its `codeclimate.json` have it."""
    issues = json.loads(text)
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
        assert isinstance(issue["location"]["path"], str)
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return {"results": len(issues)}


COMMAND = re.compile(r"::(error|warning|notice) ([^\n]*?)::([^\n]*)")


def github(text: str) -> Counts:
    """As the runner reads workflow commands: a line each, properties apart by commas, then unescaped."""
    found: Counter[str] = Counter()
    more = 0
    for line in text.removesuffix("\n").split("\n"):
        read = COMMAND.fullmatch(line)
        assert read, line
        found[read[1]] += 1
        properties = dict(each.split("=", 1) for each in read[2].split(","))
        assert properties.keys() <= {"file", "line", "col", "title"}
        if properties["title"] == "pgcontract":
            more = sum(
                int(n.replace(",", ""))
                for n in re.findall(r"([\d,]+) \w+ more(?=,|$)", read[3].rpartition("not shown: ")[2])
            )
    assert max(found.values()) <= 10
    return {"results": found.total() - 1 + more}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        assert tag in {
            "h2", "p", "strong", "em", "code", "details", "summary", "pre", "ul", "li", "br",
            "table", "thead", "tbody", "tr", "th", "td",
        }, tag  # fmt: skip
        assert all(name == "class" and str(value).startswith("language-") for name, value in attrs), attrs


def markdown(text: str) -> Counts:
    """As GitHub draws it, by its tags: a fold for each problem, or its name in a list, or it is counted."""
    assert len(text) <= 65_000
    tags = _Tags()
    tags.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))
    assert tags.found["details"] == tags.found["summary"]
    reasons = len(re.findall(r"^<summary>[\d,]+ (?:skipped|ignored)</summary>$", text, re.MULTILINE))
    named = len(re.findall(r"^- (?:❌|⚠️|🔶|🔹) ", text, re.MULTILINE))
    more = re.search(r"([\d,]+) more not at all: a comment", text)
    return {"troubles": tags.found["details"] - reasons + named + (int(more[1].replace(",", "")) if more else 0)}


def saved(text: str) -> Counts:
    return {str(status): number for status, number in load(text).summary.items()}


READERS: dict[str, Callable[[str], Counts]] = {
    "csv": table,
    "github": github,
    "gitlab": gitlab,
    "json": saved,
    "junit": junit,
    "markdown": markdown,
    "openmetrics": openmetrics,
    "sarif": sarif,
    "tap": tap,
}
