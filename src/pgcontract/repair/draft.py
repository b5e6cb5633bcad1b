"""A piece of a plan: statements that belong together, what they make and use, and the order in which pieces run."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.catalog.uses import uses
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.verdict import Repair


@dataclass(frozen=True, slots=True)
class Draft:
    """Statements that run one after another, with nothing between them.

    Attributes:
        statements: In their order.
        mends: The messages of the findings that they mend.
        makes: The canonical names of what they make, without argument types.
        needs: The canonical names of what must be there before, beside the names in the statements themselves.
        path: The schemas in which the author's bare names are looked up; empty where there are none.
        main: The statement by which their place in the order is found; the last one where it is None.
        guarded: Whether they drop what nobody said should go, so that the hazard must be allowed.
        late: How many others of its kind must be dropped before, one after another.
        note: What whoever reads it should know besides.
    """

    statements: tuple[Repair, ...]
    mends: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    main: str | None = None
    guarded: bool = False
    late: int = 0
    note: str = ""


_GUARD = re.compile(r"do (\$\w*\$) begin if .*? then (?P<inner>.*) end if; end \1;", re.DOTALL)


def inner(sql: str) -> str:
    """The statement itself, where it stands in a block that first looks whether it is needed."""
    found = _GUARD.fullmatch(sql.strip())
    return found["inner"] if found else sql


_COMMENTS, _DROPS = 90, 95
_TABLE = r'(?:[^\s"]|"(?:[^"]|"")*")+'
# What runs before what, where neither names the other. The first that matches counts.
_PHASES: tuple[tuple[int, str], ...] = (
    (10, "create role"),
    (11, "alter role|alter database"),
    (12, "create schema"),
    (13, "create extension if not exists pl"),
    (14, "create (extension|language)|alter extension"),
    (16, "create (foreign data wrapper|server)"),
    (18, "create (collation|text search)"),
    (20, "alter type .* add value"),
    (22, "create (type|domain)"),
    (24, "alter (type|domain|text search)(?! .* owner to)"),
    (30, "create sequence"),
    (40, "create (unlogged )?(table|foreign table)"),
    (45, "alter table TABLE add column if not exists .* generated always as \\("),
    (41, "alter (foreign )?table TABLE add column"),
    (42, "create (or replace )?(function|procedure)"),
    (43, "create (cast|operator|or replace aggregate)"),
    (44, "alter (foreign )?table TABLE alter column"),
    (45, "alter (foreign )?table TABLE (set|reset) \\(|alter table TABLE set (un)?logged"),
    (46, "alter table TABLE (no inherit|inherit|attach|detach) "),
    (50, "alter table TABLE (drop constraint .* )?add (constraint .* )?(primary key|unique|exclude)"),
    (51, "alter table TABLE (drop constraint .* )?add constraint(?!.* foreign key)"),
    (52, "alter table TABLE (drop constraint .* )?add constraint"),
    (54, "create (unique )?index|reindex"),
    (55, "alter table TABLE validate constraint"),
    (56, "create (or replace )?(materialized )?view|alter view"),
    (57, "refresh"),
    (58, "create (or replace )?rule"),
    (81, "alter sequence .* owned by"),
    (60, "alter sequence(?! .* owner to)"),
    (62, "create statistics|alter table TABLE (cluster|replica identity)"),
    (66, "create (constraint )?trigger|alter table TABLE (enable|disable) .*(trigger|rule)"),
    (68, "create policy|alter policy"),
    (69, "alter table TABLE .*row level security"),
    (70, "(alter|create) (event trigger|publication|subscription)"),
    (72, "alter (foreign data wrapper|server|foreign table)(?! .* owner to)"),
    (80, "alter .* owner to"),
    (82, "alter default privileges"),
    (84, "grant|revoke"),
    (_COMMENTS, "comment on"),
)
_PATTERNS = tuple((phase, re.compile(pattern.replace("TABLE", _TABLE))) for phase, pattern in _PHASES)
_OTHERS = 64
# What is dropped goes before what it hangs on.
_DROP_ORDER = (
    *("event trigger", "publication", "subscription", "policy", "trigger", "rule", "statistics"),
    *("view", "index", "foreign table", "table", "operator class", "operator", "cast"),
    *(
        "aggregate",
        "routine",
        "function",
        "procedure",
        "sequence",
        "domain",
        "type",
        "collation",
        "text search configuration",
    ),
    *("text search dictionary", "server", "foreign data wrapper", "extension", "schema", "role"),
)


_DROPPED_PART = re.compile(rf"alter (foreign )?table {_TABLE} drop (column|constraint) if exists [^;,]+;?")


def phase(draft: Draft) -> tuple[int, int]:
    """When the draft may run at the earliest, as far as that does not depend on what it names."""
    words = " ".join(inner(draft.main or draft.statements[-1].sql)[:4000].split()).lower()
    if words.startswith("drop "):
        rest = words.removeprefix("drop ")
        rest = rest.removeprefix("materialized ")  # they read each other
        noun = next((place for place, noun in enumerate(_DROP_ORDER) if rest.startswith(noun)), len(_DROP_ORDER))
        return _DROPS, noun
    if _DROPPED_PART.fullmatch(words):
        return _DROPS, _DROP_ORDER.index("index")
    return _first(words), 0


def _first(words: str) -> int:
    return next((number for number, pattern in _PATTERNS if pattern.match(words)), _OTHERS)


def ordered(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts so that each comes after those that make what it names; else by phase, and as they were given.

    Where drafts need each other in a ring, the one of the earliest phase goes first.
    """
    keys = [(*phase(draft), draft.late, place) for place, draft in enumerate(drafts)]
    makers: dict[tuple[str, ...], list[int]] = {}
    for place, draft in enumerate(drafts):
        for name in draft.makes:
            parts = split(name)
            for known in {parts, parts[-1:]}:
                makers.setdefault(known, []).append(place)
    waits = [set(_needed(draft, makers)) - {place} for place, draft in enumerate(drafts)]
    return [drafts[place] for place in _sorted(keys, waits)]


