"""Types of every kind in the short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from pgcontract.contract.fields import Texts, TypeName
from pgcontract.contract.section import Section
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.composites import Attributes, Collations, CompositeAttributes
from pgcontract.expectations.definitions import DomainForm
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.folding import common, fields, lone
from pgcontract.expectations.object_fold import folded_object
from pgcontract.expectations.object_form import ClosedForm
from pgcontract.expectations.ranges import RangeIs
from pgcontract.expectations.short import Short, bare, stating
from pgcontract.expectations.types import EnumLabels, TypeExists, TypeKinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


@stating(RangeIs, "type")
class RangeForm(Short):
    """As RangeIs has it, without the type. A bare text is the subtype."""


_KINDS = ("enum", "composite", "domain", "range")


class TypeForm(ClosedForm):
    """What may be said of a type: which of the four it is, or by `is_a` that it is another.

    Attributes:
        enum: Its labels, exactly these, in order.
        composite: Its attributes by name, exactly these, in order.
        collations: Of a composite, the collations of attributes by their names, where they are not their types' own.
        domain: The base type, or with `not_null`, `default` and `checks`.
        range: The subtype, or with `multirange`, `operator_class`, `collation` and what else a range has.
        is_a: `base`, or `shell` where it is only announced.
        check_comments: Of a domain, the comments on its checks by their names; `null` for none.
        acl: By role what it was granted, `{public: usage}`, and nothing else to nobody else; `{}` for nothing.
        closed: Whether what is not written is not there: no comment, and nothing granted to anybody.
    """

    enum: Texts | None = None
    composite: Attributes | None = None
    collations: Collations = ()
    domain: Annotated[DomainForm, bare("type", str | DomainForm)] | None = None
    range: Annotated[RangeForm, bare("subtype", str | RangeForm)] | None = None
    is_a: TypeKinds | None = None
    check_comments: dict[str, str | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> TypeForm:
        given = [kind for kind in (*_KINDS, "is_a") if getattr(self, kind) is not None]
        if len(given) > 1:
            raise ValueError(f"a type is not both {given[0]} and {given[1]}")
        if self.collations and self.composite is None:
            raise ValueError("only a composite's attributes have collations of their own")
        if self.check_comments and self.domain is None:
            raise ValueError("only a domain has checks")
        return self

    def expand(self, name: str) -> Iterator[Expectation]:
        """It exists, and is so."""
        return self.over(self._expand(name))

    def _expand(self, name: str) -> Iterator[Expectation]:
        kind: Any = next((kind for kind in _KINDS if getattr(self, kind) is not None), self.is_a)
        yield TypeExists(name, is_a=kind)
        if self.enum is not None:
            yield EnumLabels(name, self.enum)
        if self.composite is not None:
            yield CompositeAttributes(name, self.composite, self.collations)
        if self.domain is not None:
            yield DomainIs(name, **self.domain.given())
        if self.range is not None:
            yield RangeIs(name, **self.range.given())
        for check, comment in self.check_comments.items():
            yield CommentIs("domain constraint", check, comment, of=name)
        yield from self.about("domain" if kind == "domain" else "type", name)


class Types(Section):
    """Types by name: enums, composites, domains, ranges, and others."""

    key: ClassVar[str] = "types"
    place: ClassVar[int] = 40
    root: dict[TypeName, TypeForm]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for exists in said.all(TypeExists):
            content = folded_object(exists, said, "domain" if exists.is_a == "domain" else "type")
            for class_, kind, bare_ in _DEFINITIONS:
                first = class_.positional()[0]
                for each in said.of(class_, **{first: exists.type}):
                    if common(each) == common(exists) and exists.is_a == kind:
                        content.pop("is_a", None)
                        found = fields(each, said, first)
                        content.setdefault(kind, _content(found, bare_))
                        if isinstance(each, CompositeAttributes) and each.collations:
                            content["collations"] = dict(each.collations)
            if exists.is_a == "domain":
                comments = said.of(CommentIs, noun="domain constraint", of=exists.type)
                own = {each.name: each.comment for each in comments if common(each) == common(exists)}
                content |= {"check_comments": own} if own else {}
            yield said.bare(exists.type), TypeForm.folded(content)


_DEFINITIONS: tuple[tuple[type[Expectation], str, str], ...] = (
    (EnumLabels, "enum", "labels"),
    (CompositeAttributes, "composite", "attributes"),
    (DomainIs, "domain", "type"),
    (RangeIs, "range", "subtype"),
)


def _content(found: dict[str, Any], bare_: str) -> Any:
    if bare_ == "attributes":
        return dict(found["attributes"])
    return found["labels"] if bare_ == "labels" else lone(found, bare_)
