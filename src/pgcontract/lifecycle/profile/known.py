"""What the catalog says already of a column's values: of what type they are in the end, and what a CHECK bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.catalog.lexis import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.types import Type

_LISTED = re.compile(r"(?<![<>!])= (?:ANY \(|')")
_FORMED = re.compile(r"~|\bSIMILAR\b|\bposition\b|jsonb?_|\bmatches\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b(?:char_|character_|octet_)?length\(|\bcardinality\(|\barray_length\(")
_BELOW = re.compile(r"<(?!>)")
_ABOVE = re.compile(r"(?<![<-])>")
_DOMAINS = 32
"""How deep domains over domains are followed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a column before a row was read.

    Attributes:
        type: Its type as `format_type` prints it; of a domain, the type below it.
        labels: All labels of an enum.
        not_null: Whether its domain refuses NULL.
        listed: Whether a CHECK says which values there are, as one of a list or one by one.
        formed: Whether a CHECK says of what form they are.
        sized: Whether a CHECK says how long they are.
        bounded: Which of a least and a greatest value a CHECK says.
    """

    type: str
    labels: tuple[str, ...] = ()
    not_null: bool = False
    listed: bool = False
    formed: bool = False
    sized: bool = False
    bounded: tuple[bool, bool] = (False, False)

    @property
    def citext(self) -> bool:
        """Whether it is the extension's text to which capitals are as good as small letters."""
        return self.type.rpartition(".")[2] == "citext"


def known(catalog: Catalog, relation: Relation, column: Column) -> Known:
    """What the catalog says of a column's values."""
    domains, type_ = _below(catalog, column.type)
    checks = [check.expression for domain in domains for check in domain.checks if check.valid]
    checks += [
        each.expression or ""
        for each in relation.having("CHECK")
        if each.validated and each.enforced and names(each.expression or "") & relation.columns.keys() == {column.name}
    ]
    enum = catalog.types.get(type_)
    return Known(
        type_,
        labels=enum.labels if enum is not None and enum.kind == "enum" else (),
        not_null=any(domain.not_null for domain in domains),
        listed=any(map(_LISTED.search, checks)),
        formed=any(map(_FORMED.search, checks)),
        sized=any(map(_LENGTH.search, checks)),
        bounded=(any(map(_ABOVE.search, checks)), any(map(_BELOW.search, checks))),
    )


def _below(catalog: Catalog, type_: str) -> tuple[list[Type], str]:
    """The domains that a type is made of, the outermost first, and the type that is none."""
    domains = list(_domains(catalog, type_))
    return domains, (domains[-1].base or type_) if domains else type_


def _domains(catalog: Catalog, type_: str) -> Iterator[Type]:
    for _ in range(_DOMAINS):
        found = catalog.types.get(type_)
        if found is None or found.kind != "domain" or found.base is None:
            return
        yield found
        type_ = found.base
