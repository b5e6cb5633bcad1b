"""The types of an expectation's fields: names in canonical form, lists that are hashable, SQL texts.

Statically they are `str` or `Sequence[str]`, so that people write plain text; at run time a name is checked and put
into its canonical form, and, when a suite takes the expectation in, into the suite's schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from pgcontract.names import canonical, signature
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic.json_schema import JsonSchemaValue

SCHEMA = "schema"
"""The key of the validation context under which a suite names the schema of bare names."""


@dataclass(frozen=True, slots=True)
class Named:
    """Marks a field that names an object of a schema, and says how its text becomes canonical.

    Attributes:
        noun: `relation`, `function`, `type`, ….
        canonical: From the text as written and the suite's schema (or None) to the canonical text.
        description: What editors show.
    """

    noun: str
    canonical: Callable[[str, str | None], str]
    description: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "description": self.description}

    def _validate(self, text: str, info: ValidationInfo) -> str:
        return self.canonical(text, (info.context or {}).get(SCHEMA))


@dataclass(frozen=True, slots=True)
class AnyCase:
    """Marks a field as one of some words, which may be written in any case, as SQL's own may.

    Attributes:
        words: The words. A Literal checks them itself; a `str` is checked by whoever marks it.
    """

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._folded, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The words, for editors to offer, and the same in any other case."""
        pattern = "|".join("".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else c for c in w) for w in self.words)
        return {"anyOf": [{"enum": [*self.words]}, {"type": "string", "pattern": f"^({pattern})$"}]}

    def _folded(self, value: Any) -> Any:
        if value in self.words:
            return value
        written = value.casefold() if isinstance(value, str) else value
        return next((word for word in self.words if word.casefold() == written), value)


def _signature(text: str, schema: str | None) -> str:
    name, types = signature(text, schema)
    return name if types is None else f"{name}({', '.join(types)})"


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_sql(value: Any) -> Any:
    """YAML reads `0`, `1.5` and `false` as numbers and truth values; as SQL they are the same words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


def _one_statement(text: str) -> str:
    return _not_blank(text.strip().removesuffix(";").rstrip())


def marks(field: FieldInfo) -> Iterator[Any]:
    """What the field's annotation is marked with, also where the field may be None instead."""
    yield from field.metadata
    if get_origin(field.annotation) in {Union, UnionType}:
        for choice in get_args(field.annotation):
            yield from getattr(choice, "__metadata__", ())


Relation = Annotated[
    str, Named("relation", canonical, "A relation: `name` or `schema.name`; a bare name is in the suite's schema.")
]
"""A relation, `name` or `schema.name`; canonical once it is in a suite."""

Routine = Annotated[
    str, Named("function", _signature, "A function: `name(argument types)`; `name` alone where it is not overloaded.")
]
"""A function or procedure, `name(types)`, or `name` alone where it is not overloaded."""

TypeName = Annotated[
    str, Named("type", canonical, "A type: `name` or `schema.name`; a bare name is in the suite's schema.")
]
"""A type that somebody made, `name` or `schema.name`; canonical once it is in a suite."""

Identifier = Annotated[str, AfterValidator(_not_blank)]
"""One name as `\\d` shows it, without quotes: a column, a policy, a role."""

MEMBER = "member"

Member = Annotated[str, AfterValidator(_not_blank), MEMBER]
"""An identifier of something that hangs on the relation named before it, and so a part of the subject."""

_OneOrMany = BeforeValidator(_one_or_many, json_schema_input_type=str | Sequence[str])

Identifiers = Annotated[Sequence[Identifier], _OneOrMany, AfterValidator(tuple)]
"""Several identifiers, or one alone; kept as a tuple."""

Relations = Annotated[Sequence[Relation], _OneOrMany, AfterValidator(tuple)]
"""Several relations, or one alone; kept as a tuple."""

Texts = Annotated[Sequence[str], _OneOrMany, AfterValidator(tuple)]
"""Several texts, or one alone; kept as a tuple."""

Sql = Annotated[str, BeforeValidator(_as_sql, json_schema_input_type=str | float | bool), AfterValidator(_not_blank)]
"""A type or expression in SQL, compared as Postgres itself would store it."""

Statement = Annotated[Sql, AfterValidator(_one_statement)]
"""One SQL statement, without a semicolon at its end."""

__all__ = [
    "MEMBER",
    "SCHEMA",
    "AnyCase",
    "Field",
    "Identifier",
    "Identifiers",
    "Member",
    "Named",
    "Relation",
    "Relations",
    "Routine",
    "Sql",
    "Statement",
    "Texts",
    "TypeName",
    "marks",
]
