"""A data contract of the Open Data Contract Standard, version 3, as a suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract import yaml
from pgcontract.contract.document import Document, Path, Spots
from pgcontract.contract.expectation import COMMON
from pgcontract.contract.load import suite_of
from pgcontract.contract.suite import Suite
from pgcontract.integrations.odcs.document import checked, keys, model
from pgcontract.integrations.odcs.levels import levels
from pgcontract.integrations.odcs.objects import stated, table_of
from pgcontract.integrations.odcs.taking import Taking, own_values
from pgcontract.integrations.standards.node import Node, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.standards.imported import Imported

_POSTGRES = {"postgres", "postgresql", "cloudsql"}


def loads(
    text: str,
    name: str = "contract.odcs.yaml",
    *,
    schema: str | None = None,
    schemas: Mapping[str, str] | None = None,
    assume: str = "",
) -> Imported:
    """The suite of a data contract, and what of the contract is no part of it.

    Args:
        text: The document, in YAML.
        name: What messages call it.
        schema: The schema of bare names; else that of the first server that is a Postgres, else `public`.
        schemas: By the name of a schema in the document, what it is called in the database.
        assume: What an object is that does not say it: `table`, `view`; else any relation will do.

    Raises:
        ContractError: It does not parse, is no document of version 3, or makes no sense; the message has a line for
            each fault, with its place.
    """
    return of_document(yaml.read(text, name), schema=schema, schemas=schemas, assume=assume)


def of_document(
    document: Document, *, schema: str | None = None, schemas: Mapping[str, str] | None = None, assume: str = ""
) -> Imported:
    """The same of a document that is parsed."""
    document = checked(document)
    reading = Reading(document)
    root = Node(reading, (), document.content, keys(model().OpenDataContractStandard))
    path, own = _own(root)
    in_schema = schema or own.get("schema") or _schema(root) or "public"
    taking, native = _stated(root, (schemas or {}).get(in_schema, in_schema), schemas or {}, assume)
    suite = _suite(root, (path, own), native, taking)
    reading.refuse()
    _tell(root, suite)
    return reading.imported(suite)


def stated_by(content: dict[str, Any], schema: str) -> Suite:
    """What a document states by the standard's own keys alone."""
    reading = Reading(Document("contract", content, dict))
    _, native = _stated(Node(reading, (), content), schema, {}, "")
    return Suite("stated", native, schema=schema)


def _stated(root: Node, schema: str, schemas: Mapping[str, str], assume: str) -> tuple[Taking, list[Expectation]]:
    objects = list(root.nodes("schema", keys(model().SchemaObject)))
    tables = [table_of(node, schemas, assume) for node in objects]
    pairs = [(node, table) for node, table in zip(objects, tables, strict=True) if table is not None]
    named = {str(node.content.get("name")): table for node, table in pairs}
    ids = {str(node.content["id"]): table for node, table in pairs if node.content.get("id") is not None}
    taking = Taking(root.reading, schema, named, ids, [])
    native = [each for node, table in pairs for each in stated(node, table, taking)]
    return taking, [*native, *levels(root, taking)]


def _own(root: Node) -> tuple[Path, dict[str, Any]]:
    """What stands in our own custom property of the document: what a contract file says beside tables."""
    for path, value in own_values(root):
        if isinstance(value, dict):
            return path, dict(value)
        root.reading.wrong(path, "the custom property pgcontract must be a mapping")
    return (), {}


def _schema(root: Node) -> str | None:
    """The schema of the first server that is a Postgres."""
    for server in root.content.get("servers") or ():
        if server.get("type") in _POSTGRES and isinstance(server.get("schema"), str):
            return str(server["schema"])
    return None


def _suite(root: Node, owned: tuple[Path, dict[str, Any]], native: Iterable[Expectation], taking: Taking) -> Suite:
    """What the document states, without what is said better, or is said not to be part of the contract."""
    path, own = owned
    content = root.content
    name = str(root.text("name") or content.get("dataProduct") or content.get("id"))
    items = [((*path, "expectations", position), item) for position, item in enumerate(own.pop("expectations", []))]
    unstated = [((*path, "unstated", position), item) for position, item in enumerate(own.pop("unstated", []))]
    header = {**own, "suite": name, "schema": taking.schema}
    verbatim = _loaded(header, [*items, *taking.verbatim], path, taking.reading.document)
    without = frozenset(_loaded(header, unstated, path, taking.reading.document))
    stated = Suite(name, native, schema=taking.schema)
    kept = [each for each in unrefined(stated, verbatim) if each not in without]
    return Suite(
        name,
        [*kept, *verbatim],
        schema=taking.schema,
        ignores=verbatim.ignores,
        principals=verbatim.principals,
        rows_as=verbatim.rows_as,
    )


def _loaded(header: dict[str, Any], items: Sequence[tuple[Path, Any]], path: Path, document: Document) -> Suite:
    """The suite of a contract file's content, whose parts stand here and there in the document."""

    def spots() -> Spots:
        places = {}
        found = document.spots()
        where: list[tuple[Path, Path]] = [
            (source, ("expectations", position)) for position, (source, _) in enumerate(items)
        ]
        where += [((*path, key), (key,)) for key in header]
        for source, target in where:
            for known, spot in found.items():
                if known[: len(source)] == source:
                    places[(*target, *known[len(source) :])] = spot
        return places

    content = {**header, "expectations": [item for _, item in items]}
    return suite_of(Document(document.name, content, spots))


def unrefined(stated: Iterable[Expectation], verbatim: Iterable[Expectation]) -> Iterator[Expectation]:
    """What is stated, without what stands verbatim with more to it: a key, and the same key with its properties."""
    spoken: dict[Any, set[Any]] = {}
    by_kind: dict[type, list[Expectation]] = {}
    for each in verbatim:
        by_kind.setdefault(type(each), []).append(each)
    for each in stated:
        names = tuple(sorted(each.model_fields_set - set(COMMON)))
        key = (type(each), names)
        if each.lane == "catalog" and key not in spoken:
            spoken[key] = {_values(other, names) for other in by_kind.get(type(each), ())}
        if each.lane != "catalog" or _values(each, names) not in spoken[key]:
            yield each


def _values(expectation: Expectation, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(expectation, name) for name in names)


def _tell(root: Node, suite: Suite) -> None:
    """Tell of what is in the document besides; not of what was written there from expectations, for people."""
    roles = {getattr(each, "name", None) for each in suite if each.kind == "RoleExists"}
    comments = {getattr(each, "comment", None) for each in suite if each.kind == "CommentIs"}
    if all(role.get("role") in roles for role in root.content.get("roles") or ()):
        root.take("roles")
    root.reading.forget(lambda path, value: path[-1] == "description" and value in comments)
    kinds = {str(server.get("type")) for server in root.content.get("servers") or ()}
    if kinds and not kinds & _POSTGRES:
        root.unchecked(
            f"no server is a Postgres, but {', '.join(sorted(kinds))}: types stand as they are written", "servers"
        )
    root.left(silent=("apiVersion", "kind"))
