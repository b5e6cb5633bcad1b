"""What can bear a comment or have an owner: the kinds of `kinds.py`, and those that have no plain name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, ValidationInfo

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.catalog.type_forms import OperandForm
from pgcontract.contract.fields import SCHEMA, AnyCase
from pgcontract.expectations import kinds
from pgcontract.expectations.casts import cast_form, cast_sides, cast_signature
from pgcontract.expectations.functions import signature_forms
from pgcontract.expectations.kinds import KINDS
from pgcontract.expectations.operators import operator_name, operator_sides, operator_signature
from pgcontract.names import perhaps, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form


def _as_written(name: str, _schema: str | None) -> str:
    return name


def _nothing(_name: str) -> Iterable[Form]:
    return ()


@dataclass(frozen=True, slots=True)
class _Other:
    """A kind of object that has no name as other objects have.

    Attributes:
        found: The name in the catalog's own form, and the records that it should be among; the last argument is `of`.
        sql: What SQL calls the object, with places for its `name`, its name `quoted`, and `of`.
        canonical: The name as the expectation keeps it; the other argument is the suite's schema.
        forms: What the server is asked about the name.
    """

    found: Callable[[Catalog, str, str | None], tuple[str, Mapping[str, Any]]]
    sql: str
    canonical: Callable[[str, str | None], str] = _as_written
    forms: Callable[[str], Iterable[Form]] = _nothing

    def target(self, name: str, of: str | None) -> str:
        """What SQL calls the object."""
        return self.sql.format(name=name, quoted=quote(name), of=of)


def _database(catalog: Catalog, name: str, _of: str | None) -> tuple[str, Mapping[str, Any]]:
    """The database that is looked at; of any other the catalog knows nothing."""
    return name, {catalog.server.name: catalog.server}


def _cast(catalog: Catalog, name: str, _of: str | None) -> tuple[str, Mapping[str, Any]]:
    return cast_signature(catalog, *cast_sides(name)), catalog.casts


def _cast_name(name: str, _schema: str | None) -> str:
    return "({} AS {})".format(*cast_sides(name))


def _cast_forms(name: str) -> Iterable[Form]:
    return map(cast_form, cast_sides(name))


def _operator(catalog: Catalog, name: str, _of: str | None) -> tuple[str, Mapping[str, Any]]:
    symbol, sides = operator_sides(name)
    return operator_signature(catalog, symbol, *sides), catalog.operators


def _operator_forms(name: str) -> Iterable[Form]:
    symbol, sides = operator_sides(name)
    return [OperandForm(side, symbol) for side in sides if side is not None]


def _domain_constraint(catalog: Catalog, name: str, of: str | None) -> tuple[str, Mapping[str, Any]]:
    return name, {check.name: check for check in catalog.types[of or ""].checks}


_OTHERS: Mapping[str, _Other] = {
    "database": _Other(_database, "database {quoted}"),
    "cast": _Other(_cast, "cast {name}", _cast_name, _cast_forms),
    "operator": _Other(_operator, "operator {name}", operator_name, _operator_forms),
    "domain constraint": _Other(_domain_constraint, "constraint {quoted} on domain {of}"),
}
_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})
_BARE = frozenset({"database", "domain constraint"})
_NOUNS = (*KINDS, *_OTHERS)


def _known(noun: str) -> str:
    if noun not in _NOUNS:
        raise ValueError(f"{noun!r} is none of {', '.join(_NOUNS)}. {perhaps(noun, _NOUNS) or ''}".strip())
    return noun


DescribedNoun = Annotated[str, AnyCase(_NOUNS), AfterValidator(_known)]
"""What Postgres calls a kind of object that can bear a comment."""


def placed_name(name: str, info: ValidationInfo) -> str | None:
    """Validate the name of an object whose `noun` stands before it: bare names are in the suite's schema."""
    other = _OTHERS.get(info.data.get("noun", ""))
    if other is None:
        return kinds.placed_name(name, info)
    if not name.strip():
        raise ValueError("is empty")
    return other.canonical(name, (info.context or {}).get(SCHEMA))


def require_of(noun: str, of: str | None) -> None:
    """Check that `of` is said of what hangs on a table or domain, and of nothing else.

    Raises:
        ValueError: It is not.
    """
    if noun in KINDS:
        kinds.require_table(noun, of)
    elif (noun == "domain constraint") is not (of is not None):
        raise ValueError("say in `of` which domain's constraint" if of is None else f"a {noun} is of no table")


def full_name(noun: str, name: str, of: str | None) -> str:
    """The name of the whole: `public.users.id`, `(integer AS text)`."""
    if noun in KINDS:
        return KINDS[noun].full(name, of)
    shown = quote(name) if noun in _BARE else name
    return shown if of is None else f"{of}.{shown}"


def home(noun: str, name: str, of: str | None = None) -> str | None:
    """The relation that the object is, or hangs on; None for any other."""
    return name if noun in KINDS and KINDS[noun].sql in _RELATIONS else of


def name_forms(noun: str, name: str) -> Iterable[Form]:
    """What the server is to be asked about a name: the types in it."""
    if noun in _OTHERS:
        return _OTHERS[noun].forms(name)
    return signature_forms(name) if KINDS[noun].place == "routine" else ()


def located(catalog: Catalog, noun: str, name: str, of: str | None) -> tuple[Any, str]:
    """The record of an object, and what SQL calls it: `table public.users`, `trigger t on public.users`.

    Raises:
        MissingObjectError: There is none.
        FormError: The server does not understand the types in the name.
    """
    if noun in KINDS:
        record = kinds.locate(catalog, noun, name, of)
        return record, kinds.target(noun, record, of)
    own, there = _OTHERS[noun].found(catalog, name, of)
    if own not in there:
        raise MissingObjectError(noun, *([of] if of else []), own, hint=perhaps(own, there))
    return there[own], _OTHERS[noun].target(own, of)
