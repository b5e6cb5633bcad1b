"""Models, seeds and snapshots: what dbt builds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.integrations.dbt.names import templated
from pgcontract.integrations.dbt.relations import KINDS, Built, stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.standards.node import Node

_KEYS = (
    *("name", "description", "config", "columns", "constraints", "tests", "data_tests", "tags", "meta", "docs"),
    *("alias", "schema", "contract", "latest_version", "versions", "access", "group", "deprecation_date", "relation"),
    *("primary_entity", "time_spine", "agg_time_dimension", "semantic_model", "metrics", "materialized", "enabled"),
)
_VERSIONED = "versions, which differ from each other: {}"


def named(models: Any, names: Names) -> Iterator[tuple[str, str]]:
    """What the models of a file are called in the database, by what `ref` calls them."""
    for model in models if isinstance(models, list) else ():
        if not isinstance(model, Mapping) or not isinstance(model.get("name"), str):
            continue
        relation = _relation(model, model["name"], names)
        if relation is not None:
            yield model["name"], relation
        for version in _versions(model):
            alias = version.get("alias") or f"{model['name']}_v{version['v']}"
            of_version = _relation({**model, "alias": alias}, alias, names)
            if of_version is not None:
                yield f"{model['name']}.v{version['v']}", of_version
                if str(version["v"]) == str(model.get("latest_version", _versions(model)[-1]["v"])):
                    yield model["name"], of_version


def _versions(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    versions = model.get("versions")
    return (
        [each for each in versions if isinstance(each, Mapping) and "v" in each] if isinstance(versions, list) else []
    )


def _said(model: Mapping[str, Any], key: str) -> Any:
    """What the model, or its config, says."""
    config = model.get("config")
    inside = config.get(key) if isinstance(config, Mapping) else None
    return model.get(key) if inside is None else inside


def _relation(model: Mapping[str, Any], name: str, names: Names) -> str | None:
    alias, schema = model.get("alias") or _said(model, "alias") or name, _said(model, "schema")
    return None if templated(alias) else names.of_model(None if schema is None else str(schema), str(alias))


def of_models(root: Node, kind: str, names: Names, assume: str) -> Iterator[Expectation]:
    """What a file says of its models, seeds or snapshots."""
    for node in root.nodes(kind, _KEYS if kind == "models" else None):
        name = node.needed("name", f"one of the {kind} has no name")
        if name is not None:
            yield from _model(node, kind, name, names, assume)


def _model(node: Node, kind: str, name: str, names: Names, assume: str) -> Iterator[Expectation]:
    content = node.content
    materialized = _said(content, "materialized") if kind == "models" else "table"
    is_a = KINDS.get(str(materialized), assume) if materialized is not None else assume
    relation = names.models.get(name)
    config = node.mapping("config")
    if is_a is None or _said(content, "enabled") is False:
        why = "is ephemeral" if is_a is None else "is not enabled"
        node.reading.besides(node.path, f"{name} {why}: there is no such relation")
        return
    if relation is None:
        node.unchecked(f"it is known to dbt alone what {name} is called: give its schema with --map")
        return
    contract = _contract(node, config)
    tags = frozenset([*node.texts("tags"), *config.texts("tags")])
    for key in ("alias", "schema", "materialized", "enabled"):
        node.take(key)
        config.take(key)
    if materialized is None and contract and _constrained(content):
        is_a = "table"  # a view has no constraints, and an enforced contract would say so
    versions = _versions(content)
    if any(set(version) - {"v", "alias", "defined_in", "description", "deprecation_date"} for version in versions):
        node.left({"versions": _VERSIONED})
        return
    yield from stated(node, Built(relation, is_a, contract, tags), names)
    config.left()
    node.left({"versions": "versions, of which only the latest is verified: {}"} if len(versions) > 1 else {})


def _contract(node: Node, config: Node) -> bool:
    """Whether the model's contract is enforced."""
    found = False
    for holder in (node, config):
        contract = holder.mapping("contract", ("enforced", "alias_types"))
        found = contract.flag("enforced") or found
        contract.left(silent=("alias_types",))
    return found


def _constrained(content: Mapping[str, Any]) -> bool:
    """Whether there are constraints anywhere in a model."""
    columns = content.get("columns")
    inside = columns if isinstance(columns, list) else []
    return any(isinstance(each, Mapping) and each.get("constraints") for each in [content, *inside])
