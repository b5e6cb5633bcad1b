"""More short forms of contract files: by name, what is defined in a schema beside tables and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator

from pgcontract.contract.fields import Identifier, Relation, TypeName
from pgcontract.contract.section import Section
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.folding import common, lone
from pgcontract.expectations.object_fold import folded_object
from pgcontract.expectations.object_form import ClosedForm, described
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.schemas import SchemaExists
from pgcontract.expectations.sections import by_name, names_or_forms
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.short import Short, bare, stating
from pgcontract.expectations.types import EnumLabels
from pgcontract.expectations.usual import usual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


@stating(SequencePresent, "sequence")
class SequenceForm(ClosedForm):
    """As SequencePresent has it, without the name.

    Attributes:
        owned_by: The column that it belongs to, `table.column`.
        owner: The role that owns it.
        acl: By role what it was granted, and nothing else to nobody else; `{}` for nothing.
        closed: Whether what is not written is not there, or as usual: no comment, nothing granted to anybody; a bigint
            that counts from 1 by 1, without a cache, as far as its type goes, and belongs to no column.
    """

    owner: Identifier | None = None

    @classmethod
    def usually(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        type_ = str(content.get("type", "bigint"))
        return {"type": "bigint", **usual("identity", {}, type_)}

    def about(self, noun: str, name: str) -> Iterator[Expectation]:
        """What is said of it as such; here `owned_by` is the column."""
        if self.owner is not None:
            yield OwnerIs(noun, name, self.owner)
        yield from (each for each in super().about(noun, name) if not isinstance(each, OwnerIs))


class Sequences(Section):
    """Sequences: a list of names, or by name with their properties."""

    key: ClassVar[str] = "sequences"
    place: ClassVar[int] = 50
    root: Annotated[
        dict[Relation, SequenceForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, SequenceForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            given = form.given("owner", "comment", "acl", "closed")
            yield SequencePresent(name, **(form.usually(given) | given if form.closed else given))
            yield from form.over(form.about("sequence", name))

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for sequence in said.all(SequencePresent):
            about = described(said, "sequence", sequence.sequence, common(sequence))
            role = {"owner": about.pop("owned_by")} if "owned_by" in about else {}
            content = {**about, **folded_object(sequence, said)}
            yield said.bare(sequence.sequence), {**role, **SequenceForm.folded(content)}

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)


@stating(EnumLabels, "type")
class EnumForm(Short):
    """As EnumLabels has it, without the type. A bare list is the labels."""


class Enums(Section):
    """Enums by name, each with exactly its labels, in order."""

    key: ClassVar[str] = "enums"
    place: ClassVar[int] = 41
    root: dict[TypeName, Annotated[EnumForm, bare("labels", str | list[str] | EnumForm)]]

    def expand(self) -> Iterator[Expectation]:
        """Each has these labels."""
        for name, form in self.root.items():
            yield EnumLabels(name, **form.given())

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for enum in said.all(EnumLabels):
            yield said.bare(enum.type), lone(folded_object(enum, said), "labels")


@stating(DomainIs, "domain")
class DomainForm(Short):
    """As DomainIs has it, without the domain. A bare text is the base type."""


class Domains(Section):
    """Domains by name: the base type alone, or with what else is to be compared."""

    key: ClassVar[str] = "domains"
    place: ClassVar[int] = 42
    root: dict[TypeName, Annotated[DomainForm, bare("type", str | DomainForm)]]

    def expand(self) -> Iterator[Expectation]:
        """Each is so."""
        for name, form in self.root.items():
            yield DomainIs(name, **form.given())

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for domain in said.all(DomainIs):
            yield said.bare(domain.domain), lone(folded_object(domain, said), "type")


class SchemaForm(ClosedForm):
    """What may be said of a schema.

    Attributes:
        acl: By role what it was granted, `{app: usage}`, and nothing else to nobody else; `{}` for nothing.
        closed: Whether what is not written is not there: no comment, and nothing granted to anybody.
    """


class Schemas(Section):
    """Schemas: a list of names, or by name with the owner, the comment and what was granted."""

    key: ClassVar[str] = "schemas"
    place: ClassVar[int] = 30
    root: Annotated[
        dict[str, SchemaForm], BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, SchemaForm])
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.over([SchemaExists(name), *form.about("schema", name)])

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for schema in said.all(SchemaExists):
            yield schema.name, SchemaForm.folded(folded_object(schema, said, "schema"))

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)
