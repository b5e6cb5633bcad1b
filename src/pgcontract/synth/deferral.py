"""Constraints that are put off, and checked before a row is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import qualified, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.synth.bench import Bench


def put_off(bench: Bench) -> None:
    """Put off all constraints that can be, until `check_now`.

    Raises:
        Refused: Postgres refused it.
    """
    bench.session.rows("set constraints all deferred")
    bench.deferred = True


def check_now(bench: Bench, tables: Iterable[str]) -> None:
    """Check what was put off, if anything was; then put off again what is so from the start.

    Raises:
        Refused: A constraint, or a constraint trigger, does not hold.
    """
    if not bench.deferred and not any(_waiting(bench.catalog.relations[table]) for table in tables):
        return
    bench.session.rows("set constraints all immediate")
    bench.deferred = False
    names = ", ".join(_deferred_from_the_start(bench.catalog))
    if names:
        bench.session.rows(f"set constraints {names.replace('%', '%%')} deferred")


def _waiting(relation: Relation) -> bool:
    """Whether something of the table's is checked at the end of the transaction."""
    return any(constraint.deferred for constraint in relation.constraints.values()) or any(
        trigger.deferred for trigger in relation.triggers.values()
    )


def _deferred_from_the_start(catalog: Catalog) -> Iterator[str]:
    for relation in catalog.tables.values():
        schema = split(relation.name)[0]
        for constraint in relation.constraints.values():
            if constraint.deferred:
                yield qualified(schema, constraint.name)
        for trigger in relation.triggers.values():
            if trigger.deferred and trigger.name not in relation.constraints:
                yield qualified(schema, trigger.name)
