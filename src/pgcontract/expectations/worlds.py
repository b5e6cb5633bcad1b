"""What the closed worlds of a schema have in common: bare names, the schemas spoken of, and the comparison."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.expectations.compare import closed
from pgcontract.names import canonical, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.verdict import Finding


class RelationsAre(CatalogExpectation):
    """A schema holds exactly these relations of one kind.

    A kind has two fields: the relations, under the name that `nouns` has as its plural, and `in_schema`.
    """

    nouns: ClassVar[tuple[str, str]]
    members: ClassVar[str]

    @abstractmethod
    def is_one(self, relation: Relation) -> bool:
        """Whether a relation is of the kind."""

    @model_validator(mode="before")
    @classmethod
    def _placed_there(cls, fields: Any) -> Any:
        """With `in_schema`, bare names are in that schema, not in the suite's."""
        if isinstance(fields, dict) and isinstance(fields.get("in_schema"), str):
            given = fields.get(cls.members, ())
            names = [given] if isinstance(given, str) else given
            if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
                return {**fields, cls.members: sorted(canonical(name, fields["in_schema"]) for name in names)}
        return fields

    @model_validator(mode="after")
    def _in_a_schema(self) -> Self:
        names, schema = self._given()
        if not names and schema is None:
            raise ValueError(f"without {self.members}, in_schema must say which schema is to be empty")
        for name in names:
            if schema is not None and schema_of(name) != schema:
                raise ValueError(f"{name} is not in the schema {quote(schema)}")
        return self

    def _given(self) -> tuple[tuple[str, ...], str | None]:
        fields = dict(self)
        return fields[self.members], fields["in_schema"]

    @property
    def subject(self) -> str:
        return ", ".join(map(quote, self._schemas()))

    def _schemas(self) -> list[str]:
        names, schema = self._given()
        return [schema] if schema else list(dict.fromkeys(split(name)[0] for name in names))

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        for schema in self._schemas():
            expected = [name for name in self._given()[0] if split(name)[0] == schema]
            observed = [
                relation.name
                for relation in catalog.in_schema(schema)
                if self.is_one(relation)
                and (relation.name in expected or (relation.extension is None and not relation.is_partition))
            ]
            yield from closed(self.nouns, f"schema {quote(schema)}", expected, observed)
