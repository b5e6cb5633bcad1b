"""What a suite says of a table, as the content of its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.closed_fold import closed_parts
from pgcontract.expectations.closed_relation import TABLE
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.folding import beside, common, lone, part
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.inheritance import ChildrenAre, InheritsFrom, ParentsAre
from pgcontract.expectations.object_form import described
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
from pgcontract.expectations.relation_fold import RelationFold
from pgcontract.expectations.rls import RlsDisabled, RlsEnabled, RlsForced
from pgcontract.expectations.storage import Clustered, ReplicaIdentity
from pgcontract.expectations.table_form import TableForm
from pgcontract.expectations.table_storage import TableStorage
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.names import split

if TYPE_CHECKING:
    from pgcontract.contract.said import Said
    from pgcontract.expectations.tables import TableExists

_KEYS = (
    *("comment", "owned_by", "acl", "closed", "columns", "primary_key"),
    *("foreign_keys", "unique", "checks", "exclusions", "indexes", "statistics"),
    *("rls", "policies", "triggers", "rules", "partitioned_by", "partition_of"),
    *("inherits", "parents", "children", "partitions", "storage", "clustered_on", "replica_identity"),
    *("rows", "satisfies"),
    *("severity", "tags", "because"),
)
"""The keys of a table, in the order in which they are written."""


def folded_table(exists: TableExists, said: Said) -> dict[str, Any]:
    """The content of a table's form: all that a suite says of it that a form can say."""
    name, outer = exists.table, common(exists)
    fold = RelationFold(said, name, outer)
    found = {
        **described(said, "table", name, outer),
        **fold.content(),
        **_constraints(fold),
        **_rows(fold),
        **_nature(fold),
        **(beside(outer) or {}),
    }
    found = closed_parts(found, TableForm, fold, "table", TABLE)
    return {key: found[key] for key in _KEYS if key in found}


def _constraints(fold: RelationFold) -> dict[str, Any]:
    found: dict[str, Any] = {
        "foreign_keys": fold.listed(ForeignKey, "constraint"),
        "unique": fold.listed(UniqueConstraint, "constraint", "columns"),
        "checks": fold.listed(CheckConstraint, "constraint", "expression"),
        "exclusions": fold.listed(ExclusionConstraint, "constraint", "elements"),
    }
    named = {
        each["name"] for contents in found.values() for each in contents if isinstance(each, dict) and "name" in each
    }
    return _primary_key(fold, named) | {key: content for key, content in found.items() if content}


def _primary_key(fold: RelationFold, others: set[str]) -> dict[str, Any]:
    """The primary key; its name is the one in the closed world of constraints that no other has."""
    usual = f"{split(fold.name)[-1]}_pkey"
    firing = {trigger.name for trigger in fold.of(TriggerPresent) if trigger.constraint}
    left = [
        name
        for closed in fold.said.of(ObjectsAre, noun="constraint", of=fold.name)
        for name in closed.names
        if name not in others | firing
    ]
    name = left[0] if len(left) == 1 else usual
    for key in fold.of(PrimaryKey):
        comments = fold.said.of(CommentIs, noun="constraint", of=fold.name, name=name)
        comment = [{"comment": each.comment} for each in comments if common(each) == common(key)]
        own = {"name": name} if comment or name != usual else {}
        content = part(key, fold.said, "table", outer=fold.outer)
        if content is not None:
            return {"primary_key": lone({**content, **own, **(comment or [{}])[0]}, "columns")}
    return {}


def _rows(fold: RelationFold) -> dict[str, Any]:
    """Row-level security, and the policies."""
    found: dict[str, Any] = {}
    for cls, enabled in ((RlsDisabled, False), (RlsEnabled, True)):
        for each in fold.of(cls):
            own = common(each)
            more = beside(own, fold.outer)
            if more is not None:
                forced = {"forced": True} if any(common(one) == own for one in fold.of(RlsForced)) else {}
                switch = {} if enabled else {"enabled": False}
                found.setdefault("rls", {**switch, **forced, **more} if forced or more else enabled)
    policies = fold.all_of(PoliciesAre, fold.named(PolicyPresent, "policy"))
    return found | ({} if policies is None else {"policies": policies})


def _nature(fold: RelationFold) -> dict[str, Any]:
    found: dict[str, Any] = {
        "partitioned_by": fold.part(PartitionedBy, "key"),
        "partition_of": fold.part(PartitionOf, "parent"),
        "storage": fold.part(TableStorage, "persistence"),
        "inherits": [fold.said.bare(each.parent) for each in fold.alike(InheritsFrom)],
    }
    found = {key: content for key, content in found.items() if content}
    for cls, key in ((ParentsAre, "parents"), (ChildrenAre, "children"), (PartitionsAre, "partitions")):
        for closed in fold.alike(cls):
            found.setdefault(key, [fold.said.bare(name) for name in dict(closed)[cls.positional()[1]]])
    for clustered in fold.alike(Clustered):
        found.setdefault("clustered_on", clustered.index)
    for replica in fold.alike(ReplicaIdentity):
        if replica.index is not None:
            found.setdefault("replica_identity", {"index": replica.index})
        elif replica.identity != "INDEX":
            found.setdefault("replica_identity", replica.identity.lower())
    return found
