from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import Suite, __version__, verify
from pgcontract.catalog import saved
from pgcontract.catalog.forms import TypeForm
from pgcontract.errors import PgContractError
from pgcontract.report.json import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog


def test_a_round_trip_is_the_identity(odd: Catalog) -> None:
    text = saved.dump(odd)
    loaded = saved.load(text)
    assert loaded == odd
    assert saved.dump(loaded) == text
    assert loaded.tables == odd.tables
    assert loaded.overloads == odd.overloads
    assert list(loaded.relations["odd.columns"].columns) == list(odd.relations["odd.columns"].columns)


def test_forms_are_one_contracts_and_not_saved(odd: Catalog) -> None:
    asked = replace(odd, forms={TypeForm("int", "odd.columns"): "integer"})
    assert saved.dump(asked) == saved.dump(odd)


HEADING = '{"format": "pgcontract.catalog/%s", "written_by": "pgcontract 9.8.7 from PostgreSQL 19.1"'
READS = f"this is pgcontract {__version__}, which reads pgcontract.catalog/1"
SAYS = "written by pgcontract 9.8.7 from PostgreSQL 19.1"

# What is no saved catalog, why, and what else its refusal says.
STRANGERS = [
    ("", "it is not JSON", ""),
    ("hello", "it is not JSON", ""),
    ('{"format": ', "it is not JSON", ""),
    ("[" * 100_000, "it is not JSON", ""),
    ("1" * 10_000, "it is not JSON", ""),
    ("\N{BYTE ORDER MARK}{}", "it is not JSON", ""),
    ("[]", "it is no JSON object", ""),
    ("null", "it is no JSON object", ""),
    ("{}", "it names no format", ""),
    ('{"openapi": "3.1.0"}', "it names no format", ""),
    ('{"format": "pgcontract.report/1"}', "it is a report, of the format pgcontract.report/1", ""),
    ('{"format": "pgcontract.diff/3"}', "it is a diff, of the format pgcontract.diff/3", ""),
    ('{"format": "pgcontract.catalog/2"}', "its format is pgcontract.catalog/2", READS),
    ('{"format": "pgcontract.catalog/0"}', "its format is pgcontract.catalog/0", READS),
    ('{"format": "other"}', "its format is 'other', not 'pgcontract.catalog/1'", ""),
    ('{"format": ["pgcontract.catalog/1"]}', "its format is ['pgcontract.catalog/1']", ""),
    ('{"format": 1}', "its format is 1, not", ""),
    ('{"format": "pgcontract.catalog/1"}', "damaged at its top: 'server' is missing", "format pgcontract.catalog/1"),
    (HEADING % 1 + "}", "damaged at its top: 'server' is missing", SAYS),
    (HEADING % 1 + ', "server": {"name": ', "it is not JSON", f"format pgcontract.catalog/1, {SAYS}"),
    (HEADING % 2 + "}", "its format is pgcontract.catalog/2", SAYS),
    (HEADING % 2 + ', "tables": [', "it is not JSON", f"format pgcontract.catalog/2, {SAYS}"),
]


@pytest.mark.parametrize(("text", "why", "besides"), STRANGERS, ids=[text[:40] for text, *_ in STRANGERS])
def test_what_is_no_saved_catalog(text: str, why: str, besides: str) -> None:
    with pytest.raises(PgContractError) as caught:
        saved.load(text)
    assert why in str(caught.value)
    assert besides in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "Save it again" in (caught.value.hint or "")


