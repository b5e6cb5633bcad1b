"""Data tests: of dbt itself, of the packages dbt_utils and dbt_expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.contract.flow import flow
from pgcontract.integrations.dbt.generic import GENERIC
from pgcontract.integrations.dbt.names import templated
from pgcontract.integrations.standards.great_expectations import expectation
from pgcontract.integrations.standards.node import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.document import Path
    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.dbt.relations import Built
    from pgcontract.integrations.standards.made import Made

_CONFIG = (
    *("severity", "where", "tags", "enabled", "error_if", "warn_if", "limit", "fail_calc", "store_failures"),
    *("store_failures_as", "schema", "database", "alias", "meta", "group"),
)
_OPERATION = ("limit", "store_failures", "store_failures_as", "schema", "database", "alias", "meta", "group")
"""How dbt runs a test, and not what it tests."""
_EVERY = re.compile(r"\s*(!=|<>|>)\s*0\s*|\s*>=\s*1\s*")
_SEVERITIES = {"error": "error", "warn": "warning"}


def tests(node: Node, built: Built, column: str | None, names: Names) -> Iterator[Expectation]:
    """What the tests beside a relation, or beside one column, expect of the rows."""
    for key in ("data_tests", "tests"):
        for path, item in node.items(key):
            yield from _test(node, path, item, (built, column), names)


def _test(node: Node, path: Path, item: Any, place: tuple[Built, str | None], names: Names) -> Iterator[Expectation]:
    built, column = place
    name, arguments, inner = _named(item, path)
    if name is None or not isinstance(arguments, Mapping):
        node.reading.wrong(path, "a test is a name, or one name with its arguments")
        return
    test = Node(node.reading, inner, arguments)
    config = _config(test)
    if config.content.get("enabled") is False:
        node.reading.besides(path, item)
        return
    found = _understood(name, test, config, place, names)
    if isinstance(found, str):
        node.reading.unchecked(path, f"test {name} of {built.relation}{f'.{column}' if column else ''}: {found}")
        return
    common = _common(test, config, built)
    for cls, fields, others in found:
        both = (
            {"where": f"({common['where']}) and ({others['where']})"} if "where" in common and "where" in others else {}
        )
        yield from node.reading.make(path, cls, *fields, **{**common, **others, **both})


def _named(item: Any, path: Path) -> tuple[str | None, Any, Path]:
    """A test's name and its arguments, and where these stand."""
    if isinstance(item, str):
        return item, {}, path
    if not isinstance(item, Mapping):
        return None, None, path
    if isinstance(item.get("test_name"), str):
        return item["test_name"], {key: value for key, value in item.items() if key != "test_name"}, path
    if len(item) != 1:
        return None, None, path
    ((name, arguments),) = item.items()
    return str(name), {} if arguments is None else arguments, (*path, name)


def _config(test: Node) -> Node:
    """How the test is run: its `config`, or what older files have beside the arguments."""
    inside = test.content.get("config")
    config = dict(inside) if isinstance(inside, Mapping) else {}
    test.take("config")
    for key in ("severity", "where", "tags", "enabled", "error_if", "warn_if", *_OPERATION):
        value = test.take(key)
        if value is not None:
            config.setdefault(key, value)
    return Node(test.reading, test.path, config, _CONFIG)


def _understood(name: str, test: Node, config: Node, place: tuple[Built, str | None], names: Names) -> list[Made] | str:
    """The expectations that a test stands for, or why there are none."""
    built, column = place
    given = _arguments(test)
    column = given.pop("column_name", None) or column
    if hindrance := _hindrance(given, config, names):
        return hindrance
    package, _, own = name.rpartition(".")
    try:
        if package == "dbt_expectations":
            found = expectation(own, given, built.relation, column)
            return found if isinstance(found, str) else [found]
        if name not in GENERIC:
            return "which is not known here"
        made = GENERIC[name](built.relation, column, given, names)
    except KeyError as missing:
        return f"it has no {missing.args[0]}"
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        return "its arguments are not what it takes"
    return f"with {', '.join(given)}" if given and not isinstance(made, str) else made


def _arguments(test: Node) -> dict[str, Any]:
    """What is given to a test: under `arguments`, or beside how it is run."""
    nested = test.take("arguments")
    given = {str(key): value for key, value in nested.items()} if isinstance(nested, Mapping) else {}
    return given | {str(key): test.take(key) for key in [*test.remaining] if key not in {"name", "description"}}


def _hindrance(given: dict[str, Any], config: Node, names: Names) -> str | None:
    """What of a test dbt alone can tell."""
    for key in ("error_if", "warn_if"):
        if key in config and not _EVERY.fullmatch(str(config.content[key])):
            return f"{key} is {config.content[key]}"
    if "fail_calc" in config:
        return f"fail_calc is {config.content['fail_calc']}"
    for value in _leaves([*given.values(), config.content.get("where")]):
        if templated(value) and names.referred(value) is None:
            return f"it is known to dbt alone what {flow(value)} is"
    return None


def _leaves(value: Any) -> Iterator[Any]:
    """The texts and numbers in a value."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else None
    if inside is None:
        yield value
        return
    for each in inside:
        yield from _leaves(each)


def _common(test: Node, config: Node, built: Built) -> dict[str, Any]:
    """Severity, tags, reason and condition of what a test expects."""
    severity = _SEVERITIES.get(str(config.take("severity") or "error").lower(), "error")
    where, because = config.text("where"), test.text("description")
    tags = built.tags | frozenset(config.texts("tags"))
    common: dict[str, Any] = {"severity": severity} if severity != "error" else {}
    common |= {"where": where} if where else {}
    return common | ({"tags": tags} if tags else {}) | ({"because": because} if because else {})
