"""What `pgcontract check` found, for people, programs, annotations of GitHub Actions, and code scanning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pgcontract._version import __version__
from pgcontract.contract.checking import RULES
from pgcontract.contract.origin import from_here
from pgcontract.report.github import workflow_command
from pgcontract.report.sarif import SCHEMA
from pgcontract.report.text import counted, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.contract.checking import Checked, Trouble

FORMAT = "pgcontract.check/1"


def to_text(found: Sequence[Checked]) -> str:
    """A line for each trouble, as compilers write them, and one that sums up; ends with a newline."""
    lines = [f"{_place(each)}: {each.level}: {line(each.message)}" for each in _troubles(found)]
    return "".join(f"{text}\n" for text in [*lines, summary(found)])


def to_json(found: Sequence[Checked]) -> str:
    """`pgcontract.check/1`, ending with a newline."""
    document = {
        "format": FORMAT,
        "valid": all(each.valid for each in found),
        "files": [
            {
                "source": each.source,
                "suite": each.suite,
                "expectations": each.expectations,
                "troubles": [_trouble(trouble) for trouble in each.troubles],
            }
            for each in found
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_github(found: Sequence[Checked]) -> str:
    """Workflow commands, a line each, the summary last."""
    lines = []
    for each in _troubles(found):
        where = {"file": each.file}
        if each.line is not None:
            where |= {"line": str(each.line), "col": str(each.column or 1)}
        lines.append(workflow_command(each.level, where | {"title": RULES[each.rule]}, line(each.message)))
    return "".join(
        f"{text}\n" for text in [*lines, workflow_command("notice", {"title": "pgcontract check"}, summary(found))]
    )


def to_sarif(found: Sequence[Checked]) -> str:
    """A SARIF log of one run, ending with a newline."""
    rules = [{"id": rule, "shortDescription": {"text": text}} for rule, text in RULES.items()]
    run = {
        "tool": {"driver": {"name": "pgcontract check", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": "pgcontract-check/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in _troubles(found)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


RENDERERS = {"text": to_text, "json": to_json, "github": to_github, "sarif": to_sarif}
"""The formats, by name."""


def summary(found: Sequence[Checked]) -> str:
    """How many files there were, what is in them, and what is wrong, in one line.

    >>> from pgcontract.contract.checking import Checked
    >>> summary([Checked("contract.yaml", (), "shop", 3)])
    'contract.yaml: 3 expectations, nothing wrong'
    """
    what = line(from_here(found[0].source)) if len(found) == 1 else counted(len(found), "file")
    held = counted(sum(each.expectations for each in found), "expectation")
    levels = [trouble.level for trouble in _troubles(found)]
    wrong = [counted(number, word) for word in ("error", "warning") if (number := levels.count(word))]
    if all(each.suite is None for each in found):  # a baseline has none, and nobody knows how many a broken file has
        return f"{what}: {', '.join(wrong) or 'nothing wrong'}"
    return f"{what}: {held}, {', '.join(wrong) or 'nothing wrong'}"


def _troubles(found: Iterable[Checked]) -> Iterator[Trouble]:
    """All of them; what two arguments have in common, once."""
    yield from dict.fromkeys(trouble for each in found for trouble in each.troubles)


def _place(trouble: Trouble) -> str:
    numbers = [str(each) for each in (trouble.line, trouble.column) if each is not None]
    return ":".join([line(trouble.file), *numbers])


def _trouble(trouble: Trouble) -> dict[str, Any]:
    return {
        "rule": trouble.rule,
        "level": trouble.level,
        "message": trouble.message,
        "file": trouble.file,
        "line": trouble.line,
        "column": trouble.column,
    }


def _result(trouble: Trouble) -> dict[str, Any]:
    region = {"startLine": trouble.line or 1} | ({"startColumn": trouble.column} if trouble.column else {})
    uri = quote(trouble.file.replace("\\", "/"), safe="/")
    artifact = {"uri": f"file://{uri}" if uri.startswith("/") else uri}
    return {
        "ruleId": trouble.rule,
        "ruleIndex": list(RULES).index(trouble.rule),
        "level": trouble.level,
        "message": {"text": line(trouble.message)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }
