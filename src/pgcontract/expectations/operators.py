from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pgcontract.catalog.type_forms import OperandForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Named, Routine, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import commas, perhaps, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.operators import Operator

_NAME = re.compile(r"""(?:(?P<schema>"(?:[^"]|"")+"|[^."()]+)\.)?(?P<symbol>[-+*/<>=~!@\#%^&|`?]+)""")
_WHOLE = re.compile(rf"(?P<name>{_NAME.pattern})\s*\((?P<types>.*)\)\s*", re.DOTALL)
_SIDES = 2
_SET_SINCE = 170000
_HINT = "Postgres alters nothing of an operator but what was left open, since version 17: drop it, and make it anew."


def canonical_operator(text: str, schema: str | None = None) -> str:
    """An operator's symbol, qualified where its schema is said.

    Raises:
        ValueError: The text is no such thing.
    """
    found = _NAME.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no operator: write its symbol, or schema.symbol")
    place = split(found["schema"])[0] if found["schema"] else schema
    return found["symbol"] if place is None else f"{quote(place)}.{found['symbol']}"


def operator_name(text: str, schema: str | None = None) -> str:
    """An operator that is written `symbol (left, right)`, its symbol qualified.

    Raises:
        ValueError: The text is no such thing.
    """
    found = _WHOLE.fullmatch(text.strip())
    types = list(commas(found["types"])) if found else []
    if found is None or len(types) != _SIDES or {type_.upper() for type_ in types} == {"NONE"}:
        raise ValueError(f"{text!r} is no operator: write `symbol (left, right)`, `none` for a side that it has not")
    return f"{canonical_operator(found['name'], schema)} ({', '.join(types)})"


OperatorName = Annotated[
    str,
    Named("operator", canonical_operator, "An operator: its symbol, or `schema.symbol`; a bare one is in the suite's."),
]
Operators = Annotated[
    Sequence[Annotated[str, Named("operator", operator_name, "An operator with its types: `symbol (left, right)`.")]],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    AfterValidator(tuple),
]


def operator_signature(catalog: Catalog, name: str, *sides: str | None) -> str:
    """What identifies an operator in the catalog, from its types as an author wrote them.

    Raises:
        FormError: The server does not understand one of them.
    """
    own = ["NONE" if side is None else catalog.own_form(OperandForm(side, name)) for side in sides]
    return f"{name} ({', '.join(own)})"


def _signature(name: str, left: str | None, right: str | None) -> str:
    return f"{name} ({left or 'NONE'}, {right or 'NONE'})"


def operator_sides(operator: str) -> tuple[str, list[str | None]]:
    """The symbol and the types of what `operator_name` gave; None for a side that it has not."""
    found = _WHOLE.fullmatch(operator)
    name, types = (found["name"], commas(found["types"])) if found else ("", ())
    return name, [None if type_.upper() == "NONE" else type_ for type_ in types]


def _symbol(name: str) -> str:
    found = _NAME.fullmatch(name)
    return found["symbol"] if found else name


def _schema(name: str) -> str:
    found = _NAME.fullmatch(name)
    return split(found["schema"])[0] if found and found["schema"] else ""


class _OfOperator(CatalogExpectation):
    operator: OperatorName
    left: Sql | None = None
    right: Sql | None = None

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.left is None and self.right is None:
            raise ValueError("say what stands on its left, on its right, or both")
        return self

    @property
    def subject(self) -> str:
        return f"{self.operator} ({self.left or 'NONE'}, {self.right or 'NONE'})"

    def forms(self) -> Iterable[Form]:
        return (OperandForm(side, self.operator) for side in (self.left, self.right) if side is not None)

    def _whole(self, catalog: Catalog) -> str:
        catalog.schemas[_schema(self.operator)]  # a missing schema is its own failure
        return operator_signature(catalog, self.operator, self.left, self.right)


