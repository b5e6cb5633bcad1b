"""What names tell: whether a column is about a person, and which table it refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PERSONAL = frozenset(
    _WORD.findall(
        "account actor addr address age agent approver assigned assignee author bank bic bio birth birthdate "
        "birthday born buyer by card cell cellphone city client comment contact creator customer device dob doctor "
        "driver editor email emails employee fax fingerprint firstname forename guest handle host hostname iban "
        "income inviter ip key lastname lat latitude licence license lng login lon longitude maiden mail manager "
        "member message mobile name names nationality nick nickname note notes nurse operator otp owner patient "
        "person phone phones place plate postal postcode recipient reporter responsible reviewer seller sender "
        "signature sin spouse staff street student sub supervisor surname swift tax teacher tel telephone town url "
        "user username vat wage who whom winner zip zipcode"
    )
)
_SENSITIVE = frozenset(
    _WORD.findall(
        "credential credentials cvc cvv diagnosis disability ethnicity gender hash health marital orientation passport "
        "password passwd pin pwd race religion salary secret sex ssn token"
    )
)
_CLASSES = frozenset(
    _WORD.findall("category class count flag kind language level locale mode plan role state status tier type version")
)


def words(column: str) -> list[str]:
    """The words of a column's name, in small letters: `billingEmail` has two."""
    return [word.lower() for word in _WORD.findall(column)]


def is_personal(column: str) -> bool:
    """Whether a column's name has a word in it that is usually about a person, or a secret: `billing_email`.

    A name that ends with what sorts people or things is about a person only where that itself is nobody's business:
    `account_status` is not, `health_status` is.
    """
    found = words(column)
    if _SENSITIVE.intersection(found) or found in (["first"], ["last"]):
        return True
    return bool(_PERSONAL.intersection(found)) and not is_class(column)


def is_class(column: str) -> bool:
    """Whether a column's name ends with a word for what sorts things: `order_status`."""
    found = words(column)
    return bool(found) and found[-1] in _CLASSES


def is_id(column: str) -> bool:
    """Whether a column is called an identifier: of its own row (`id`), or of another (`user_id`)."""
    name = column.lower()
    return name in {"id", "uuid", "guid"} or name.endswith(("_id", "_uuid")) or column.endswith("Id")


_ENDS = re.compile(r"(?:_|(?<=[a-z])(?=[A-Z]))(id|uuid|guid|code|key|slug|Id|Uuid|Guid|Code|Key|Slug)$")
_PEOPLE = ("users", "user", "profiles", "accounts", "people", "members", "employees", "staff")
_ROLES = frozenset(
    _WORD.findall("author owner creator assignee reviewer approver manager sender recipient inviter editor user member")
)


def referred(catalog: Catalog, relation: Relation, column: str) -> Iterator[str]:
    """What a column seems to refer to by its name, as `table(column)`: `user_id` to the key of `users`, or of `user`.

    Only a key of one column, of the same type, counts: the primary key, or of `country_code` another that is called
    `code`. Words before the table's name say what for (`billing_address_id`), a role stands for who has it
    (`author_id`, `created_by`), and `parent_id` refers to the column's own table. First in the table's schema, then in
    `public`; the longest name first.
    """
    ending = _ENDS.search(column)
    stem = column[: ending.start()] if ending is not None else column.removesuffix("_by")
    if stem == column or not stem:
        return
    called = ending[1].lower() if ending is not None else "id"
    schemas = dict.fromkeys([schema_of(relation.name) or "public", "public"])
    tables = [f"{quote(schema)}.{quote(name)}" for schema in schemas for name in _names(stem, ending is None)]
    tables += [relation.name] if stem == "parent" else []
    for name in dict.fromkeys(tables):
        if name in catalog.relations:
            yield from _keys(catalog.relations[name], called, relation, column)


def _keys(other: Relation, called: str, relation: Relation, column: str) -> Iterator[str]:
    """The keys of a relation that a column with such an ending may refer to."""
    primary = other.primary_key
    alone = [*([primary] if primary is not None else []), *other.having("UNIQUE")]
    for key in (each for each in alone if len(each.columns) == 1):
        name = key.columns[0]
        fits = name.lower() == called or (key is primary and called in {"id", "uuid", "guid"})
        same = other.columns[name].type == relation.columns[column].type
        if fits and same and (other.name, name) != (relation.name, column):
            yield f"{other.name}({quote(name)})"


def _names(stem: str, by: bool) -> Iterator[str]:  # noqa: FBT001 - whether it ended so
    """What a table may be called that a column refers to with such a name before its ending."""
    parts = stem.split("_")
    for place in range(len(parts)):
        yield from _plurals("_".join(parts[place:]))
    if by or parts[-1] in _ROLES:
        yield from _PEOPLE


def _plurals(stem: str) -> Iterator[str]:
    for word in dict.fromkeys([stem, stem[:1].lower() + stem[1:]]):
        yield f"{word}s"
        yield word
        yield f"{word}es"
        if word.endswith("y"):
            yield f"{word[:-1]}ies"
