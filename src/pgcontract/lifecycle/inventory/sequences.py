"""Sequences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.lifecycle.inventory.frame import Source, acl, described, readable
from pgcontract.names import qualified, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.sequences import Sequence
    from pgcontract.contract.expectation import Expectation


def sequences(source: Source) -> Iterator[Expectation]:
    """Sequences; one behind an identity column is the column's, and has only grants and a comment of its own."""
    for sequence in source.records("sequences"):
        if of_identity(source.catalog, sequence):
            yield from readable(partial(_granted, source, sequence), partial(_comment, sequence))
            continue
        yield from readable(partial(_present, sequence))
        yield from described(source, "sequence", sequence.name, sequence, "sequence")


def _granted(source: Source, sequence: Sequence) -> Iterator[Expectation]:
    yield acl(source, "sequence", sequence.name, sequence, "sequence")


def _comment(sequence: Sequence) -> Iterator[Expectation]:
    yield CommentIs("sequence", sequence.name, sequence.comment)


def _present(sequence: Sequence) -> Iterator[Expectation]:
    yield SequencePresent(
        sequence.name,
        type=sequence.type,  # type: ignore[arg-type]  # one of the three that a sequence can have
        start=sequence.start,
        increment=sequence.increment,
        minimum=sequence.minimum,
        maximum=sequence.maximum,
        cache=sequence.cache,
        cycle=sequence.cycle,
        owned_by=sequence.owned_by,
    )


def of_identity(catalog: Catalog, sequence: Sequence) -> bool:
    """Whether a sequence is the one behind an identity column."""
    if sequence.owned_by is None:
        return False
    schema, table, column = split(sequence.owned_by)
    relation = catalog.relations.get(qualified(schema, table))
    return relation is not None and column in relation.columns and relation.columns[column].identity is not None
