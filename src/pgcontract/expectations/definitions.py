"""More short forms of contract files: by name, what is defined in a schema beside tables and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BeforeValidator

from pgcontract.contract.fields import Relation, Sql, Texts, TypeName
from pgcontract.contract.section import Section
from pgcontract.expectations.domains import DomainIs, Expressions
from pgcontract.expectations.schemas import SchemaExists
from pgcontract.expectations.sections import by_name
from pgcontract.expectations.sequences import SequencePresent, SequenceTypes
from pgcontract.expectations.short import Short, bare
from pgcontract.expectations.types import EnumLabels
from pgcontract.expectations.views import CheckOptions, ViewExists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


class ViewForm(Short):
    """As ViewExists has it, without the name. A bare text is the query."""

    definition: Sql | None = None
    materialized: bool = False
    security_invoker: bool | None = None
    security_barrier: bool | None = None
    check_option: CheckOptions | None = None
    populated: bool | None = None


class Views(Section):
    """Views: a list of names, or by name with the query and the options."""

    key: ClassVar[str] = "views"
    root: Annotated[
        dict[Relation, Annotated[ViewForm, bare("definition", str | ViewForm)]],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, str | ViewForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield ViewExists(name, **form.given())


class SequenceForm(Short):
    """As SequencePresent has it, without the name."""

    type: SequenceTypes | None = None
    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cache: int | None = None
    cycle: bool | None = None
    owned_by: str | None = None


class Sequences(Section):
    """Sequences: a list of names, or by name with their properties."""

    key: ClassVar[str] = "sequences"
    root: Annotated[
        dict[Relation, SequenceForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, SequenceForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield SequencePresent(name, **form.given())


class EnumForm(Short):
    """As EnumLabels has it, without the type. A bare list is the labels."""

    labels: Texts


class Enums(Section):
    """Enums by name, each with exactly its labels, in order."""

    key: ClassVar[str] = "enums"
    root: dict[TypeName, Annotated[EnumForm, bare("labels", str | list[str] | EnumForm)]]

    def expand(self) -> Iterator[Expectation]:
        """Each has these labels."""
        for name, form in self.root.items():
            yield EnumLabels(name, **form.given())


class DomainForm(Short):
    """As DomainIs has it, without the domain. A bare text is the base type."""

    type: Sql
    not_null: bool | None = None
    default: Sql | None = None
    checks: Expressions | None = None


class Domains(Section):
    """Domains by name: the base type alone, or with what else is to be compared."""

    key: ClassVar[str] = "domains"
    root: dict[TypeName, Annotated[DomainForm, bare("type", str | DomainForm)]]

    def expand(self) -> Iterator[Expectation]:
        """Each is so."""
        for name, form in self.root.items():
            yield DomainIs(name, **form.given())


class Schemas(Section):
    """Schemas: a list of names."""

    key: ClassVar[str] = "schemas"
    root: list[str]

    def expand(self) -> Iterator[Expectation]:
        """Each exists."""
        return map(SchemaExists, self.root)
