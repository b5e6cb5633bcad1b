"""The text formats of one report, as files to read; and the documentation shows no other examples than these.

`PGCONTRACT_UPDATE_FORMATS=1 .venv/bin/pytest -n 0 tests/report/test_golden.py` writes them anew.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pgcontract._version import __version__
from pgcontract.formats import formats
from pgcontract.verdict import Database, Examples, Finding, Ignored, Location, Outcome, Repair, Report, Since

GOLDEN = Path(__file__).parent / "golden"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
UPDATE = bool(os.environ.get("PGCONTRACT_UPDATE_FORMATS"))
FILES = {
    name: f"billing.{name}" if name == each.suffix else f"billing.{name}.{each.suffix}"
    for name, each in formats().items()
    if name != "html"
}
INVOICES = "public.invoices"


def billing() -> Report:
    """A run in which a bit of everything happened."""

    def found(kind: str, subject: str, finding: Finding) -> tuple[Finding, ...]:
        return (finding.identified(kind, subject),)

    amount = f"{INVOICES}.amount"
    wrong = Finding(
        f"type of {amount} is numeric(10,2), not numeric(12,2)", "numeric(12,2)", "numeric(10,2)", amount,
        repair=(Repair(f"alter table {INVOICES} alter column amount type numeric(12,2);", "rewrites the table"),),
        since=Since(datetime(2026, 11, 20, 8, tzinfo=UTC), 5),
    )  # fmt: skip
    policy = Finding(
        f"{INVOICES} has no policy owner_select", "owner_select", hint="Perhaps you meant owner_selects.",
    )  # fmt: skip
    status = f"{INVOICES}.status"
    rows = Finding(
        f"2 of 4,120 values of {status} are not among draft, sent, paid", "all among draft, sent, paid",
        "2 of 4,120 not among draft, sent, paid",
        examples=Examples(("id", "status"), (("1007", "Paid"), ("2210", "sent\t"))),
    )  # fmt: skip
    extra = Ignored(
        "table public.legacy_tax is not expected", "public.legacy_tax", "4d1f5a90c2be7e31",
        "it goes with the old importer", date(2027, 1, 31),
    )  # fmt: skip
    outcomes = (
        Outcome("TableExists", INVOICES, "passed", sentence=f"The table {INVOICES} exists", relation=INVOICES),
        Outcome(
            "ColumnType", amount, "failed", sentence=f"{amount} has the type numeric(12,2)", relation=INVOICES,
            findings=found("ColumnType", amount, wrong), tags=("core",), duration_ms=0.04,
            expectation={"table": INVOICES, "column": "amount", "type": "numeric(12,2)"},
            location=Location("db/contract.yaml", 6, 7),
        ),
        Outcome(
            "PolicyPresent", f"{INVOICES}.owner_select", "failed", sentence=f"{INVOICES} has a policy owner_select",
            relation=INVOICES, findings=found("PolicyPresent", INVOICES, policy), duration_ms=0.05,
            because="customers see their own invoices only", location=Location("db/contract.yaml", 9, 7),
        ),
        Outcome(
            "ValuesInSet", status, "failed", "warning", f"The values of {status} are all among draft, sent, paid",
            relation=INVOICES, findings=found("ValuesInSet", status, rows), duration_ms=1.2,
            location=Location("db/contract.yaml", 11, 5),
        ),
        Outcome(
            "RlsBlocksAnon", INVOICES, "errored", sentence=f"anon can neither see nor change a row of {INVOICES}",
            relation=INVOICES, reason='permission denied to set role "anon"', duration_ms=2.0,
            location=Location("db/contract.yaml", 12, 5),
        ),
        Outcome(
            "CrudWorks", INVOICES, "skipped", sentence=f"rows of {INVOICES} can be created, read, updated and deleted",
            relation=INVOICES, reason="it would have to write", location=Location("db/contract.yaml", 13, 5),
        ),
        Outcome(
            "TablesAre", "public", "skipped", sentence="The tables of public are exactly public.invoices",
            reason="ignored until 2027-01-31: it goes with the old importer", ignored=(extra,),
            location=Location("db/contract.yaml", 14, 5),
        ),
        Outcome(
            "TableExists", 'public."=cmd|\' /C calc\'!A0 <script>"', "passed",
            sentence='The table public."=cmd|\' /C calc\'!A0 <script>" exists',
        ),
    )  # fmt: skip
    return Report(
        "billing", Database("app", "18.6", "db.example"), datetime(2026, 11, 22, 11, tzinfo=UTC), 80.7, outcomes
    )


def steady(name: str, text: str) -> str:
    """Without what changes with the version, and with the words of docstrings."""
    if name != "sarif":
        return text
    document = json.loads(text)
    driver = document["runs"][0]["tool"]["driver"]
    assert driver["semanticVersion"] == __version__
    driver["semanticVersion"] = "1.0.0"
    for rule in driver["rules"]:
        rule["shortDescription"]["text"] = "…"
        rule["fullDescription"]["text"] = rule["help"]["text"] = rule["help"]["markdown"] = "…"
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", FILES)
def test_it_is_as_it_was(name: str) -> None:
    text = steady(name, billing().render(name)).encode()
    file = GOLDEN / FILES[name]
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text)
    assert text == file.read_bytes(), f"see the difference, and if it is meant: {__doc__}"


def test_there_are_no_other_files() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {*FILES.values()}


def test_the_page_shows_a_part_of_each() -> None:
    """Under a heading that names the format, the first fence marked so is a run of its lines, but for `…`."""
    sections = re.split(r"^## (?:.*\()?`(\w+)`\)?\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    shown = dict(zip(sections[::2], sections[1::2], strict=True))
    assert set(FILES) <= set(shown)
    for name, file in FILES.items():
        fence = re.search(r"^(```+)\S* title=\"\S+\"\n(.*?)^\1$", shown[name], re.MULTILINE | re.DOTALL)
        assert fence, name
        text = (GOLDEN / file).read_bytes().decode().replace("\r\n", "\n")
        for part in re.split(r"^\s*…\n", fence[2], flags=re.MULTILINE):
            assert part in text, f"{name}: {part}"
