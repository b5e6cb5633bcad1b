"""The constraints and indexes of a table in its short form, each as its expectation has it, without the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.fields import Identifier, Identifiers
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.object_form import ObjectForm
from pgcontract.expectations.part_form import PartForm
from pgcontract.expectations.short import stating
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


@stating(PrimaryKey, "table")
class PrimaryKeyForm(PartForm):
    """As PrimaryKey has it, without the table. A bare name or list is the columns.

    Attributes:
        name: What it is called, where the table's constraints are closed; `<table>_pkey` unless it is said.
    """

    columns: Identifiers
    name: str | None = None


@stating(ForeignKey, "table")
class ForeignKeyForm(PartForm):
    """As ForeignKey has it, without the table."""

    name: str | None = None


@stating(CheckConstraint, "table")
class CheckForm(PartForm):
    """As CheckConstraint has it, without the table. A bare text is the expression."""

    name: str | None = None


@stating(UniqueConstraint, "table")
class UniqueForm(PartForm):
    """As UniqueConstraint has it, without the table. A bare name or list is the columns."""

    name: str | None = None


@stating(IndexPresent, "table")
class IndexForm(PartForm):
    """As IndexPresent has it, without the table. A bare text or list is the keys."""

    name: str | None = None


@stating(StatisticsPresent, "table")
class StatisticsForm(ObjectForm):
    """As StatisticsPresent has it, without the table. A bare list is the columns and expressions.

    Attributes:
        owned_by: The role that owns it; as for the comment, its name must be said, and it is in the table's schema.
    """

    name: Identifier | None = None

    def expand(self, table: str) -> Iterator[Expectation]:
        """There is such an object, and it is so."""
        yield StatisticsPresent(table, **self.own())
        if self.name is not None:
            *schema, _ = split(table)
            yield from self.over(self.about("statistics", ".".join(map(quote, [*schema, self.name]))))


@stating(ExclusionConstraint, "table")
class ExclusionConstraintForm(PartForm):
    """As ExclusionConstraint has it, without the table. A bare text or list is the elements."""

    name: str | None = None
