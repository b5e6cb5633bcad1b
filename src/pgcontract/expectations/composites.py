from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.type_forms import PartForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Sql, TypeName
from pgcontract.expectations.compare import differs
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.text_search_configurations import meant, named
from pgcontract.expectations.types import find_type, of_kind
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.types import Type


def _pairs(value: Any) -> Any:
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _each_once(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("names an attribute twice")
    return tuple(pairs)


Attributes = Annotated[
    Sequence[tuple[Identifier, Sql]],
    BeforeValidator(_pairs, json_schema_input_type=dict[str, str] | list[tuple[str, str]]),
    AfterValidator(_each_once),
]
"""Names and types, in order: a mapping, or pairs; kept as pairs, for two mappings are equal in any order."""


def _named(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    for _, collation in pairs:
        named(collation)
    return tuple(sorted(_each_once(pairs)))


Collations = Annotated[
    Sequence[tuple[Identifier, str]],
    BeforeValidator(_pairs, json_schema_input_type=dict[str, str] | list[tuple[str, str]]),
    AfterValidator(_named),
]
"""Names and collations: a mapping, or pairs; kept as pairs, by name."""


class CompositeAttributes(CatalogExpectation):
    """The composite type {type} has exactly these attributes, in this order.

    Their types are compared as Postgres itself would store them; and their collations, which are their types' own but
    for those in `collations`. A collation's bare name is in the type's schema if there is one there, else Postgres's
    own. A file may write both as mappings; in Python they are pairs.

    Example:
        CompositeAttributes("address", [("street", "text"), ("zip", "varchar(10)")])

    Repair: attributes are added, dropped or given another type, as long as no table holds the type.
    """

    type: TypeName
    attributes: Attributes
    collations: Collations = ()

    def forms(self) -> Iterable[Form]:
        return (self._form(type_) for _, type_ in self.attributes)

    def _form(self, type_: str) -> PartForm:
        return PartForm(type_, self.type)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        found = find_type(catalog, self.type)
        if found.kind != "composite":
            yield from of_kind(found, "composite")
            return
        expected = {name: catalog.own_form(self._form(type_)) for name, type_ in self.attributes}
        observed = {attribute.name: attribute.type for attribute in found.attributes}
        yield from self._names(expected, observed)
        for name in filter(observed.__contains__, expected):
            mend = Repair(f"alter type {self.type} alter attribute {quote(name)} set data type {expected[name]};")
            what = f"type of attribute {quote(name)} of {self.type}"
            yield from differs(what, expected[name], observed[name], repair=[mend])
        yield from self._collated(catalog, found, expected)
        wanted = [name for name in expected if name in observed]
        there = [name for name in observed if name in expected]
        yield from differs(f"order of the attributes of {self.type}", wanted, there)

    def meant(self, catalog: Catalog) -> dict[str, str]:
        """The canonical names of the collations that are not their types' own, by attribute."""
        schema = schema_of(self.type)
        return {name: meant(written, schema, catalog.collations) for name, written in self.collations}

    def _collated(self, catalog: Catalog, found: Type, expected: Mapping[str, str]) -> Iterator[Finding]:
        wanted = self.meant(catalog)
        for attribute in found.attributes:
            if attribute.name in expected:
                own = wanted.get(attribute.name)
                collate = f" collate {own}" if own else ""
                change = f"alter attribute {quote(attribute.name)} set data type {expected[attribute.name]}{collate}"
                what = f"collation of attribute {quote(attribute.name)} of {self.type}"
                mend = Repair(f"alter type {self.type} {change};")
                yield from differs(what, own, attribute.collation, repair=[mend])

    def _names(self, expected: Mapping[str, str], observed: Mapping[str, str]) -> Iterator[Finding]:
        extra = [name for name in observed if name not in expected]
        for name, type_ in expected.items():
            if name not in observed:
                yield Finding(
                    f"type {self.type} has no attribute {quote(name)}",
                    expected=f"attribute {quote(name)} {type_}",
                    hint=perhaps(name, extra),
                    repair=(Repair(self._add(name, type_)),),
                )
        for name in extra:
            yield Finding(
                f"type {self.type} has an attribute {quote(name)}, which is not in the contract",
                expected=f"no attribute {quote(name)}",
                observed=f"attribute {quote(name)} {observed[name]}",
                repair=(Repair(f"alter type {self.type} drop attribute if exists {quote(name)};", "data loss"),),
            )

    def _add(self, name: str, type_: str) -> str:
        there = (
            "pg_catalog.pg_attribute as a join pg_catalog.pg_type as t on t.typrelid = a.attrelid"
            f" where t.oid = {literal(self.type)}::pg_catalog.regtype and a.attname = {literal(name)}"
            " and not a.attisdropped"
        )
        return unless(f"alter type {self.type} add attribute {quote(name)} {type_};", there)
