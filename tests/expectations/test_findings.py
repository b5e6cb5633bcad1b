"""What the findings of every kind say, and that their repairs may be run twice: over all the cases of this folder."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.snapshot import read
from pgcontract.contract import registry
from pgcontract.names import perhaps
from pgcontract.testing import judged

if TYPE_CHECKING:
    from pgcontract.testing import Case
    from pgcontract.verdict import Finding, Outcome

HERE = Path(__file__).parent
NEWEST = 180000


@cache
def cases() -> tuple[tuple[str, Case], ...]:
    """Every case of this folder, with its module's name; they are read anew, for tests cannot import each other."""
    found = []
    for path in sorted(HERE.glob("test_*.py")):
        if path.name not in {"test_all.py", "test_findings.py"}:
            spec = importlib.util.spec_from_file_location(f"findings_{path.stem}", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found += [(path.stem, case) for case in getattr(module, "CASES", ())]
    return tuple(found)


EVERY = [pytest.param(case, id=f"{stem}-{case}"[:150]) for stem, case in cases()]

# What the message of a finding about something that is not there says: then there is nothing to be observed.
ABSENT = re.compile(r"does not|is missing|lacks|has no |is not installed|is several functions|is no ")
# A table of nouns and where the catalog has them, for the nearest name.
NOUNS = {
    "schema": "schemas",
    "table": "tables",
    "relation": "relations",
    "view": "views",
    "sequence": "sequences",
    "extension": "extensions",
    "role": "roles",
    "type": "types",
    "collation": "collations",
    "language": "languages",
    "publication": "publications",
    "subscription": "subscriptions",
    "event trigger": "event_triggers",
    "foreign server": "foreign_servers",
    "foreign data wrapper": "foreign_data_wrappers",
    "foreign table": "foreign_tables",
}
MISSING = re.compile(rf"(?P<noun>{'|'.join(NOUNS)}) .* (does not exist|is not installed)")


# What a statement of a newer version fails with: its words, its options, the columns of its catalogs.
UNKNOWN = (psycopg.errors.SyntaxError, psycopg.errors.InvalidParameterValue, psycopg.errors.UndefinedColumn)


def broken(case: Case, connection: psycopg.Connection[Any]) -> Outcome:
    for statement in filter(str.strip, (case.setup, case.broken)):
        try:
            connection.execute(statement.encode(), prepare=False)
        except UNKNOWN as error:
            if connection.info.server_version >= NEWEST:
                raise
            pytest.skip(f"an older version does not know what the case is about: {error.diag.message_primary}")
    outcome = judged(case.expectation, connection, schema=case.schema, probes=case.probes)
    assert outcome.status == "failed"
    assert outcome.findings
    return outcome


@pytest.mark.parametrize("case", EVERY)
def test_each_finding_can_be_acted_on(case: Case, lab: psycopg.Connection[Any]) -> None:
    """What it says is whole; and its repairs, run twice, leave a database in which the expectation holds."""
    with lab.transaction(force_rollback=True):
        outcome = broken(case, lab)
        for finding in outcome.findings:
            is_whole(finding, outcome, lab)
        if all(finding.repair for finding in outcome.findings) and str(case) not in CANNOT_RUN:
            may_be_run_twice([repair.sql for finding in outcome.findings for repair in finding.repair], case, lab)


def is_whole(finding: Finding, outcome: Outcome, lab: psycopg.Connection[Any]) -> None:
    assert not finding.message.endswith(".")
    assert finding.object
    assert finding.expected
    assert finding.observed or ABSENT.search(finding.message), finding
    assert finding.observed != finding.expected
    missing = MISSING.fullmatch(finding.message)
    if missing and finding.observed is None:
        assert finding.hint == perhaps(str(finding.expected), getattr(read(lab), NOUNS[missing["noun"]]))
    assert finding.repair or reason_for_none(outcome, finding), finding


def reason_for_none(outcome: Outcome, finding: Finding) -> str:
    """Why no repair is derived: what the finding says itself, or else what its kind says of repairs."""
    if finding.hint:
        return finding.hint
    found = re.search(r"^ *Repair: (.+)", registry.offered()[outcome.kind].__doc__ or "", re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


# A repair that the case's database cannot run: nothing updates a made-up old version.
CANNOT_RUN = ("0.9 is older than 0.10",)


def may_be_run_twice(repairs: list[str], case: Case, lab: psycopg.Connection[Any]) -> None:
    if any(" concurrently " in sql for sql in repairs):
        assert all(re.match(r"create (unique )?index concurrently if not exists|reindex ", sql) for sql in repairs)
        return
    for sql in (*repairs, *repairs):
        lab.execute(sql.encode(), prepare=False)
    mended = judged(case.expectation, lab, schema=case.schema, probes=case.probes)
    assert mended.status == "passed", mended.findings
