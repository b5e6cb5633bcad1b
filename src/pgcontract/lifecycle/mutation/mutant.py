"""What a mutant is, and the table of its kinds that each noun's module fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as a kind of mutation makes it.

    Attributes:
        object: The canonical name of what is changed: `public.users.id`.
        change: What is done to it, as a sentence without a period.
        edit: The change in memory.
        ddl: The statements that make it, in order.
        relation: The canonical name of the relation that it belongs to, or None.
        void: Why it changes nothing in effect, or None.
    """

    object: str
    change: str
    edit: Edit
    ddl: tuple[str, ...]
    relation: str | None = None
    void: str | None = None


Make: TypeAlias = "Callable[[World], Iterable[Change]]"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mutation.

    Attributes:
        name: As `--kind` has it: `ColumnDropped`.
        noun: What is changed, in Postgres's words: `column`.
        says: What is done, as a sentence without a period.
        make: All changes of this kind on one database.
        unlike: In what the change in memory is not to the letter what Postgres makes of the statements, or None.
    """

    name: str
    noun: str
    says: str
    make: Make
    unlike: str | None = None


@dataclass(frozen=True)
class Mutant:
    """A database with one change.

    Attributes:
        kind: The name of its kind: `ColumnDropped`.
        noun: What is changed: `column`.
        object: The canonical name of what is changed.
        relation: The canonical name of the relation that it belongs to, or None.
        change: What is done, as a sentence without a period.
        ddl: The statements that make it, in order; some need a superuser.
        edit: The change in memory.
        void: Why it changes nothing in effect, or None.
    """

    kind: str
    noun: str
    object: str
    relation: str | None
    change: str
    ddl: tuple[str, ...]
    edit: Edit = field(repr=False)
    void: str | None = None

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog of the changed database; made when it is first asked for."""
        return self.edit.catalog()


class Kinds(dict[str, Kind]):
    """A noun's table of kinds; each is a function from a database to changes."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self.noun = noun

    def kind(self, name: str, says: str, *, noun: str = "", unlike: str | None = None) -> Callable[[Make], Make]:
        """Enter a function into the table."""

        def enter(make: Make) -> Make:
            self[name] = Kind(name, noun or self.noun, says, make, unlike)
            return make

        return enter


def made(kind: Kind, world: World) -> Iterator[Mutant]:
    """The mutants of one kind."""
    for one in kind.make(world):
        yield Mutant(kind.name, kind.noun, one.object, one.relation, one.change, one.ddl, one.edit, one.void)
