"""The report as JUnit XML, which continuous integration shows as test results.

It is as the schema of Jenkins's xUnit plugin has it (``junit-10.xsd``), which GitLab, Azure and others read too:
a suite for each relation or kind, a case for each expectation. What errored is an ``error``. A warning or a notice does
not break a contract, so its case passes and says what is wrong in its output; what is ignored is skipped.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pgcontract.report.document import arrange
from pgcontract.report.problems import explained, one_line, sentence, skip_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.report.document import Document, Entry, Group
    from pgcontract.verdict import Outcome, Report

_COUNTED = {"failures": "broken", "errors": "errored"}
_NOTED = {"warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """The report as XML, ending with a newline."""
    document = arrange(report)
    root = Element("testsuites", {"name": one_line(report.suite), "time": _seconds(report.duration_ms)})
    _count(root, [entry for group in document.groups for entry in group.entries])
    for group in document.groups:
        root.append(_suite(group, document))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(group: Group, document: Document) -> Element:
    report = document.report
    suite = Element("testsuite", {"name": one_line(group.title)})
    _count(suite, group.entries)
    skipped = sum(entry.outcome.status == "skipped" for entry in group.entries)
    suite.attrib |= {
        "skipped": str(skipped),
        "time": _seconds(group.duration_ms),
        "timestamp": f"{report.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "hostname": one_line(report.database.host),
    }
    properties = SubElement(suite, "properties")
    said = {
        "database": report.database.name,
        "server version": report.database.version,
        "warnings": str(sum(entry.level == "warning" for entry in group.entries)),
        "notices": str(sum(entry.level == "info" for entry in group.entries)),
        "ignored": str(sum(entry.level == "ignored" for entry in group.entries)),
    }
    for name, value in said.items():
        SubElement(properties, "property", {"name": name, "value": one_line(value)})
    for entry in group.entries:
        suite.append(_case(entry, group, document))
    return suite


def _count(element: Element, entries: Iterable[Entry]) -> None:
    levels = [entry.level for entry in entries]
    element.set("tests", str(len(levels)))
    for name, counted in _COUNTED.items():
        element.set(name, str(sum(level == counted for level in levels)))


def _case(entry: Entry, group: Group, document: Document) -> Element:
    outcome = entry.outcome
    case = Element(
        "testcase",
        {
            "name": f"{one_line(outcome.kind)}: {sentence(outcome)}",
            # Jenkins takes what is before the last dot for the package, and all of it for the place in its tree.
            "classname": one_line(f"{document.report.suite}.{group.title}"),
            "time": _seconds(outcome.duration_ms),
        },
    )
    said = explained(outcome, document.report.started_at)
    if entry.level in {"broken", "errored"}:
        tag = "failure" if entry.level == "broken" else "error"
        message = said.partition("\n")[0]
        SubElement(case, tag, {"type": one_line(outcome.kind), "message": message}).text = _placed(said, outcome)
    elif outcome.status == "skipped":
        SubElement(case, "skipped", {"message": skip_reason(outcome)})
    elif said and entry.level in _NOTED:
        SubElement(case, "system-out").text = _placed(f"{_NOTED[entry.level]}: {said}", outcome)
    return case


def _placed(said: str, outcome: Outcome) -> str:
    """What is said, and where in the contract file it is written."""
    place = outcome.location
    return said if place is None else f"{said}\n  at {one_line(place.file)}:{place.line}:{place.column}"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"
