"""What there is to know about making rows for one table, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.synth.bounds import partition_checks
from pgcontract.synth.expressions import parse
from pgcontract.synth.guards import guards, looked_up
from pgcontract.synth.inlining import Reader
from pgcontract.synth.kinds import Kind, Resolved, resolve
from pgcontract.synth.labels import listed
from pgcontract.synth.tree import Const, Node, columns, plain, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation


Read: TypeAlias = "Callable[[str], Node | None]"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that rows have to satisfy.

    Attributes:
        name: The constraint's name, or the domain's.
        text: As Postgres deparses it; in a domain's, `VALUE` is the column.
        node: Its tree, or None where it is not understood.
        column: The column, where a domain says so.
    """

    name: str
    text: str
    node: Node | None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows of a table are made.

    Attributes:
        relation: The table.
        columns: The columns that get a value, by name: all but generated ones.
        types: Their types, domains looked through.
        checks: What they have to satisfy: CHECKs, the domains', the partitions'.
        guards: What its triggers seem to ask.
        looked_up: A column, a table and its column: where its triggers look for what a row says.
        foreign_keys: Those with fewer columns first.
        unique: The columns of keys, unique indexes and exclusion constraints, by the name of index or constraint.
        required: The columns that refuse NULL.
    """

    relation: Relation
    columns: Mapping[str, Column]
    types: Mapping[str, Resolved]
    checks: tuple[Check, ...]
    foreign_keys: tuple[Constraint, ...]
    unique: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    guards: tuple[Node, ...] = ()
    looked_up: tuple[tuple[str, str, str], ...] = ()
    kinds: Mapping[str, Kind] = field(repr=False, default_factory=dict)

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """The labels of the columns that are enums."""
        return _labels(self.types)

    @property
    def defaults(self) -> dict[str, Any]:
        """The defaults that are constants, of columns that no key holds."""
        found = {}
        for name, column in self.columns.items():
            read = parse(column.default) if column.default else None
            node = None if read is None else plain(read)
            if isinstance(node, Const) and node.value is not None and name not in self.keyed:
                found[name] = node.value
        return found

    @property
    def keyed(self) -> frozenset[str]:
        """The columns that some key or exclusion constraint holds."""
        return frozenset(column for names in self.unique.values() for column in names)

    @property
    def references(self) -> frozenset[str]:
        """The columns of foreign keys."""
        return frozenset(column for key in self.foreign_keys for column in key.columns)


def plan_of(catalog: Catalog, table: str) -> Plan:
    """The plan for a table.

    Raises:
        MissingObjectError: There is no such table.
    """
    relation = catalog.relations[table]
    live = {name: column for name, column in relation.columns.items() if column.generated is None}
    types = {name: resolve(catalog, column.type) for name, column in live.items()}
    read = Reader(catalog).read
    checks = (*_table_checks(relation, read), *_domain_checks(types, read), *partition_checks_of(catalog, table))
    labels = _labels(types)
    checks = tuple(replace(check, node=listed(check.node, labels)) if check.node else check for check in checks)
    return Plan(
        relation=relation,
        columns=live,
        types=types,
        checks=checks,
        foreign_keys=tuple(sorted(relation.having("FOREIGN KEY"), key=lambda key: len(key.columns))),
        unique=_unique(relation, live),
        required=frozenset(name for name, column in live.items() if column.not_null or types[name].not_null),
        guards=tuple(guards(catalog, relation, live)),
        looked_up=tuple(one for one in looked_up(catalog, relation) if one[0] in live),
        kinds={name: type_.kind for name, type_ in types.items()},
    )


def _labels(types: Mapping[str, Resolved]) -> dict[str, tuple[str, ...]]:
    made = {name: type_.made for name, type_ in types.items()}
    return {name: type_.labels for name, type_ in made.items() if type_ is not None and type_.kind == "enum"}


def partition_checks_of(catalog: Catalog, table: str) -> tuple[Check, ...]:
    """What the bounds of partitions ask, as checks."""
    return tuple(Check(name, "", node) for name, node in partition_checks(catalog, table))


def _table_checks(relation: Relation, read: Read) -> list[Check]:
    return [
        Check(constraint.name, constraint.expression, read(constraint.expression))
        for constraint in relation.having("CHECK")
        if constraint.expression and constraint.enforced
    ]


def _domain_checks(types: Mapping[str, Resolved], read: Read) -> list[Check]:
    found = []
    for column, type_ in types.items():
        for name, text in zip(type_.constraints, type_.checks, strict=True):
            node = read(text)
            found.append(Check(name, text, None if node is None else renamed(node, {"VALUE": column}), column))
    return found


def _unique(relation: Relation, live: Mapping[str, Column]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for index in relation.indexes.values():
        if index.unique:
            found[index.name] = tuple(sorted(_mentioned(index.columns, live)))
    for constraint in relation.constraints.values():
        if constraint.kind in {"PRIMARY KEY", "UNIQUE"}:
            found[constraint.name] = constraint.columns
        elif constraint.kind == "EXCLUDE":
            found[constraint.name] = tuple(name for name in constraint.columns if name in live)
    return found


def _mentioned(keys: tuple[str, ...], live: Mapping[str, Column]) -> set[str]:
    """The columns that an index's keys speak of."""
    found: set[str] = set()
    for key in keys:
        node = parse(key.partition(" ")[0] if "(" not in key else key)
        found |= columns(node) if node is not None else {name for name in live if name in key}
    return found & set(live)