class OperatorPresent(_OfOperator):
    """There is an operator {operator} between {left} and {right}.

    Without `left` it is a prefix operator; without `right` a postfix one, which Postgres has only before version 14.
    The types, and that of the result (`returns`), are compared as Postgres itself writes them, without their modifiers.
    What else is given is compared as the catalogs have it: the signature of its `function`, its `commutator` and
    `negator` with their schemas, and whether it `hashes` and `merges`.
    The server's own operators, in pg_catalog, are not looked at.

    Example:
        OperatorPresent("<=>", "vector", "vector", returns="float8")

    Repair: install the extension that brings it along, or run the migration that creates it.
    """

    returns: Sql | None = None
    function: Routine | None = None
    commutator: str | None = None
    negator: str | None = None
    hashes: bool | None = None
    merges: bool | None = None

    def forms(self) -> Iterable[Form]:
        yield from super().forms()
        if self.returns is not None:
            yield OperandForm(self.returns, self.operator)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = self._whole(catalog)
        if name not in catalog.operators:
            hint = perhaps(name, catalog.operators)
            yield Finding(f"operator {name} does not exist", expected=name, object=name, hint=hint)
            return
        there = catalog.operators[name]
        if self.returns is not None:
            expected = catalog.own_form(OperandForm(self.returns, self.operator))
            yield from differs(f"result of operator {name}", expected, there.returns)
        for what in ("function", "commutator", "negator", "hashes", "merges"):
            if getattr(self, what) is not None:
                repair = self._repair(what, there, catalog)
                found = differs(f"{what} of operator {name}", getattr(self, what), getattr(there, what), repair=repair)
                hint = None if repair else _HINT
                yield from (replace(finding, hint=hint) for finding in found)

    def _repair(self, what: str, there: Operator, catalog: Catalog) -> tuple[Repair, ...]:
        """Postgres sets since version 17 what was left open, and changes nothing that was set."""
        wanted = getattr(self, what)
        if what == "function" or not wanted or getattr(there, what) or catalog.server.version_number < _SET_SINCE:
            return ()
        sides = (there.right, there.left) if what == "commutator" else (there.left, there.right)
        other = None if wanted is True else catalog.operators.get(_signature(wanted, *sides))
        if wanted is not True and (other is None or getattr(other, what) not in {None, there.name}):
            return ()  # it is made first, and may be linked by that; or is linked to another
        value = "" if wanted is True else f" = operator({wanted})"
        return (Repair(f"alter operator {there.signature} set ({what}{value});"),)


class OperatorAbsent(_OfOperator):
    """There is no operator {operator} between {left} and {right}.

    Example:
        OperatorAbsent("=", "text", "int")

    Repair: drop it.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = self._whole(catalog)
        if name in catalog.operators:
            bound = catalog.operators[name].extension
            yield Finding(
                f"operator {name} exists",
                expected=f"no operator {name}",
                observed=name,
                object=name,
                repair=() if bound else (Repair(f"drop operator if exists {name};"),),
            )


class OperatorsAre(CatalogExpectation):
    """The schema holds exactly the operators {operators}.

    Each is written `symbol (left, right)`, with `none` for the side that a prefix operator has not. Those of extensions
    are left out unless they are named.

    Example:
        OperatorsAre(["=== (text, text)", "!! (none, bigint)"])

    Repair: add an operator that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    operators: Operators
    in_schema: Identifier | None = None

    @model_validator(mode="after")
    def _in_a_schema(self) -> Self:
        if not self.operators and self.in_schema is None:
            raise ValueError("without operators, in_schema must say which schema is to be empty")
        return self

    @property
    def subject(self) -> str:
        return ", ".join(map(quote, self._schemas()))

    def _schemas(self) -> list[str]:
        named = dict.fromkeys(_schema(name) for name, _ in map(self._parts, self.operators))
        return [self.in_schema] if self.in_schema else list(named)

    def _parts(self, operator: str) -> tuple[str, list[str | None]]:
        """The name, in `in_schema` if that was said, and the types."""
        name, sides = operator_sides(operator_name(operator))
        return canonical_operator(_symbol(name) if self.in_schema else name, self.in_schema), sides

    def forms(self) -> Iterable[Form]:
        for name, sides in map(self._parts, self.operators):
            yield from (OperandForm(side, name) for side in sides if side is not None)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        wanted = [(name, operator_signature(catalog, name, *sides)) for name, sides in map(self._parts, self.operators)]
        for schema in self._schemas():
            catalog.schemas[schema]  # a missing schema is its own failure
            expected = [whole for name, whole in wanted if _schema(name) == schema]
            observed = [
                whole
                for whole, it in catalog.operators.items()
                if _schema(it.name) == schema and (whole in expected or it.extension is None)
            ]
            yield from closed(("operator", "operators"), f"schema {quote(schema)}", expected, observed)
