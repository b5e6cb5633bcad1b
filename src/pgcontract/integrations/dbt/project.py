"""Schema files of a dbt project, read together, since they refer to each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.contract import load as contracts
from pgcontract.contract import yaml
from pgcontract.contract.problems import Problem, refuse
from pgcontract.contract.suite import Suite
from pgcontract.contract.validation import shown
from pgcontract.errors import ContractError
from pgcontract.integrations.dbt.models import named, of_models
from pgcontract.integrations.dbt.names import Names
from pgcontract.integrations.dbt.sources import of_sources, sources
from pgcontract.integrations.standards.imported import together
from pgcontract.integrations.standards.node import Node, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgcontract.contract.document import Document
    from pgcontract.integrations.standards.imported import Imported

BUILT = ("models", "seeds", "snapshots")
KEYS = (
    *("version", *BUILT, "sources", "exposures", "metrics", "semantic_models", "saved_queries", "macros", "analyses"),
    *("unit_tests", "groups", "data_tests", "tests", "anchors"),
)
_FROM_TESTS: dict[str, str] = dict.fromkeys(
    ("data_tests", "tests"), "the descriptions of tests that are written as queries: {}"
)


def is_schema(content: Any) -> bool:
    """Whether a file's content is that of a schema file with relations; `dbt_project.yml` has mappings there."""
    return isinstance(content, Mapping) and any(isinstance(content.get(key), list) for key in (*BUILT, "sources"))


def loads(
    text: str,
    name: str = "schema.yml",
    *,
    schema: str | None = None,
    schemas: Mapping[str, str] | None = None,
    assume: str = "",
) -> Imported:
    """The suite of one schema file, called `dbt`; `name` stands for the file in messages, the others are as in `load`.

    Raises:
        ContractError: It does not parse, or makes no sense; the message has a line for each fault, with its place.
    """
    return read([yaml.read(text, name)], schema=schema, schemas=schemas, assume=assume)


def load(
    files: Iterable[str | Path],
    *,
    name: str | None = None,
    schema: str | None = None,
    schemas: Mapping[str, str] | None = None,
    assume: str = "",
) -> Imported:
    """The suite of a project's schema files.

    Args:
        files: The files, or folders in which all `.yml` and `.yaml` with relations are read.
        name: What the suite is called; else `dbt`.
        schema: The schema in which dbt builds; else `public`.
        schemas: By the name of a schema in the files, what it is called in the database.
        assume: What a model is that does not say how it is materialized: `table`, `view`; else any relation will do.

    Raises:
        ContractError: A file cannot be read, does not parse, or makes no sense.
    """
    documents = [document for each in files for document in _documents(Path(each))]
    if not documents:
        raise ContractError("there are no models, seeds, snapshots or sources")
    return read(documents, name=name, schema=schema, schemas=schemas, assume=assume)


def _documents(path: Path) -> list[Document]:
    if not path.is_dir():
        return [contracts.read(path)]
    files = sorted(file for file in path.rglob("*") if file.suffix in {".yml", ".yaml"})
    ours = [file for file in files if not {"target", "dbt_packages"} & set(file.relative_to(path).parts)]
    found = [contracts.read(file) for file in ours if file.is_file()]
    return [document for document in found if is_schema(document.content)]


def read(
    documents: Sequence[Document],
    *,
    name: str | None = None,
    schema: str | None = None,
    schemas: Mapping[str, str] | None = None,
    assume: str = "",
) -> Imported:
    """The suite of schema files that are parsed; the arguments are those of `load`.

    Raises:
        ContractError: They make no sense.
    """
    names = Names(schema or "public", schemas or {}, {}, {})
    roots = []
    for document in documents:
        _require_version(document)
        roots.append(Node(Reading(document), (), document.content, KEYS))
    for root in roots:
        for kind in BUILT:
            names.models.update(named(root.content.get(kind), names))
        names.sources.update(sources(root.content.get("sources"), names))
    return together([_file(root, name or "dbt", names, assume) for root in roots])


def _file(root: Node, name: str, names: Names, assume: str) -> Imported:
    expectations = [each for kind in BUILT for each in of_models(root, kind, names, assume)]
    expectations += of_sources(root, names, assume)
    root.take("version")
    root.left(_FROM_TESTS, silent=("anchors",))
    root.reading.refuse()
    return root.reading.imported(Suite(name, expectations, schema=names.schema))


def _require_version(document: Document) -> None:
    content = document.content
    if not isinstance(content, Mapping):
        raise ContractError(f"{document.name}:1:1: a schema file of dbt is a mapping with the keys version, models, …")
    version = content.get("version", 2)
    if str(version).split(".")[0] != "2":
        wanted = "of dbt's schema files, version 2 is understood"
        refuse([Problem(("version",), f"version is {shown(version)}: {wanted}")], document)
