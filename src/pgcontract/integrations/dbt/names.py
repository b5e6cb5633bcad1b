"""What models and sources are called in the database, and what `ref` and `source` stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.names import qualified, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_REF = re.compile(
    r"""\s*(?:\{\{)?\s*ref\(\s*['"](?P<one>[^'"]+)['"]\s*(?:,\s*['"](?P<two>[^'"]+)['"]\s*)?"""
    r"""(?:,\s*v(?:ersion)?\s*=\s*['"]?(?P<version>[\w.]+)['"]?\s*)?\)\s*(?:\}\})?\s*"""
)
_SOURCE = re.compile(r"""\s*(?:\{\{)?\s*source\(\s*['"]([^'"]+)['"]\s*,\s*['"]([^'"]+)['"]\s*\)\s*(?:\}\})?\s*""")
_TARGET = re.compile(r"\{\{\s*target\.schema\s*\}\}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a project.

    Attributes:
        schema: The schema in which dbt builds.
        schemas: By the name of a schema in the files, what it is called in the database.
        models: By the name of a model, a seed or a snapshot, the relation; `name.v1` for a version of it.
        sources: By the names of a source and its table, the relation.
    """

    schema: str
    schemas: Mapping[str, str]
    models: dict[str, str]
    sources: dict[tuple[str, str], str]

    def of_source(self, schema: str, table: str) -> str | None:
        """A table of a source; None where its schema is known to nobody but dbt."""
        known = self._known(schema)
        return None if known is None else qualified(known, table)

    def of_model(self, schema: str | None, name: str) -> str | None:
        """A model; where it has a schema of its own, that stands behind dbt's, as dbt has it unless it is told else."""
        if schema is None:
            return quote(name)
        known = self._known(schema, mapped_only=True) or f"{self.schema}_{schema}"
        return None if templated(known) else qualified(known, name)

    def _known(self, schema: str, *, mapped_only: bool = False) -> str | None:
        if schema in self.schemas:
            return self.schemas[schema]
        if mapped_only:
            return None
        found = _TARGET.sub(lambda _: self.schema, schema)
        return None if templated(found) else found

    def referred(self, text: str) -> str | None:
        """The relation that `ref(…)` or `source(…)` stands for, or that is named; None where that is not known."""
        ref, source = _REF.fullmatch(text), _SOURCE.fullmatch(text)
        if ref is not None:
            name = ref["two"] or ref["one"]
            name = f"{name}.v{ref['version']}" if ref["version"] else name
            return self.models.get(name, quote(name) if not ref["version"] else None)
        if source is not None:
            return self.sources.get((source[1], source[2]))
        return None if templated(text) or not text.strip() else text.strip()


def templated(text: object) -> bool:
    """Whether dbt makes something else of a text, which then is not known here."""
    return isinstance(text, str) and ("{{" in text or "{%" in text)
