"""What the search for leaks speaks of: principals, owners, rows, leaks. Plain data, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Place: TypeAlias = tuple[str, str]
"""A column: its relation's canonical name, and its own name without quotes."""

Strength = Literal["told", "used", "follows", "named"]
"""How well it is known that a column says whose a row is: told by the user, used by a policy or a foreign key to the
users, through a parent's row, or by the name alone."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user of a search decides.

    Attributes:
        owners: Columns that hold a row's user, as `table.column`.
        tenants: Columns that hold a row's organisation.
        publics: Relations that everybody may read.
        schemas: Which schemas to search; empty for all that the roles can use.
        principals: Which principals act, by name or role; empty for all.
        examples: How many rows each table gets in each world.
        seed: What the rows are drawn from.
        timeout_ms: How long one attempt may take.
    """

    owners: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    examples: int = 4
    seed: int = 0
    timeout_ms: int = 3000


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who acts.

    Attributes:
        name: `anonymous`, `member`, `admin`, `stranger`, ….
        role: The role of the database that it acts as.
        claims: The claims of its request; None where it has none at all.
        settings: Custom settings of its session, by name.
        phrase: What a sentence calls it: `a signed-in user`.
        rows: Whether it has rows of its own in world A.
        index: Which of its world's users it is.
    """

    name: str
    role: str
    phrase: str
    claims: Mapping[str, Any] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    rows: bool = False
    index: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that an attempt succeeded.

    Attributes:
        kind: `sees`: the last statement gives a row of B's. `changes`: a row of B's is gone or another. `puts`: a row
            that was not there stands in B's world. `rises`: the principal's own row gives it more than it had.
        rows: The names of the rows it is about.
        marks: What is seen of B's: texts of which one stands in what the last statement gives.
        query: For `puts` and `rises`: SQL that gives a row once it has succeeded, for whoever row-level security does
            not hold.
        beside: Texts of which every one stands there as well.
    """

    kind: Literal["sees", "changes", "puts", "rises"]
    rows: tuple[tuple[str, str], ...] = ()
    marks: frozenset[str] = frozenset()
    query: str = ""
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attempt that succeeded.

    Attributes:
        principal: Who made it.
        relation: What it was aimed at: a relation's name or a function's signature.
        command: `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `TRUNCATE` or `EXECUTE`.
        statements: What was run, one after another, as the principal.
        what: What the sentence says after "can": `read a row of another user in public.notes`.
        proof: What shows it.
        tables: The tables whose rows leak.
    """

    principal: Principal
    relation: str
    command: str
    statements: tuple[str, ...]
    what: str
    proof: Proof
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of B's that somebody else can see or change.

    Attributes:
        relation: The relation or function through which it goes.
        command: What is done to it.
        principal: The name of who does it.
        role: The role that it acts as.
        sentence: The whole in one sentence.
        reproduction: A script for psql that shows it, and leaves nothing behind.
        blame: The policy, grant, view, function or trigger that lets it happen.
        tables: The tables whose rows leak.
    """

    relation: str
    command: str
    principal: str
    role: str
    sentence: str
    reproduction: str
    blame: str
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """What could not be told of a relation, and why; `principal` is empty where it holds for all."""

    relation: str
    principal: str
    reason: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found.

    Attributes:
        relations: How many relations were tried.
        functions: How many functions.
        attempts: How many statements or sequences.
        concluded: Whether anything could be told at all: of one table at least its owner sees its rows.
        owners: Whose rows are whose, in words, one entry a relation.
        private: The tables in which there was a row that was B's alone.
    """

    leaks: tuple[Leak, ...]
    inconclusive: tuple[Inconclusive, ...]
    relations: int
    functions: int
    attempts: int
    concluded: bool = True
    owners: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
