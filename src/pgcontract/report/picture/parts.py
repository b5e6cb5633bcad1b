"""What a picture of a database shows, without a word about how it looks: plain records for every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Server
    from pgcontract.catalog.constraints import ConstraintKind
    from pgcontract.catalog.relations import Relation
    from pgcontract.report.words.pieces import Words


class Link(NamedTuple):
    """A foreign key.

    Attributes:
        child: The canonical name of the table that refers.
        columns: Its columns.
        parent: The table that is referred to.
        referenced: That one's columns.
        name: The constraint's name.
        required: Whether every row refers to one.
        single: Whether at most one row refers to one.
    """

    child: str
    columns: tuple[str, ...]
    parent: str
    referenced: tuple[str, ...]
    name: str
    required: bool
    single: bool


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column.

    Attributes:
        name: Its name, quoted where it must be.
        default: What it holds unless told otherwise: an expression, or how it is generated; empty for nothing.
        keys: `PK`, `UK` and `FK`, as far as it is or is part of such a key.
        links: The foreign keys that it is part of.
    """

    name: str
    type: str
    nullable: bool
    default: str
    keys: tuple[str, ...]
    links: tuple[Link, ...]
    comment: str | None


class Rule(NamedTuple):
    """A constraint.

    Attributes:
        name: Its name, quoted where it must be.
        kind: Which kind, in SQL's words.
        sql: What it says.
        link: The foreign key, if it is one.
    """

    name: str
    kind: ConstraintKind
    sql: str
    link: Link | None
    comment: str | None


class PolicyRow(NamedTuple):
    """A policy.

    Attributes:
        words: What it lets whom do.
        using: Its SQL in one line; None for none.
        check: Its `WITH CHECK` in one line; None for none.
        ungranted: The roles that it speaks of and that have no privilege for it, quoted.
    """

    name: str
    command: str
    permissive: bool
    words: Words
    using: str | None
    check: str | None
    ungranted: tuple[str, ...]
    comment: str | None

    @property
    def clauses(self) -> tuple[tuple[str, str], ...]:
        """Its SQL, clause by clause; once where both say the same."""
        if self.using and self.using == self.check:
            return (("USING and WITH CHECK", self.using),)
        return tuple((word, sql) for word, sql in (("USING", self.using), ("WITH CHECK", self.check)) if sql)


class Told(NamedTuple):
    """Something by name, and what there is to say about it."""

    name: str
    words: Words
    comment: str | None


class Access(NamedTuple):
    """What a role was granted: by privilege, `yes`, `*` if it may be granted on, or the columns that it is for."""

    role: str
    held: Mapping[str, str]


class Partition(NamedTuple):
    """A partition, and what it holds."""

    name: str
    bound: str


@dataclass(frozen=True, slots=True)
class Card:
    """A relation.

    Attributes:
        relation: Its record.
        anchor: A name for links, its own in the document and the same from run to run.
        rules: Its constraints.
        indexes: Those that serve no constraint.
        security: What row-level security does there, or with whose rights a view is read; None where it has none.
        policies: Its policies.
        referring: The foreign keys of others that refer to it.
        partitions: The partitions that it is cut into.
        notes: What else is unusual about it.
        definition: What a view selects.
        whole: False for a relation that was not asked for, of which only the policies and triggers on it are shown.
    """

    relation: Relation
    anchor: str
    columns: tuple[ColumnRow, ...]
    rules: tuple[Rule, ...]
    indexes: tuple[Told, ...]
    security: Words | None
    policies: tuple[PolicyRow, ...]
    triggers: tuple[Told, ...]
    access: tuple[Access, ...]
    referring: tuple[Link, ...]
    partitions: tuple[Partition, ...]
    notes: tuple[Words, ...]
    definition: str | None
    whole: bool = True

    @property
    def name(self) -> str:
        """The relation's canonical name."""
        return self.relation.name


class FunctionRow(NamedTuple):
    """A function or procedure.

    Attributes:
        name: Its canonical name.
        signature: What identifies it.
        arguments: Its arguments with their names.
        returns: Its result; None for a procedure.
        manner: Its kind, language and volatility.
        definer: Whether it runs with its owner's rights.
        callers: Who was granted to call it besides its owner; `PUBLIC` is everybody.
        settings: What is set while it runs.
    """

    name: str
    signature: str
    anchor: str
    arguments: str
    returns: str | None
    manner: str
    definer: bool
    owner: str
    callers: tuple[str, ...]
    settings: tuple[str, ...]
    comment: str | None


class TypeRow(NamedTuple):
    """A type: an enum with its labels, a domain with its base and checks, and so on."""

    name: str
    kind: str
    labels: tuple[str, ...]
    says: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Tables that are drawn together.

    Attributes:
        title: The schema, and around which table where the schema is cut.
        tables: The tables, by name.
        outside: Tables of other drawings that these refer to.
        links: The foreign keys among them.
        crowded: Whether there are too many links to be told apart, so that it had better not be drawn.
    """

    title: Words
    tables: tuple[str, ...]
    outside: tuple[str, ...]
    links: tuple[Link, ...]
    crowded: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A schema, and what is in it."""

    name: str
    anchor: str
    comment: str | None
    cards: tuple[Card, ...]
    types: tuple[TypeRow, ...]
    functions: tuple[FunctionRow, ...]
    sequences: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A database.

    Attributes:
        parts: Its schemas, `public` first.
        drawings: How its tables hang together.
        extensions: What is installed: name, and version with schema.
        others: The names of what else there is, by noun.
        left_out: How many relations there are that were not asked for.
    """

    server: Server
    parts: tuple[Part, ...]
    drawings: tuple[Drawing, ...]
    extensions: tuple[Told, ...]
    others: Mapping[str, tuple[str, ...]]
    left_out: int

    @property
    def cards(self) -> tuple[Card, ...]:
        """The relations of all schemas."""
        return tuple(card for part in self.parts for card in part.cards)

    @property
    def tables(self) -> tuple[Card, ...]:
        """The tables that were asked for."""
        return tuple(card for card in self.cards if card.whole and card.relation.is_table)

    @property
    def views(self) -> tuple[Card, ...]:
        """The views, materialised views and foreign tables that were asked for."""
        return tuple(card for card in self.cards if card.whole and not card.relation.is_table)
