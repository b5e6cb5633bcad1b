"""The odd objects as they were stored, noun by noun, on every version of Postgres.

`odd/<noun>.json` is what version 18 gives. What an older one gives otherwise stands in `odd/before_<version>.json`,
each difference with its place and the reason; a difference that no reason of `REASONS` explains fails.

After a change on purpose, `PGCONTRACT_UPDATE_ODD=1 pytest tests/catalog/test_odd.py -n 0` stores anew what this
server's version gives; with the same variable, and the newest first because each is told by the next one,
`tools/versions.py 18 17 16 15 14 13 -- tests/catalog/test_odd.py -n 0` stores all. Then read the difference.
"""

from __future__ import annotations

import json
import os
import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog import saved
from pgcontract.catalog.inheritance import ancestors
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog

STORED = Path(__file__).with_name("odd")
NEWEST = 18
MAINTAIN_SINCE = 17
LONGEST = 63  # NAMEDATALEN - 1, in bytes
UPDATE = bool(os.environ.get("PGCONTRACT_UPDATE_ODD"))

# The names that are there because `odd.sql` has a part for servers since that version.
_SINCE = {
    14: r"odd\.(expressions|one_expression|standard\(.*|outproc\(.*|\"returning\"\(.*)$",
    15: r"(odd_filtered|odd_schemas|i_nnd|u_nnd|fk6|odd\.invoker)$",
    18: r"(columns/virtual|c_ne|fk_ne|odd\.booked|odd\.stay)$",
}
REASONS: dict[int, dict[str, str]] = {
    14: {
        "/columns/bytes/stored$": "no column has a compression method of its own",
        "multirange": "a range type has no multirange type, nor casts and functions for it",
        "^roles/odd_(admin|outsider)/member_of$": "there is no pg_read_all_data and no pg_write_all_data",
    },
    15: {
        "^schemas/public/owner$": "public belongs to the superuser, not to pg_database_owner",
        "^schemas/public/grants$": "everybody may create in public",
    },
    16: {
        "^roles/[^/]*/member_of$": "a membership has no options of its own: INHERIT is the member's, SET always true",
        "^views/.*/definition$": "a view's columns are written with their table, also where there is one table only",
    },
    17: {"^roles/odd_(deaf|inner)/member_of$": "there is no pg_maintain"},
    18: {},
}
"""Why an older snapshot is otherwise, by the version that changed it and the place, its keys joined by slashes."""

for _version, _names in _SINCE.items():
    REASONS[_version][_names] = "the odd objects have it since that version only"


def without_maintain(content: Any) -> Any:
    """Before version 17 there is no privilege MAINTAIN, which else is in every list of grants on a relation."""
    if isinstance(content, dict):
        return {key: without_maintain(item) for key, item in content.items()}
    if isinstance(content, list):
        kept = [item for item in content if not (isinstance(item, dict) and item.get("privilege") == "MAINTAIN")]
        return [without_maintain(item) for item in kept]
    return content


def portable(found: dict[str, Any]) -> dict[str, Any]:
    """Without what belongs to this server, and without what extensions bring along."""
    for name in ("name", "version", "version_number", "host", "collation", "character_type", "grants"):
        found["server"][name] = None
    for noun in ("functions", "relations", "types", "operators", "operator_classes", "casts"):
        found[noun] = {key: record for key, record in found[noun].items() if record["extension"] is None}
    found["casts"] = {key: cast for key, cast in found["casts"].items() if not cast["system"]}
    found["extensions"] = {
        key: {field: value for field, value in record.items() if field in {"name", "schema", "owner", "comment"}}
        for key, record in found["extensions"].items()
    }
    found["roles"] = {key: role for key, role in found["roles"].items() if key.startswith("odd")}
    del found["format"], found["written_by"]
    return found


