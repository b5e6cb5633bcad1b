"""Publications and default access control lists in the short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from pgcontract.contract.expectation import COMMON
from pgcontract.contract.fields import Identifier, Relation
from pgcontract.contract.section import Section
from pgcontract.expectations.acls import Grants
from pgcontract.expectations.default_acls import DefaultAclIs
from pgcontract.expectations.folding import beside, common, part
from pgcontract.expectations.object_fold import folded_object
from pgcontract.expectations.object_form import ObjectForm, spoken
from pgcontract.expectations.publications import PublicationPresent, TablePublished
from pgcontract.expectations.sections import by_name, names_or_forms
from pgcontract.expectations.short import Short, stating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


@stating(TablePublished, "table", "publication")
class PublishedForm(Short):
    """As TablePublished has it, without the table and the publication."""


@stating(PublicationPresent, "name")
class PublicationForm(ObjectForm):
    """As PublicationPresent has it, without the name.

    Attributes:
        published: By table, which rows and columns of it are published.
    """

    published: dict[Relation, PublishedForm] = Field(default_factory=dict)

    def expand(self, name: str) -> Iterator[Expectation]:
        """It exists, is so, and publishes this of tables."""
        yield PublicationPresent(name, **self.own("published"))
        for table, form in self.published.items():
            yield from self.over([TablePublished(table, name, **form.given())])
        yield from self.over(self.about("publication", name))


class Publications(Section):
    """Publications: a list of names, or by name with what they publish."""

    key: ClassVar[str] = "publications"
    place: ClassVar[int] = 100
    root: Annotated[
        dict[str, PublicationForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, PublicationForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for publication in said.all(PublicationPresent):
            own = common(publication)
            tables = said.of(TablePublished, publication=publication.name)
            made = ((said.bare(each.table), part(each, said, "table", "publication", outer=own)) for each in tables)
            published = {table: content for table, content in made if content is not None}
            content = folded_object(publication, said, "publication")
            yield publication.name, content | ({"published": published} if published else {})

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)


class DefaultAclForm(Short):
    """What a role's new objects are granted, all of it: for one schema, or without `in_schema` for all.

    Attributes:
        creator: The role that makes them.
        in_schema: Where; nothing for everywhere.
        tables: By role what it is granted on each new table, as in `acl`; `{}` for nothing.
        sequences: On each new sequence.
        functions: On each new function.
        types: On each new type.
        schemas: On each new schema.
    """

    creator: Identifier
    in_schema: Identifier | None = None
    tables: Grants | None = None
    sequences: Grants | None = None
    functions: Grants | None = None
    types: Grants | None = None
    schemas: Grants | None = None

    def expand(self) -> Iterator[Expectation]:
        """One expectation for each kind of object."""
        for objects in _OBJECTS:
            grants = getattr(self, objects)
            if grants is not None:
                yield DefaultAclIs(objects, self.creator, grants, in_schema=self.in_schema)  # type: ignore[arg-type]


_OBJECTS = ("tables", "sequences", "functions", "types", "schemas")


class DefaultAcl(Section):
    """What new objects are granted: a list, by who makes them and where."""

    key: ClassVar[str] = "default_acl"
    place: ClassVar[int] = 110
    root: list[DefaultAclForm]

    def expand(self) -> Iterator[Expectation]:
        """All of each."""
        for form in self.root:
            yield from form.over(form.expand())

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[Any, Any]]:
        found: dict[Any, dict[str, Any]] = {}
        for each in said.all(DefaultAclIs):
            place = {} if each.in_schema is None else {"in_schema": each.in_schema}
            key = (each.creator, each.in_schema, common(each))
            of = found.setdefault(key, {"creator": each.creator, **place, **(beside(common(each)) or {})})
            of.setdefault(each.objects, spoken(each.grants))
        for content in found.values():
            ordered = {key: content[key] for key in ("creator", "in_schema", *_OBJECTS, *COMMON) if key in content}
            yield ordered, ordered

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return [content for _, content in entries]
