"""Closed schemas and databases in the short form: what the rest of the file names is all there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pgcontract.contract.fields import Identifier, Texts
from pgcontract.contract.section import Closing
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.foreign_tables import ForeignTablesAre
from pgcontract.expectations.named_objects import NAMED, named_in
from pgcontract.expectations.operators import OperatorsAre
from pgcontract.expectations.tables import TablesAre
from pgcontract.expectations.views import MaterializedViewsAre, ViewsAre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said

InSchema: TypeAlias = Literal[
    "table",
    "view",
    "materialized view",
    "foreign table",
    "sequence",
    "routine",
    "type",
    "collation",
    "operator class",
    "operator",
    "statistics",
    "text search dictionary",
    "text search configuration",
]
InDatabase: TypeAlias = Literal[
    "schema", "extension", "publication", "subscription", "event trigger", "server", "foreign data wrapper"
]
_RELATIONS: dict[str, Callable[..., Expectation]] = {
    "table": TablesAre,
    "view": ViewsAre,
    "materialized view": MaterializedViewsAre,
    "foreign table": ForeignTablesAre,
    "operator": OperatorsAre,
}
_ALL = "all"


def _schemas(value: Any) -> Any:
    """A name, or a list of names, stands for all of these schemas."""
    return dict.fromkeys([value] if isinstance(value, str) else value, True) if isinstance(value, str | list) else value


def _nouns(value: Any) -> Any:
    if isinstance(value, bool):
        return (_ALL,) if value else ()
    return (value,) if isinstance(value, str) else value


def _beside(value: Any) -> Any:
    return dict.fromkeys(value, ()) if isinstance(value, list) else value


def _whole(value: Any) -> Any:
    return {"schemas": value} if isinstance(value, str | list) else value


class ClosedForm(BaseModel):
    """Where there is nothing but what the rest of the file names.

    Attributes:
        schemas: The schemas of which that holds: a list; or by schema `true`, or a list of what of it: `[table, view]`.
        database: What of the whole database: `[schema, extension]`; or by such a word the names that may be there too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schemas: Annotated[
        dict[
            Identifier,
            Annotated[
                tuple[InSchema | Literal["all"], ...],
                BeforeValidator(_nouns, json_schema_input_type=bool | InSchema | list[InSchema]),
            ],
        ],
        BeforeValidator(_schemas, json_schema_input_type=str | list[str] | dict[str, bool | InSchema | list[InSchema]]),
    ] = Field(default_factory=dict)
    database: Annotated[
        dict[InDatabase, Texts],
        BeforeValidator(_beside, json_schema_input_type=list[InDatabase] | dict[InDatabase, str | list[str]]),
    ] = Field(default_factory=dict)


class Closed(Closing):
    """Closed worlds: schemas, and what of the database, in which there is nothing but what the file names."""

    key: ClassVar[str] = "closed"
    place: ClassVar[int] = 120
    root: Annotated[ClosedForm, BeforeValidator(_whole, json_schema_input_type=str | list[str] | ClosedForm)]

    def close(self, others: Sequence[Expectation], schema: str) -> Iterator[Expectation]:
        names = named_in([each.placed(schema) for each in others if type(each) in NAMED])
        for place, nouns in self.root.schemas.items():
            for noun in get_args(InSchema) if _ALL in nouns else nouns:
                yield _closed(noun, names(noun, place), place)
        for noun, beside in self.root.database.items():
            yield ObjectsAre(noun, names(noun, None), beside=beside)

    @classmethod
    def closing(cls, others: Sequence[Expectation], said: Said) -> Any:
        names = named_in(others)
        schemas: dict[str, list[str]] = {}
        for place in sorted(set(_schemas_of(said))):
            made = {noun: _closed(noun, names(noun, place), place) for noun in get_args(InSchema)}
            schemas[place] = [noun for noun, each in made.items() if each in said.there]
        beside = {each.noun: list(each.beside) for each in said.all(ObjectsAre) if _of_database(each, names)}
        whole = [len(nouns) == len(get_args(InSchema)) for nouns in schemas.values()]
        kept = {place: nouns for place, nouns in schemas.items() if nouns}
        content = {
            "schemas": list(kept)
            if all(whole)
            else {p: len(n) == len(get_args(InSchema)) or n for p, n in kept.items()},
            "database": beside if any(beside.values()) else list(beside),
        }
        return {key: value for key, value in content.items() if value} or None


def _closed(noun: str, names: Sequence[str], schema: str) -> Expectation:
    if noun in _RELATIONS:
        return _RELATIONS[noun](list(names), in_schema=schema)
    return ObjectsAre(noun, list(names), in_schema=schema)


def _schemas_of(said: Said) -> Iterator[str]:
    """The schemas of which a suite closes something."""
    worlds = (TablesAre, ViewsAre, MaterializedViewsAre, ForeignTablesAre, OperatorsAre, ObjectsAre)
    schemas = (each.in_schema for each in said.expectations if isinstance(each, worlds))
    yield from (schema for schema in schemas if schema is not None)


def _of_database(each: ObjectsAre, names: Callable[[str, str | None], Sequence[str]]) -> bool:
    """Whether it closes what is in no schema as the rest of the suite names it."""
    return each.noun in get_args(InDatabase) and each == ObjectsAre(
        each.noun, names(each.noun, None), beside=each.beside
    )
