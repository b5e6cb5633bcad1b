from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.type_forms import PartForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Sql, TypeName
from pgcontract.expectations.compare import differs
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.types import find_type, of_kind
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form


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


class CompositeAttributes(CatalogExpectation):
    """The composite type {type} has exactly these attributes, in this order.

    Their types are compared as Postgres itself would store them. A file may write them as a mapping; in Python they are
    pairs.

    Example:
        CompositeAttributes("address", [("street", "text"), ("zip", "varchar(10)")])

    Repair: attributes are added, dropped or given another type, as long as no table holds the type.
    """

    type: TypeName
    attributes: Attributes

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
        wanted = [name for name in expected if name in observed]
        there = [name for name in observed if name in expected]
        yield from differs(f"order of the attributes of {self.type}", wanted, there)

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
