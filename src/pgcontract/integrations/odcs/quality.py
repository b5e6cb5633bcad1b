"""Rules on quality: of the library, in SQL, or of an engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.queries import QueryReturns
from pgcontract.integrations.odcs.bounds import Bound, bound
from pgcontract.integrations.odcs.metrics import OLDER, Measured, measured
from pgcontract.integrations.odcs.taking import OWN
from pgcontract.integrations.standards.great_expectations import understood
from pgcontract.names import canonical, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.odcs.tables import Table
    from pgcontract.integrations.odcs.taking import Taking
    from pgcontract.integrations.standards.made import Made
    from pgcontract.integrations.standards.node import Node

SEVERITIES = {
    **dict.fromkeys(("error", "critical", "blocker", "fatal", "high", "major"), "error"),
    **dict.fromkeys(("warning", "warn", "medium", "moderate", "minor"), "warning"),
    **dict.fromkeys(("info", "information", "low", "trivial", "notice"), "info"),
}
_PLACE = re.compile(r"\$?\{+\s*([A-Za-z_]\w*)\s*\}+")
_OBJECT, _PROPERTY = {"object", "table", "model"}, {"property", "column", "field"}
_SILENT = ("id", "name", "dimension", "businessImpact", "method", "schedule", "scheduler", "type", "unit")
_SHOWN = 60


def rules(
    nodes: Iterable[Node], table: Table, column: str | None, tags: frozenset[str], taking: Taking
) -> Iterator[Expectation]:
    """What the rules beside a table, or beside a column of it, expect."""
    for node in nodes:
        yield from _rule(node, table, column, tags, taking)


def _rule(node: Node, table: Table, column: str | None, tags: frozenset[str], taking: Taking) -> Iterator[Expectation]:
    engine = node.content.get("engine")
    if node.content.get("type") == "custom" and engine == OWN:
        node.take("engine")
        taking.verbatim.append(((*node.path, "implementation"), node.take("implementation")))
        node.left(silent=(*_SILENT, "description", "severity", "tags"))
        return
    found = _understood(node, table, column, taking)
    if isinstance(found, str):
        node.unchecked(f"{_words(node)}: {found}")
        return
    common = _common(node, tags)
    for cls, fields, others in found:
        yield from taking.make(node, cls, *fields, **others, **common)
    node.left(silent=_SILENT)


def _understood(node: Node, table: Table, column: str | None, taking: Taking) -> Iterable[Made] | str:
    metric, older = node.text("metric"), node.text("rule")
    kind = node.text("type") or "library"
    if kind == "text":
        return "a text for people"
    if kind == "custom":
        return _custom(node, table, column)
    compared = bound(node)
    if isinstance(compared, str):
        return compared
    if kind == "sql":
        return _query(node.text("query") or "", compared, table, column, taking)
    name = metric or OLDER.get(older or "", older)
    if name is None:
        return "it names no metric"
    arguments = node.mapping("arguments")
    given = dict(arguments.content)
    columns = [column] if column is not None else _columns(given.pop("properties", []), table)
    return measured(name, Measured(table.relation, columns, taking.schema, compared, given))


def _columns(properties: Any, table: Table) -> list[str]:
    names = [properties] if isinstance(properties, str) else properties
    return [table.columns.get(str(name), str(name)) for name in names] if isinstance(names, list) else []


def _query(text: str, compared: Bound, table: Table, column: str | None, taking: Taking) -> Iterable[Made] | str:
    """A query's one value, compared."""
    known: dict[str, str] = dict.fromkeys(_OBJECT, canonical(table.relation, taking.schema))
    if column is not None:
        known |= dict.fromkeys(_PROPERTY, quote(column))
    unknown = [name for name in _PLACE.findall(text) if name not in known]
    if unknown:
        return f"it is not known what {{{unknown[0]}}} stands for"
    query = _PLACE.sub(lambda found: known[found.group(1)], text).strip().removesuffix(";").rstrip()
    if not query:
        return "it has no query"
    if compared.sign == "=":
        return [(QueryReturns, (query, compared.values[0]), {})]
    return [(QueryReturns, (f"select {compared.sql(f'{chr(10)}{query}{chr(10)}')}", True), {})]


def _custom(node: Node, table: Table, column: str | None) -> Iterable[Made] | str:
    engine = (node.text("engine") or "").lower().replace("-", "").replace("_", "").replace(" ", "")
    if engine not in {"greatexpectations", "gx", "ge"}:
        return f"a rule of the engine {node.content.get('engine')}"
    implementation = node.take("implementation")
    found = understood(implementation, table.relation, column)
    return found if isinstance(found, str) else [found]


def _common(node: Node, tags: frozenset[str]) -> dict[str, Any]:
    """Severity, tags and reason, of what the rule says."""
    written, because = node.text("severity"), node.text("description")
    severity = SEVERITIES.get((written or "error").strip().lower())
    if severity is None:
        node.unchecked(f"the severity {written} is taken for an error", "severity")
    own = tags | frozenset(node.texts("tags"))
    common: dict[str, Any] = {"severity": severity} if severity in {"warning", "info"} else {}
    return common | ({"tags": own} if own else {}) | ({"because": because} if because else {})


def _words(node: Node) -> str:
    """The rule, in a few words."""
    content = node.content
    named: Sequence[Any] = [content.get(key) for key in ("name", "description", "metric", "rule", "query", "id")]
    text = " ".join(next((str(each) for each in named if each), "a rule").split())
    return f"quality: {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}"
