"""The constraints and indexes of a table in its short form, each as its expectation has it, without the table."""

from __future__ import annotations

from pgcontract.contract.fields import Identifier, Identifiers, Routine, Sql, Texts
from pgcontract.expectations.foreign_keys import Actions, Matches
from pgcontract.expectations.part_form import PartForm
from pgcontract.expectations.short import Short
from pgcontract.expectations.statistics import Kinds


class PrimaryKeyForm(PartForm):
    """As PrimaryKey has it, without the table. A bare name or list is the columns.

    Attributes:
        name: What it is called, where the table's constraints are closed; `<table>_pkey` unless it is said.
    """

    columns: Identifiers
    deferrable: bool | None = None
    deferred: bool | None = None
    include: Identifiers | None = None
    name: str | None = None


class ForeignKeyForm(PartForm):
    """As ForeignKey has it, without the table."""

    columns: Identifiers
    references: Routine
    on_delete: Actions | None = None
    on_update: Actions | None = None
    name: str | None = None
    deferrable: bool | None = None
    validated: bool = True
    match: Matches | None = None
    on_delete_columns: Identifiers = ()
    deferred: bool | None = None
    enforced: bool = True


class CheckForm(PartForm):
    """As CheckConstraint has it, without the table. A bare text is the expression."""

    expression: Sql
    name: str | None = None
    validated: bool = True
    no_inherit: bool | None = None
    enforced: bool = True


class UniqueForm(PartForm):
    """As UniqueConstraint has it, without the table. A bare name or list is the columns."""

    columns: Identifiers
    name: str | None = None
    nulls_not_distinct: bool | None = None
    include: Identifiers | None = None
    deferrable: bool | None = None
    deferred: bool | None = None


class IndexForm(PartForm):
    """As IndexPresent has it, without the table. A bare text or list is the keys."""

    columns: Texts
    name: str | None = None
    unique: bool | None = None
    method: str = "btree"
    where: Sql | None = None
    include: Identifiers = ()
    nulls_not_distinct: bool | None = None


class StatisticsForm(Short):
    """As StatisticsPresent has it, without the table. A bare list is the columns and expressions."""

    columns: Texts
    gathers: Kinds | None = None
    name: Identifier | None = None


class ExclusionConstraintForm(PartForm):
    """As ExclusionConstraint has it, without the table. A bare text or list is the elements."""

    elements: Texts
    using: str = "gist"
    where: Sql | None = None
    deferrable: bool | None = None
    deferred: bool | None = None
    name: str | None = None
