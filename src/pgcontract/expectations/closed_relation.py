"""What `closed` stands for in the short form of a relation: what is not written there is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from pgcontract.expectations.acls import AclIs
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.column_kinds import ColumnKindsAre
from pgcontract.expectations.columns import ColumnsAre
from pgcontract.expectations.commented import CommentsAre
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.given_names import addition, name_of
from pgcontract.expectations.indexes import IndexesAre
from pgcontract.expectations.inheritance import ParentsAre
from pgcontract.expectations.object_form import RoleAcl, acl_is
from pgcontract.expectations.policies import PoliciesAre
from pgcontract.expectations.rls import RlsDisabled, RlsNotForced
from pgcontract.expectations.rules import RulesAre
from pgcontract.expectations.storage import Clustered, ReplicaIdentity
from pgcontract.expectations.table_storage import TableStorage
from pgcontract.expectations.triggers import TriggersAre
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgcontract.contract.expectation import Expectation

Part: TypeAlias = Literal[
    "columns",
    "kinds",
    "sequences",
    "constraints",
    "indexes",
    "triggers",
    "policies",
    "rules",
    "rls",
    "parents",
    "storage",
    "clustering",
    "replica identity",
    "acl",
    "comments",
    "properties",
]
"""A part of a relation that may be closed."""

TABLE: tuple[Part, ...] = (
    *("columns", "kinds", "sequences", "constraints", "indexes", "triggers", "policies", "rules", "rls", "parents"),
    *("storage", "clustering", "replica identity", "acl", "comments", "properties"),
)
"""What `closed: true` says of a table."""
FOREIGN_TABLE: tuple[Part, ...] = (
    "columns",
    "kinds",
    "sequences",
    "constraints",
    "triggers",
    "parents",
    "acl",
    "comments",
)
VIEW: tuple[Part, ...] = ("kinds", "triggers", "rules", "acl", "comments", "properties")
"""The same of a view, whose query says which columns it has."""
MATERIALIZED_VIEW: tuple[Part, ...] = ("indexes", "acl", "comments", "properties")
_KEYED = ("foreign_keys", "unique", "checks", "exclusions")


def _parts(value: Any) -> Any:
    if isinstance(value, bool):
        return ("all",) if value else ()
    return (value,) if isinstance(value, str) else value


Closed = Annotated[
    tuple[Part | Literal["all"], ...],
    BeforeValidator(_parts, json_schema_input_type=bool | Part | list[Part]),
    AfterValidator(lambda parts: tuple(dict.fromkeys(parts))),
]
"""`true`, or the parts that are closed."""


def closing(form: Any, noun: str, name: str, parts: tuple[Part, ...] = TABLE) -> Iterator[Expectation]:
    """What the form's `closed` stands for; `parts` are all that there can be."""
    for part in parts if "all" in form.closed else form.closed:
        yield from PARTS[part](form, noun, name)


def unnamed(form: Any) -> str | None:
    """What has no name in a form whose constraints or indexes are closed, and none that Postgres gives it; or None."""
    wanted = {"all", "constraints", "indexes"}.intersection(form.closed)
    keys = [key for key in (*_KEYED, "indexes") if wanted and hasattr(form, key)]
    if wanted == {"constraints"}:
        keys.remove("indexes")
    if wanted == {"indexes"}:
        keys = [key for key in keys if key in {"unique", "exclusions", "indexes"}]
    for key in keys:
        given: set[str | None] = {None}  # the second of two that are alike Postgres numbers, by when it was made
        for position, each in enumerate(getattr(form, key), start=1):
            if each.name is None:
                middle = addition(key, each, form.columns)
                if middle in given:
                    return f"item {position} of {key}"
                given.add(middle)
    return None


def _names(form: Any, table: str, *keys: str) -> tuple[list[str], list[str]]:
    """What the parts under these keys are called: those that must be there, and those whose absence is less grave."""
    must: list[str] = []
    may: list[str] = []
    for key in keys:
        for each in getattr(form, key, ()):
            name = name_of(key, each, table, form.columns)
            if name is not None:
                lenient = "severity" in each.model_fields_set and each.severity not in {"error", form.severity}
                (may if lenient else must).append(name)
    return must, may


