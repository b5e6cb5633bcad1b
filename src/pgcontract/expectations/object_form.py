"""What the short forms of objects share: the owner, the comment and the access control list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, Field

from pgcontract.contract.fields import Identifier, Identifiers
from pgcontract.expectations.acls import AclIs, Said
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.folding import PLAIN, Common, common
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.parts import grant
from pgcontract.expectations.short import Short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said as Suite

_ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "USAGE")


class RoleAcl(BaseModel, frozen=True):
    """What one role was granted: `[select, {update: [label]}, insert with grant option]`.

    Attributes:
        whole: On the whole object.
        columns: On some columns only, by privilege.
    """

    whole: Said = ()
    columns: dict[str, Identifiers] = Field(default_factory=dict)


_OnColumns = dict[str, str | list[str]]
Acl = dict[str, Annotated[RoleAcl, BeforeValidator(grant, json_schema_input_type=str | list[str | _OnColumns])]]


class ObjectForm(Short):
    """What may be said of any object.

    Attributes:
        owned_by: The role that owns it.
        comment: The comment on it; `null` for none.
        acl: By role what it was granted, and nothing else to nobody else; `{}` for nothing. The owner has everything,
            unless it is named. `all` is every privilege, `select with grant option` one that may be granted on.
    """

    owned_by: Identifier | None = None
    comment: str | None = None
    acl: Acl | None = None

    def about(self, noun: str, name: str) -> Iterator[Expectation]:
        """What is said of the object as such."""
        if self.owned_by is not None:
            yield OwnerIs(noun, name, self.owned_by)
        if "comment" in self.model_fields_set:
            yield CommentIs(noun, name, self.comment)
        if self.acl is not None:
            yield acl_is(noun, name, self.acl)

    def own(self, *more: str) -> dict[str, Any]:
        """The fields that the author wrote and that the object's own expectation has."""
        return self.given("owned_by", "comment", "acl", *more)


class ClosedForm(ObjectForm):
    """What may be said of an object that is not a relation.

    Attributes:
        closed: Whether what is not written is not there: no comment, nothing granted to anybody, all else as usual.
    """

    closed: bool = False

    usual: ClassVar[Mapping[str, Any]] = {}
    """The fields of the object's own expectation that are so where nothing else is said."""

    @classmethod
    def usually(cls, content: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - for those where it depends
        """The same, beside what is said of it."""
        return dict(cls.usual)

    def about(self, noun: str, name: str) -> Iterator[Expectation]:
        yield from super().about(noun, name)
        if self.closed and "comment" not in self.model_fields_set:
            yield CommentIs(noun, name, None)
        if self.closed and self.acl is None:
            yield AclIs(noun, name, self.granted())

    def granted(self) -> dict[str, str]:
        """What a closed one without `acl` was granted, by role."""
        return {}

    def own(self, *more: str) -> dict[str, Any]:
        given = super().own("closed", *more)
        return self.usually(given) | given if self.closed else given

    @classmethod
    def folded(cls, content: dict[str, Any]) -> dict[str, Any]:
        """The content with `closed`, if that leaves nothing out that is not said."""
        implied: dict[str, Any] = {"comment": None, "acl": {}, **cls.usually(content)}
        if not implied.keys() <= content.keys():
            return content
        about: dict[str, Any] = {key: content[key] for key in ("comment", "owned_by", "acl") if key in content}
        rest = {key: value for key, value in content.items() if key not in about}
        ordered: dict[str, Any] = {**about, "closed": True, **rest}
        return {key: value for key, value in ordered.items() if key not in implied or value != implied[key]}


def acl_is(noun: str, name: str, acl: Mapping[str, RoleAcl]) -> AclIs:
    """The expectation that a list in the short form stands for."""
    grants, columns = _lists(acl)
    return AclIs(noun, name, grants, columns=columns)


def _lists(acl: Mapping[str, RoleAcl]) -> tuple[dict[str, Sequence[str]], dict[str, dict[str, Sequence[str]]]]:
    """The grants on the whole, and those on columns, as AclIs has them."""
    columns: dict[str, dict[str, Sequence[str]]] = {}
    for role, form in acl.items():
        for word, names in form.columns.items():
            for name in names:
                there = columns.setdefault(name, {})
                there[role] = [*there.get(role, ()), word]
    return {role: form.whole for role, form in acl.items() if form.whole or not form.columns}, columns


def described(said: Suite, noun: str, name: str, outer: Common = PLAIN) -> dict[str, Any]:
    """What a suite says of an object as such, as the keys of its form."""
    found: dict[str, Any] = {}
    for comment in said.of(CommentIs, noun=noun, name=name, of=None):
        if common(comment) == outer:
            found.setdefault("comment", comment.comment)
    for owner in said.of(OwnerIs, noun=noun, name=name, of=None):
        if common(owner) == outer:
            found.setdefault("owned_by", owner.owner)
    for acl in said.of(AclIs, noun=noun, name=name):
        if common(acl) == outer:
            found.setdefault("acl", _by_role(acl))
    return found


def spoken(grants: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Grants as a file has them: by role, in lower case."""
    said = {"public" if role == "PUBLIC" else role: _words(words) for role, words in grants.items()}
    return {role: words[0] if len(words) == 1 else words for role, words in sorted(said.items())}


def _by_role(acl: AclIs) -> dict[str, Any]:
    """The list as a file has it: by role, in lower case; what is on columns only after the rest."""
    found: dict[str, list[Any]] = {role: _words(privileges) for role, privileges in acl.grants.items()}
    on_columns: dict[str, dict[str, list[str]]] = {}
    for column, grants in sorted(acl.columns.items()):
        for role, privileges in grants.items():
            for word in _words(privileges):
                on_columns.setdefault(role, {}).setdefault(word, []).append(column)
    for role, words in on_columns.items():
        found.setdefault(role, []).append({word: words[word] for word in _words([*words])})
    return {
        "public" if role == "PUBLIC" else role: words[0] if len(words) == 1 and isinstance(words[0], str) else words
        for role, words in sorted(found.items())
    }


def _words(privileges: Sequence[str]) -> list[str]:
    def rank(word: str) -> tuple[int, str]:
        plain = word.split(maxsplit=1)[0]
        return (_ORDER.index(plain) if plain in _ORDER else len(_ORDER), word)

    return [word.lower() for word in sorted(map(str.upper, privileges), key=rank)]