def read_stored(version: int) -> dict[str, Any]:
    """What is stored for a version: the newest's, changed step by step."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in STORED.glob("*.json")}
    steps = {name: found.pop(name) for name in list(found) if name.startswith("before_")}
    for step in range(NEWEST, version, -1):
        found = without_maintain(found) if step == MAINTAIN_SINCE else found
        for change in steps.get(f"before_{step}", ()):
            put(found, change)
    return found


def put(content: dict[str, Any], change: dict[str, Any]) -> None:
    """Make one change; one without a value takes away what is there."""
    *path, last = change["at"]
    for key in path:
        content = content[key]
    if "is" in change:
        content[last] = change["is"]
    else:
        del content[last]


def changes(newer: Any, older: Any, at: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """What must be put into the newer to make the older."""
    if not (isinstance(newer, dict) and isinstance(older, dict)):
        if newer != older:
            yield {"at": [*at], "is": older}
        return
    for key in sorted({*newer, *older}):
        if key not in older:
            yield {"at": [*at, key]}
        elif key not in newer:
            yield {"at": [*at, key], "is": older[key]}
        else:
            yield from changes(newer[key], older[key], (*at, key))


def explained(change: dict[str, Any], version: int) -> dict[str, Any]:
    place = "/".join(change["at"])
    why = (why for pattern, why in REASONS.get(version, {}).items() if re.search(pattern, place))
    return {"why": next(why, None), **change}


def text_of(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def store(found: dict[str, Any], version: int) -> None:
    """Store what this server gave."""
    STORED.mkdir(exist_ok=True)
    if version == NEWEST:
        for path in STORED.glob("*.json"):
            if not path.name.startswith("before_") and path.stem not in found:
                path.unlink()
        for noun, records in found.items():
            (STORED / f"{noun}.json").write_text(text_of(records), "utf-8")
        return
    newer = read_stored(version + 1)
    newer = without_maintain(newer) if version + 1 == MAINTAIN_SINCE else newer
    step = [explained(change, version + 1) for change in changes(newer, found)]
    (STORED / f"before_{version + 1}.json").write_text(text_of(step), "utf-8")


@pytest.fixture(scope="session")
def found(odd: Catalog) -> dict[str, Any]:
    return portable(json.loads(saved.dump(odd)))


def test_the_whole_is_as_it_was_stored(odd: Catalog, found: dict[str, Any]) -> None:
    version = min(odd.server.version_number // 10000, NEWEST)
    if UPDATE:
        store(deepcopy(found), version)
    stored = read_stored(version)
    assert found.keys() == stored.keys()
    for noun, records in found.items():
        assert records == stored[noun], noun
        if version == NEWEST:  # in the same order, too
            assert text_of(records) == (STORED / f"{noun}.json").read_text("utf-8"), noun


def test_every_difference_between_versions_has_its_reason() -> None:
    for step in range(14, NEWEST + 1):
        for change in json.loads((STORED / f"before_{step}.json").read_text("utf-8")):
            assert change["why"], change
            assert change == explained({key: change[key] for key in change if key != "why"}, step)


# How many there are at least; all of them are odd, so none may be gone unnoticed.
AT_LEAST = {
    "schemas": 6,
    "relations": 45,
    "columns": 150,
    "constraints": 38,
    "indexes": 40,
    "policies": 7,
    "triggers": 14,
    "functions": 34,
    "sequences": 7,
    "extensions": 3,
    "roles": 10,
    "types": 18,
    "casts": 3,
    "operators": 6,
    "operator_classes": 2,
    "languages": 4,
    "tablespaces": 2,
    "collations": 3,
    "views": 8,
    "partitions": 7,
    "inheritance": 10,
    "storage": 3,
    "foreign_data_wrappers": 2,
    "foreign_servers": 3,
    "foreign_tables": 3,
    "rules": 4,
    "event_triggers": 3,
    "publications": 3,
    "subscriptions": 1,
    "statistics": 3,
    "default_privileges": 7,
    "text_search_configurations": 2,
    "text_search_dictionaries": 2,
}
PARTS = ("columns", "constraints", "indexes", "policies", "triggers")
KINDS = {
    "relations": ("kind", {"table", "partitioned table", "view", "materialized view", "foreign table"}),
    "functions": ("kind", {"function", "procedure", "aggregate", "window"}),
    "types": ("kind", {"enum", "composite", "domain", "range", "base"}),
    "constraints": ("kind", {"PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK", "EXCLUDE", "TRIGGER"}),
    "policies": ("command", {"ALL", "SELECT", "INSERT", "UPDATE", "DELETE"}),
}


@pytest.fixture(scope="session")
def by_noun(found: dict[str, Any]) -> dict[str, list[Any]]:
    """The records of each noun that is kept by name, and of what hangs on relations."""
    nouns = {noun: list(records.values()) for noun, records in found.items() if noun != "server"}
    for part in PARTS:
        nouns[part] = [record for relation in nouns["relations"] for record in relation[part].values()]
    return nouns


def test_every_noun_is_there_in_number(by_noun: dict[str, list[Any]]) -> None:
    few = {noun: len(records) for noun, records in by_noun.items() if len(records) < AT_LEAST.get(noun, 1)}
    assert not few
    assert set(AT_LEAST) <= set(by_noun)
    assert sum(map(len, by_noun.values())) - len(by_noun["columns"]) >= 300


@pytest.mark.parametrize("noun", KINDS)
def test_every_kind_is_there(by_noun: dict[str, list[Any]], noun: str) -> None:
    field, kinds = KINDS[noun]
    assert kinds <= {record[field] for record in by_noun[noun]}


def test_comments_are_on_everything_that_has_one_read(found: dict[str, Any], by_noun: dict[str, list[Any]]) -> None:
    """But on tablespaces: those that are there belong to the cluster, and one of our own would need a directory."""
    silent = {
        noun
        for noun, records in by_noun.items()
        if "comment" in records[0] and not any(record["comment"] for record in records)
    }
    assert silent <= {"tablespaces"}
    assert found["server"]["comment"]


@pytest.mark.parametrize("noun", ["schemas", "relations", *PARTS, "functions", "types"])
def test_names_are_as_long_as_they_may_be_and_need_their_quotes(by_noun: dict[str, list[Any]], noun: str) -> None:
    names = [record["name"] for record in by_noun[noun]]
    own = [split(name)[-1] for name in names] if noun in {"relations", "functions", "types"} else names
    assert any(len(name.encode()) == LONGEST for name in own)
    assert any(quote(name) != name and name.isalpha() for name in own)  # a reserved word, or not ASCII
    assert any(not re.fullmatch(r"\w+", name) for name in own)


def test_partitions_are_more_than_three_deep(odd: Catalog) -> None:
    assert max(max(ancestors(odd.inheritance, name).values(), default=0) for name in odd.inheritance) >= 3


def test_the_database_and_the_roles_have_settings(found: dict[str, Any]) -> None:
    assert sorted(found["server"]["settings"]) == ['search_path="a b", public', "work_mem=8MB"]
    assert found["roles"]["odd_login"]["settings_here"] == ["lock_timeout=2s"]


def test_a_difference_is_seen(found: dict[str, Any]) -> None:
    """Whatever is changed, added or taken away is a change at its place, and made it gives the other."""
    other = deepcopy(found)
    other["relations"]["odd.child"]["owner"] = "somebody"
    del other["functions"]["odd.touch()"]
    other["rules"]["odd.new"] = {"name": "odd.new"}
    wanted: list[dict[str, Any]] = [
        {"at": ["functions", "odd.touch()"]},
        {"at": ["relations", "odd.child", "owner"], "is": "somebody"},
        {"at": ["rules", "odd.new"], "is": {"name": "odd.new"}},
    ]
    assert list(changes(found, other)) == wanted
    made = deepcopy(found)
    for change in wanted:
        put(made, change)
    assert made == other
    assert explained(wanted[1], NEWEST)["why"] is None
