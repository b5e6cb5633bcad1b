"""The report as JSON, for machines: format ``pgcontract.report/1``, described by `SCHEMA`, and read back by `load`."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from pgcontract.errors import PgContractError
from pgcontract.making import many
from pgcontract.report.saved import FORMAT, SavedReport

if TYPE_CHECKING:
    from pgcontract.verdict import Finding, Outcome, Past, Report

SCHEMA = Path(__file__).parent / "schemas" / "report-1.schema.json"

# JSON escapes the first 32 control characters itself. These it would pass on to a terminal; inside a JSON string an
# escape means the same.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Half a surrogate pair is no character: no encoder writes it and hardly a parser reads it. psycopg gives one for a byte
# that is not text, from a database in SQL_ASCII; it is shown as such.
_NO_TEXT = re.compile(r"[\ud800-\udfff]")


def render(report: Report) -> str:
    """The report as JSON, ending with a newline; `load` gives the same report back, whatever text is in it."""
    text = json.dumps(_document(report), ensure_ascii=False, allow_nan=False, indent=2, default=dict)
    text = _NO_TEXT.sub(lambda found: f"\\\\u{ord(found.group()):04x}", text)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def load(text: str) -> Report:
    """The report that `render` made the text of.

    Raises:
        PgContractError: The text is not JSON, not a report of this format, or contradicts itself; the message says
            where.
    """
    with many():
        try:
            saved = SavedReport.model_validate_json(text)
        except ValidationError as error:
            _require_format(_parsed(text))
            raise PgContractError(f"the saved report is damaged: {_first_problem(error)}") from None
        report = saved.restored()
    if (saved.passed, saved.summary) != (report.passed, report.summary):
        raise PgContractError("the saved report is damaged: its verdict or its summary is not that of its outcomes")
    return report


def _document(report: Report) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "suite": report.suite,
        "passed": report.passed,
        "database": asdict(report.database),
        "started_at": report.started_at.astimezone(UTC).isoformat(),
        "duration_ms": report.duration_ms,
        "summary": report.summary,
        "outcomes": [_outcome(outcome) for outcome in report.outcomes],
    } | ({"past": [_past(run) for run in report.past]} if report.past else {})


def _past(run: Past) -> dict[str, Any]:
    return {
        "at": run.at.astimezone(UTC).isoformat(),
        "passed": run.passed,
        "summary": dict(run.summary),
        "duration_ms": run.duration_ms,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    """Every field by its own name; not by `asdict`, which would copy the expectation's values one by one."""
    plain = {field.name: getattr(outcome, field.name) for field in fields(outcome)}
    location = plain.pop("location")
    plain |= {} if location is None else {"location": asdict(location)}
    return plain | {
        "findings": [_finding(finding) for finding in outcome.findings],
        "ignored": [
            asdict(one) | {"until": None if one.until is None else one.until.isoformat()} for one in outcome.ignored
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """Since when is said only where it is known: most reports have no history."""
    plain = asdict(finding)
    if finding.since is None:
        del plain["since"]
    else:
        plain["since"]["at"] = finding.since.at.astimezone(UTC).isoformat()
    return plain


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise PgContractError(
            f"not a report: no JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise PgContractError(f"not a report: no usable JSON: {error}") from None


def _require_format(parsed: Any) -> None:
    found: Any = cast("dict[str, Any]", parsed).get("format") if isinstance(parsed, dict) else None
    if found == FORMAT:
        return
    if isinstance(found, str) and found.startswith("pgcontract."):
        raise PgContractError(f"the saved file has the format {found!r}, and {FORMAT!r} is what can be read here")
    raise PgContractError(f"not a report: nothing in it says that its format is {FORMAT!r}")


def _first_problem(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    first = problems[0]
    place = ".".join(map(str, first["loc"])) or "the whole"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}{more}"
