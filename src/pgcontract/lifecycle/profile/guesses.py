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
        "account address addr age agent bank bic birth birthdate birthday born card cell cellphone city comment "
        "contact credential credentials cvc cvv device diagnosis dob email emails ethnicity fax fingerprint first "
        "firstname forename gender hash health iban income ip key last lastname lat latitude license licence lng "
        "login lon longitude mail maiden message mobile name names nationality nick nickname note notes otp owner "
        "passport password passwd patient person phone phones pin place plate postal postcode pwd religion salary "
        "secret sex sin ssn street surname swift tax tel telephone token town user username vat wage zip zipcode"
    )
)


def is_personal(column: str) -> bool:
    """Whether a column's name has a word in it that is usually about a person, or a secret: `billing_email`."""
    words = {word.lower() for word in _WORD.findall(column)}
    return bool(words & _PERSONAL)


def referred(catalog: Catalog, relation: Relation, column: str) -> Iterator[str]:
    """What a column seems to refer to by its name, as `table(column)`: `user_id` to the key of `users`, or of `user`.

    Only a key of one column, of the same type, counts; `parent_id` refers to the column's own table. First in the
    table's schema, then in `public`.
    """
    stem = re.sub(r"(?:_id|_uuid|(?<=[a-z])Id)$", "", column)
    if stem == column or not stem:
        return
    schemas = dict.fromkeys([schema_of(relation.name) or "public", "public"])
    names = [f"{quote(schema)}.{quote(name)}" for schema in schemas for name in _plurals(stem)]
    names += [relation.name] if stem == "parent" else []
    for name in names:
        if name not in catalog.relations:
            continue
        other = catalog.relations[name]
        key = other.primary_key
        if key is not None and len(key.columns) == 1:
            same = other.columns[key.columns[0]].type == relation.columns[column].type
            if same and (name, key.columns[0]) != (relation.name, column):
                yield f"{name}({quote(key.columns[0])})"


def _plurals(stem: str) -> Iterator[str]:
    for word in dict.fromkeys([stem, stem[:1].lower() + stem[1:]]):
        yield f"{word}s"
        yield word
        yield f"{word}es"
        if word.endswith("y"):
            yield f"{word[:-1]}ies"