def _columns(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    yield ColumnsAre(name, list(form.columns))


def _kinds(form: Any, noun: str, name: str) -> Iterator[Expectation]:
    def those(field: str) -> list[str]:
        return [column for column, one in form.columns.items() if getattr(one, field) is not None]

    defaulted = those("default") if noun == "view" else None  # the others say of each column whether it has one
    stored = those("storage")
    yield ColumnKindsAre(
        name, those("identity"), those("generated"), those("collation"), defaulted=defaulted, stored=stored
    )


def _sequences(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    for column, one in form.columns.items():
        if one.identity is not None:
            sequence = one.identity.behind(name, column)
            if one.identity.acl is None:
                yield AclIs("sequence", sequence)
            if "comment" not in one.identity.model_fields_set:
                yield CommentIs("sequence", sequence, None)


def _constraints(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    must, may = _names(form, name, *_KEYED)
    firing = [trigger for trigger, one in form.triggers.items() if one.constraint]
    yield ObjectsAre("constraint", sorted([*_key(form, name), *must]), of=name, beside=sorted([*firing, *may]))


def _indexes(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    must, may = _names(form, name, "unique", "exclusions", "indexes")
    yield IndexesAre(name, sorted([*_key(form, name), *must]), beside=sorted(may))


def _key(form: Any, name: str) -> list[str]:
    """The name of the primary key: unless it is said, the one that Postgres gives it."""
    key = getattr(form, "primary_key", None)
    return [] if key is None or not key.columns else [key.name or f"{split(name)[-1]}_pkey"]


def _triggers(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    yield TriggersAre(name, sorted(form.triggers))


def _policies(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.policies is None:
        yield PoliciesAre(name, list(form.rls.names()) if form.rls else [])


def _rules(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.rules is None:
        yield RulesAre(name, [])


def _rls(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.rls is None:
        yield RlsDisabled(name)
    if form.rls is None or form.rls.forced is None:
        yield RlsNotForced(name)


def _parents(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.parents is None:
        partitioned = getattr(form, "partition_of", None)
        yield ParentsAre(name, [*([partitioned.parent] if partitioned else ()), *getattr(form, "inherits", ())])


def _storage(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.storage is None:
        yield TableStorage(name, persistence="permanent", parameters=[])


def _clustering(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if "clustered_on" not in form.model_fields_set:
        yield Clustered(name, None)


def _identity(form: Any, _noun: str, name: str) -> Iterator[Expectation]:
    if form.replica_identity is None:
        yield ReplicaIdentity(name, "DEFAULT")


def _acl(form: Any, noun: str, name: str) -> Iterator[Expectation]:
    if form.acl is None:
        grants = {role: RoleAcl(whole=one.whole, columns=one.columns) for role, one in form.grants.items()}
        yield acl_is(noun, name, {role: one for role, one in grants.items() if one.whole or one.columns})


def _comments(form: Any, noun: str, name: str) -> Iterator[Expectation]:
    if "comment" not in form.model_fields_set:
        yield CommentIs(noun, name, None)
    yield CommentsAre(name, sorted(_commented(form, name)))


def _commented(form: Any, name: str) -> Iterator[str]:
    """The parts that bear a comment, as CommentsAre has them."""
    for noun, key in (("column", "columns"), ("policy", "policies"), ("trigger", "triggers"), ("rule", "rules")):
        yield from (f"{noun} {one}" for one, part in (getattr(form, key, None) or {}).items() if part.comment)
    for noun, keys in (("constraint", _KEYED), ("index", ("indexes",))):
        for key in keys:
            yield from (f"{noun} {part.name}" for part in getattr(form, key, ()) if part.comment)
    if getattr(form, "primary_key", None) is not None and form.primary_key.comment:
        yield from (f"constraint {one}" for one in _key(form, name))


def _properties(_form: Any, _noun: str, _name: str) -> Iterator[Expectation]:
    """Nothing of its own: the parts are as usual where nothing else is said of them."""
    yield from ()


PARTS: Mapping[str, Callable[[Any, str, str], Iterator[Expectation]]] = {
    "columns": _columns,
    "kinds": _kinds,
    "sequences": _sequences,
    "constraints": _constraints,
    "indexes": _indexes,
    "triggers": _triggers,
    "policies": _policies,
    "rules": _rules,
    "rls": _rls,
    "parents": _parents,
    "storage": _storage,
    "clustering": _clustering,
    "replica identity": _identity,
    "acl": _acl,
    "comments": _comments,
    "properties": _properties,
}
"""What each part stands for."""
