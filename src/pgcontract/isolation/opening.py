"""Which rows of the worlds are open to everybody on purpose."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.contract.session import Refused
from pgcontract.isolation.boards import is_board
from pgcontract.isolation.publicity import (
    is_face,
    is_open,
    opened_by_policy,
    parents_opened,
    semantically_public,
)

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.vocabulary import Vocabulary

_TELLING = 8
"""How long a text is that stands in no two rows by chance."""


class Opening:
    """Marks the rows that everybody may read.

    Attributes:
        faces: Tables with what people show of themselves; their rows are open, their private columns are not.
    """

    def __init__(self, catalog: Catalog, ownership: Ownership, vocabulary: Vocabulary, publics: set[str]) -> None:
        self._catalog = catalog
        self._ownership = ownership
        self._vocabulary = vocabulary
        self._publics = publics
        self.faces: set[str] = set()

    def mark(self, session: Session, worlds: Worlds) -> None:
        """Mark the rows of both worlds; parents before their children, as they went in."""
        tokens = self._ownership.functions.tokens
        now = session.rows("select pg_catalog.now()::text")[0][0]
        for table in dict.fromkeys(row.table for row in worlds.order):
            relation = self._catalog.tables[table]
            whole = self._whole(relation)
            conditions = list(opened_by_policy(relation, tokens))
            parents = parents_opened(self._catalog, relation, tokens)
            for row in worlds.order:
                if row.table == table and row.world:
                    row.public = (
                        whole
                        or semantically_public(relation, row.values, now, partial(self._vocabulary.labels, table))
                        or any(_holds(session, row, condition) for condition in conditions)
                        or self._through(relation, row, parents, worlds)
                    )
        for row in worlds.order:
            row.public = row.public or (row.by_trigger and _copies_open(row, worlds))

    def _whole(self, relation: Relation) -> bool:
        """Whether the whole table is open on purpose."""
        if relation.name in self._publics:
            return True
        owned = self._ownership.owned.get(relation.name)
        if owned is None or owned.strength == "told":
            return False
        direct = self._ownership.direct.get(relation.name, {})
        users = [column for column in direct if self._ownership.is_user((relation.name, column))]
        if is_open(relation) and is_face(relation, users):
            self.faces.add(relation.name)
            return True
        named_only = owned.strength == "named" and is_open(relation)
        return named_only or is_board(self._catalog, relation, self._ownership.functions.tokens)

    def _through(self, relation: Relation, row: Row, parents: set[str], worlds: Worlds) -> bool:
        """Whether it hangs on an open row whose openness a policy passes on."""
        for key in relation.having("FOREIGN KEY"):
            if key.references in parents and key.references != relation.name:
                wanted = [row.values[column] for column in key.columns]
                for parent in worlds.of(row.world, key.references):
                    if parent.public and [parent.values[c] for c in key.referenced_columns] == wanted:
                        return True
        return False


def _holds(session: Session, row: Row, condition: str) -> bool:
    try:
        return bool(session.rows(f"select 1 from {row.table} where {row.where} and ({condition})"))
    except Refused:
        return False


def _copies_open(row: Row, worlds: Worlds) -> bool:
    """Whether a trigger has made the row of rows that are open, as far as their texts show."""
    text = " ".join(value for value in row.values.values() if value)
    sources = [
        other
        for other in worlds.of(row.world)
        if not other.by_trigger
        and any(value and _is_telling(value) and value in text for value in other.values.values())
    ]
    return bool(sources) and all(other.public for other in sources)


def _is_telling(value: str) -> bool:
    return len(value) >= _TELLING and value[:4].isalpha()