def test_wherever_it_is_cut_off_it_is_refused(odd: Catalog) -> None:
    text = saved.dump(odd)
    for length in range(0, len(text) - 2, len(text) // 97):
        with pytest.raises(PgContractError, match="it is not JSON") as caught:
            saved.load(text[:length])
        if length:
            wrote = f"written by pgcontract {__version__} from PostgreSQL {odd.server.version}"
            assert wrote in str(caught.value)


def test_a_report_is_no_catalog(odd: Catalog) -> None:
    report = verify(Suite("none", []), odd)
    with pytest.raises(PgContractError, match=re.escape("it is a report, of the format pgcontract.report/1")):
        saved.load(render(report))


def _put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def damage(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = value

    return damage


def _drop(*path: str) -> Callable[[dict[str, Any]], None]:
    def damage(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        del content[path[-1]]

    return damage


COLUMN = ("relations", "odd.columns", "columns", "by")
AT_COLUMN = "relations.odd.columns.columns.by"
DAMAGES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_put("server", value=None), "at server: None is no record"),
    (_put("server", value=[]), "at server: [] is no record"),
    (_drop("server", "name"), "at server: 'name' is missing"),
    (_put("server", "version_number", value="180006"), "at server.version_number: '180006' is not a number"),
    (_put("server", "version_number", value=True), "at server.version_number: True is not a number"),
    (_put("server", "version_number", value=1.5), "at server.version_number: 1.5 is not a number"),
    (_put("server", "standby", value="no"), "at server.standby: 'no' is not true or false"),
    (_put("server", "standby", value=0), "at server.standby: 0 is not true or false"),
    (_put("relations", value=[]), "at relations: [] is no record"),
    (_put("extra", value=1), "at its top: 'extra' is unknown"),
    (_put("forms", value={}), "at its top: 'forms' is unknown"),
    (_put("tables", value={}), "at its top: 'tables' is unknown"),
    (_put(*COLUMN, "typ", value="x"), f"at {AT_COLUMN}: 'typ' is unknown"),
    (_put(*COLUMN, "type", value=None), f"at {AT_COLUMN}.type: None is not text"),
    (_put(*COLUMN, "type", value=4), f"at {AT_COLUMN}.type: 4 is not text"),
    (_put(*COLUMN, "default", value=4), f"at {AT_COLUMN}.default: 4 is not text"),
    (_put(*COLUMN, "identity", value="always"), f"at {AT_COLUMN}.identity: 'always' is none of ALWAYS, BY DEFAULT"),
    (_put(*COLUMN, "name", value="other"), f"at {AT_COLUMN}: this is the record of other"),
    (_put(*COLUMN, "grants", value={}), f"at {AT_COLUMN}.grants: {{}} is not a list"),
    (_put(*COLUMN, "grants", value=[1]), f"at {AT_COLUMN}.grants: 1 is no record"),
    (_put("relations", "odd.view", "kind", value="vue"), "at relations.odd.view.kind: 'vue' is none of table"),
    (_put("relations", "odd.view", "kind", value=[]), "at relations.odd.view.kind: [] is none of table"),
    (
        _put("relations", "odd.view", "name", value="odd.other"),
        "at relations.odd.view: this is the record of odd.other",
    ),
    (_put("functions", "odd.touch()", "types", value=["integer"]), "this is the record of odd.touch(integer)"),
    (_put("functions", "odd.touch()", "settings", value="x"), "at functions.odd.touch().settings: 'x' is not a list"),
    (_drop("roles", "odd_reader", "name"), "at roles.odd_reader: 'name' is missing"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGES, ids=[why for _, why in DAMAGES])
def test_damage_is_named_with_its_place(odd: Catalog, damage: Callable[[dict[str, Any]], None], why: str) -> None:
    content = json.loads(saved.dump(odd))
    damage(content)
    with pytest.raises(PgContractError) as caught:
        saved.load(json.dumps(content))
    assert "this saved catalog is damaged" in str(caught.value)
    assert f"written by pgcontract {__version__} from PostgreSQL" in str(caught.value)
    assert why in str(caught.value)


def test_what_a_later_version_added_may_be_missing(odd: Catalog) -> None:
    """A field with a default was not there in an earlier version of the same format."""
    content = json.loads(saved.dump(odd))
    del content["relations"]["odd.view"]["comment"]
    del content["sequences"]
    loaded = saved.load(json.dumps(content))
    assert loaded.relations["odd.view"].comment is None
    assert not loaded.sequences
