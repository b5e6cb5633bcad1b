"""What the rows of a database suggest that a contract might say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract._version import __version__
from pgcontract.contract.expectation import DataExpectation
from pgcontract.contract.suite import Suite
from pgcontract.lifecycle.profile.looking import Looking
from pgcontract.lifecycle.profile.tables import PROPOSED
from pgcontract.lifecycle.scope import Scope
from pgcontract.run.runner import snapshot
from pgcontract.run.target import Timeouts, connected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.run.reading import Told
    from pgcontract.run.target import Target

__all__ = ["PROPOSED", "Profile", "heading", "profile", "remarks"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is proposed.

    Attributes:
        suite: The proposals, each tagged `proposed`; with the tables and columns that they are about.
        refused: By relation why it could not be read.
        sampled: The relations of which only a part was read.
    """

    suite: Suite
    refused: Mapping[str, str] = field(default_factory=dict)
    sampled: tuple[str, ...] = ()

    @property
    def of_rows(self) -> Suite:
        """The proposals alone, for a suite that states the tables and columns itself.

        They say not what they were seen on, which each would have to say anew beside a column.
        """
        data = (each for each in self.suite if isinstance(each, DataExpectation))
        return Suite(self.suite.name, [each.model_copy(update={"because": None}) for each in data])


def _silent(_what: str, _share: float) -> None:
    """Nobody looks."""


def profile(  # noqa: PLR0913 - all but the target have a default
    target: Target,
    scope: Scope = Scope(),  # noqa: B008 - a value
    *,
    catalog: Catalog | None = None,
    name: str | None = None,
    sample: float | None = None,
    values: bool = True,
    views: bool = False,
    longest: float | None = None,
    timeouts: Timeouts | None = None,
    told: Told = _silent,
) -> Profile:
    """Propose expectations on rows that the database keeps as it is.

    One scan a table, and a second where it may tell more. All is read in one transaction that only reads. Where
    row-level security would hide rows, a table is refused, and the others are read.

    Args:
        target: The database.
        scope: Which of its tables.
        catalog: What the database is, if that was read before.
        name: What the suite is called; the database's name unless it is given.
        sample: Of large tables read only so many per cent of the rows.
        values: Whether what stands in rows may be in a proposal: bounds, sets and the keys of JSON objects.
        views: Whether views and foreign tables are read, too.
        longest: How long the scans of one table may take, in seconds.
        timeouts: How long to wait.
        told: Told what is being done, and which share of it is done.

    Raises:
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    with connected(target, timeouts or Timeouts()) as connection:
        catalog = catalog or snapshot(connection)
        looking = Looking(catalog, scope, sample=sample, values=values, views=views)
        found = looking.at(connection, longest=longest, told=told)
    suite = Suite(name or catalog.server.name, found)
    return Profile(suite, looking.refused, tuple(looking.sampled))


def heading(profile: Profile, server: str) -> Iterator[str]:
    """What a file of proposals alone says at its top of how it came about, a line each; `server` is its version."""
    yield f"What the rows suggest, written by `pgcontract profile` {__version__} from PostgreSQL {server}."
    yield from remarks(profile)


def remarks(profile: Profile) -> Iterator[str]:
    """What a reader must know of the proposals, a line each."""
    yield f"What is tagged `{PROPOSED}` is a proposal: keep what is meant, delete what is so by chance."
    for relation in profile.sampled:
        yield f"Only a sample was read of {_in_line(relation)}"
    for relation, why in sorted(profile.refused.items()):
        yield f"Not read: {_in_line(f'{relation}: {why}')}"


def _in_line(text: str) -> str:
    """A text that ends no comment."""
    return text if text.isprintable() else repr(text)