def _needed(draft: Draft, makers: dict[tuple[str, ...], list[int]]) -> Iterator[int]:
    if phase(draft)[0] >= _COMMENTS:  # these come last whatever they name
        return
    made = {split(name) for name in draft.makes}
    named = [split(name) for name in draft.needs]
    for statement in draft.statements:
        if statement.sql.startswith("drop "):  # what goes need not be there
            continue
        named += [name for name in uses(inner(statement.sql)).names if len(name) > 1 or draft.path]
    for name in named:
        if name not in made:  # functions of one name would wait for each other
            yield from makers.get(name, ())


def _sorted(keys: Sequence[tuple[int, ...]], waits: list[set[int]]) -> Iterator[int]:
    followers: dict[int, list[int]] = {}
    for place, needed in enumerate(waits):
        for other in needed:
            followers.setdefault(other, []).append(place)
    ready = [(keys[place], place) for place, needed in enumerate(waits) if not needed]
    heapq.heapify(ready)
    left = set(range(len(keys)))
    while left:
        first = min(left, key=keys.__getitem__) if not ready or ready[0][0][0] >= _COMMENTS else None
        # Where none is ready they stand in a ring; and then what comes last anyhow waits until it is resolved.
        ring = first is not None and (not ready or keys[first][0] < _COMMENTS)
        place = first if ring and first is not None else heapq.heappop(ready)[1]
        if place not in left:
            continue
        left.discard(place)
        yield place
        for follower in followers.get(place, ()):
            waits[follower].discard(place)
            if not waits[follower] and follower in left:
                heapq.heappush(ready, (keys[follower], follower))


def merged(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts with the privileges that one role is given, or loses, on one object in one statement.

    Those on columns are one of their own: what is revoked on a table is revoked on its columns, so that nothing of the
    one may pass the other.
    """
    found: dict[object, Draft] = {}
    words: dict[object, list[tuple[str, str]]] = {}
    for draft in drafts:
        privilege = _PRIVILEGE.fullmatch(draft.statements[0].sql) if len(draft.statements) == 1 else None
        if privilege is None:
            found[draft] = draft
            continue
        held = _WORD.findall(privilege["words"])
        key = privilege["verb"], privilege["rest"], any(columns for _, columns in held)
        words.setdefault(key, []).extend(held)
        there = found.get(key, draft)
        sql = f"{privilege['verb']} {_listed(words[key])} on {privilege['rest']}"
        mends = tuple(dict.fromkeys([*there.mends, *draft.mends]))
        found[key] = replace(there, statements=(replace(there.statements[0], sql=sql),), mends=mends)
    return list(found.values())


def _listed(words: Iterable[tuple[str, str]]) -> str:
    """`select (a, b), insert (a)` of the privileges, each with its columns."""
    columns: dict[str, list[str]] = {}
    for privilege, on in words:
        columns.setdefault(privilege, []).extend([on] if on else [])
    return ", ".join(f"{privilege} ({', '.join(on)})" if on else privilege for privilege, on in columns.items())


_COLUMNS = r'(?:"(?:[^"]|"")*"|[^()"])+'
_WORD = re.compile(rf"([a-z]+)(?: \(({_COLUMNS})\))?")
_PRIVILEGE = re.compile(
    rf"(?P<verb>grant|revoke) (?P<words>[a-z]+(?: \({_COLUMNS}\))?(?:, [a-z]+(?: \({_COLUMNS}\))?)*) on (?P<rest>.+;)",
    re.DOTALL,
)
