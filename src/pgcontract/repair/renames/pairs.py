"""Two names that may be one thing's: what a closed world misses, and what it has too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.expectations.kinds import KINDS
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.repair.making.columns import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.said import Said
    from pgcontract.verdict import Finding, Outcome

_MOST = 400
"""Pairs of one kind in one place: where so much is missing and too much, it is another database."""

# By the kind of a closed world: what it closes, and the field that names what that hangs on.
_WORLDS: Mapping[str, tuple[str, str | None]] = {
    "TablesAre": ("table", None),
    "ViewsAre": ("view", None),
    "MaterializedViewsAre": ("materialized view", None),
    "ForeignTablesAre": ("foreign table", None),
    "PartitionsAre": ("table", None),
    "ColumnsAre": ("column", "table"),
    "PoliciesAre": ("policy", "table"),
    "IndexesAre": ("index", "table"),
    "TriggersAre": ("trigger", "table"),
    "RulesAre": ("rule", "relation"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What is there, and what it may have been called, or is to be called.

    Attributes:
        noun: What both are, as `KINDS` has it.
        of: The canonical name of what both hang on, or None.
        old: The name that there is: canonical, a signature, or unquoted where it hangs on something.
        new: The name that the contract has for it.
        mends: The messages of what is found as long as it has the old name.
        objects: What is missing, by the names that findings have for it.
        exact: Whether all that makes the one what it is, as the contract says it, is true of the other.
    """

    noun: str
    of: str | None
    old: str
    new: str
    mends: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    exact: bool = True


def pairs(found: Iterable[tuple[Outcome, Expectation | None]]) -> Iterator[list[Pair]]:
    """All pairs of one kind in one place, where there are any, for each kind and place."""
    for outcome, expectation in found:
        if outcome.status != "failed" or expectation is None:
            continue
        if outcome.kind == "ObjectsAre":
            world = (getattr(expectation, "noun", ""), getattr(expectation, "of", None))
        elif outcome.kind in _WORLDS:
            noun, field = _WORLDS[outcome.kind]
            world = (noun, None if field is None else getattr(expectation, field))
        else:
            continue
        made = list(_paired(*world, outcome.findings))
        if 0 < len(made) <= _MOST:
            yield made


def behind_columns(found: Iterable[tuple[Outcome, Expectation | None]], catalog: Catalog, said: Said) -> Iterator[Pair]:
    """Sequences of columns, which no closed world counts: the column has one, of another name."""
    for outcome, each in found:
        if outcome.status != "failed" or not isinstance(each, SequencePresent) or each.owned_by is None:
            continue
        schema = schema_of(each.sequence)
        owner = owner_of(each.owned_by, schema)
        there = [name for name, one in catalog.sequences.items() if one.owned_by == owner and schema_of(name) == schema]
        if len(there) == 1 and not said.has(SequencePresent, "sequence", there[0]):
            messages = tuple(finding.message for finding in outcome.findings)
            yield Pair("sequence", None, there[0], each.sequence, messages, (each.sequence,))


def _paired(noun: str, of: str | None, findings: Iterable[Finding]) -> Iterator[Pair]:
    missing = [each for each in findings if each.observed is None and each.expected is not None]
    extra = [each for each in findings if each.observed is not None and (each.expected or "").startswith("no ")]
    placed = KINDS[noun].place in {"schema", "routine"}
    noun = "routine" if KINDS[noun].place == "routine" else "constraint" if KINDS[noun].sql == "constraint" else noun
    for lost in missing:
        for there in extra:
            old, new = str(there.observed), str(lost.expected)
            if not placed or schema_of(old) == schema_of(new):
                objects = () if lost.object is None else (lost.object,)
                yield Pair(noun, of, old, new, (lost.message, there.message), objects)
