from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationInfo, field_validator, model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import SCHEMA, Identifier, Relation, Texts
from pgcontract.expectations.compare import closed
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.expectations.kinds import KINDS, Noun, plural, require_table
from pgcontract.names import quote, signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding


class ObjectsAre(CatalogExpectation):
    """There is no {noun} but {names}.

    A closed world: what is missing is found, and what nobody wrote down. For what is in a schema, that is `in_schema`,
    or every schema that the names are in; for what hangs on a table, say the table in `of`; for what belongs to the
    whole database or cluster, `prefix` says how the names begin that matter. A function's bare name stands for all
    its overloads. `beside` names what may be there too, and need not.

    Left out, unless they are named: what extensions brought along, partitions, sequences that belong to a column, the
    functions that come with a range type, the predefined roles and tablespaces (`pg_…`), the languages that are always
    there, and the extension plpgsql.

    Example:
        ObjectsAre("function", ["increment_usage", "touch()"], in_schema="app")

    Repair: add what is wanted to the contract, drop what is not; what is missing needs its migration.
    """

    noun: Noun
    names: Texts
    in_schema: Identifier | None = None
    of: Relation | None = None
    prefix: str = ""
    beside: Texts = ()

    @model_validator(mode="before")
    @classmethod
    def _placed_there(cls, fields: Any) -> Any:
        """With `in_schema`, bare names are in that schema, not in the suite's."""
        if isinstance(fields, dict) and isinstance(fields.get("in_schema"), str):
            kind, names = KINDS.get(str(fields.get("noun")).lower()), fields.get("names", ())
            given = [names] if isinstance(names, str) else names
            if kind is not None and isinstance(given, list | tuple) and all(isinstance(name, str) for name in given):
                return {**fields, "names": [kind.canonical(name, fields["in_schema"]) for name in given]}
        return fields

    @field_validator("names")
    @classmethod
    def _canonical(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = KINDS.get(info.data.get("noun", ""))
        return names if kind is None else tuple(kind.canonical(n, (info.context or {}).get(SCHEMA)) for n in names)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        require_table(self.noun, self.of)
        placed = KINDS[self.noun].place in {"schema", "routine"}
        if self.in_schema is not None and not placed:
            raise ValueError(f"a {self.noun} is in no schema")
        if self.in_schema is None and placed and not self.names:
            raise ValueError("without names, in_schema must say which schema is to be empty")
        for name in self.names if self.in_schema is not None else ():
            if schema_of(name) != self.in_schema:
                raise ValueError(f"{name} is not in the schema {quote(self.in_schema or '')}")
        return self

    @property
    def subject(self) -> str:
        placed = KINDS[self.noun].place in {"schema", "routine"}
        return self.of or (", ".join(map(quote, self._schemas())) if placed else plural(self.noun))

    def _schemas(self) -> list[str]:
        return [self.in_schema] if self.in_schema else list(dict.fromkeys(map(schema_of, self.names)))

    def forms(self) -> Iterable[Form]:
        if KINDS[self.noun].place == "routine":
            for name in self.names:
                yield from signature_forms(name)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        kind = KINDS[self.noun]
        there = kind.found(catalog, self.of)
        names = [one for name in self.names for one in self._meant(catalog, name, there)]
        counted = [
            name
            for name, record in there.items()
            if name in names or (self._counts(name, record) and name not in self.beside)
        ]
        nouns = (self.noun, plural(self.noun))
        if kind.place not in {"schema", "routine"}:
            yield from closed(nouns, self.of or "the database", names, counted, lambda n: kind.full(n, self.of))
            return
        for schema in self._schemas():
            catalog.schemas[schema]  # a missing schema is its own failure
            expected, observed = ([n for n in some if schema_of(n) == schema] for some in (names, counted))
            yield from closed(nouns, f"schema {quote(schema)}", expected, observed)

    def _counts(self, name: str, record: Any) -> bool:
        if getattr(record, "extension", None) or getattr(record, "owned_by", None):
            return False
        if getattr(record, "of_a_range", False):
            return False
        if getattr(record, "is_partition", False) or not name.startswith(self.prefix):
            return False
        if KINDS[self.noun].sql in {"role", "tablespace"} and name.startswith("pg_"):
            return False
        return (self.noun, name) != ("extension", "plpgsql") and getattr(record, "procedural", True)

    def _meant(self, catalog: Catalog, name: str, there: Any) -> list[str]:
        """The keys that a name stands for."""
        if KINDS[self.noun].place != "routine":
            return [name]
        if signature(name)[1] is None:
            return [key for key, function in there.items() if function.name == name] or [name]
        try:
            return [find(catalog, name).signature]
        except MissingObjectError as missing:
            return [missing.name]
