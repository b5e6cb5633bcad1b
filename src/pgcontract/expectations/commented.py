"""Which parts of a relation bear a comment: a closed world, so that those without one need no word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Relation, Texts
from pgcontract.expectations.compare import closed
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.verdict import Finding

PARTS = {
    "column": "columns",
    "constraint": "constraints",
    "index": "indexes",
    "policy": "policies",
    "trigger": "triggers",
}
"""What hangs on a relation and can bear a comment, beside its rules, and where its record has it."""
_NOUNS = (*PARTS, "rule")


def _parts(texts: Sequence[str]) -> tuple[str, ...]:
    for text in texts:
        noun, _, name = text.partition(" ")
        if noun not in _NOUNS or not name.strip():
            raise ValueError(f"{text!r} is no part of a relation: write `column amount`, one of {', '.join(_NOUNS)}")
    return tuple(sorted(texts))


class CommentsAre(CatalogExpectation):
    """Of the parts of {table}, exactly {parts} bear a comment.

    A closed world of the comments on its columns, constraints, indexes, policies, triggers and rules, each written
    `column amount`, without the quotes of SQL. What the comments are, `CommentIs` says, as of the table's own.

    Example:
        CommentsAre("invoices", ["column amount", "policy owner_select"])

    Repair: `COMMENT ON … IS NULL` for one that is not wanted.
    """

    table: Relation
    parts: Annotated[Texts, AfterValidator(_parts)]

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.require("comments")
        yield from closed(("comment on", "comments"), self.table, self.parts, commented(catalog, self.table))


def commented(catalog: Catalog, name: str) -> Iterator[str]:
    """The parts of a relation that bear a comment: `column amount`."""
    relation = catalog.relations[name]
    for noun, plural in PARTS.items():
        yield from (f"{noun} {part.name}" for part in getattr(relation, plural).values() if part.comment)
    for rule in catalog.rules.values():
        if rule.relation == relation.name and rule.comment:
            yield f"rule {split(rule.name)[-1]}"
