"""Data contracts for PostgreSQL: state what the database should be, verify what it is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pgcontract._version import __version__

if TYPE_CHECKING:
    from pgcontract import embedded
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.aggregate import Aggregate, Values
    from pgcontract.contract.expectation import CatalogExpectation, DataExpectation, Expectation, ProbeExpectation
    from pgcontract.contract.fields import Identifier, Member, Relation, Routine, Sql
    from pgcontract.contract.session import CannotProbe, Refused, Session
    from pgcontract.contract.suite import Suite
    from pgcontract.errors import ContractError, DatabaseError, PgContractError, SetupError
    from pgcontract.expectations import (
        CastAbsent,
        CastPresent,
        CastsAre,
        CheckConstraint,
        ChildrenAre,
        Clustered,
        CollationExists,
        ColumnDefault,
        ColumnExists,
        ColumnNotNull,
        ColumnNullable,
        ColumnsAre,
        ColumnType,
        CommentIs,
        CompositeAttributes,
        DatabaseHas,
        DefaultPrivilegesAre,
        DomainIs,
        EnumLabels,
        EventTriggerPresent,
        ExtensionInstalled,
        ForeignKey,
        ForeignServerPresent,
        ForeignTableExists,
        ForeignTablesAre,
        FunctionCallable,
        FunctionPresent,
        GrantsAre,
        IndexesAre,
        IndexPresent,
        InheritsFrom,
        LanguagePresent,
        MaterializedViewsAre,
        MemberOf,
        NotInheritsFrom,
        NotMemberOf,
        ObjectAbsent,
        ObjectsAre,
        OperatorAbsent,
        OperatorClassPresent,
        OperatorPresent,
        OperatorsAre,
        OwnerIs,
        PartitionedBy,
        PartitionOf,
        PartitionsAre,
        PoliciesAre,
        PolicyPresent,
        PrimaryKey,
        PrivilegeGranted,
        PrivilegeNotGranted,
        PublicationPresent,
        RelationExists,
        ReplicaIdentity,
        RlsBlocksAnon,
        RlsEnabled,
        RlsForced,
        RoleExists,
        RowCount,
        RulePresent,
        RulesAre,
        SchemaExists,
        SequencePresent,
        StatisticsPresent,
        SubscriptionPresent,
        TableExists,
        TablePublished,
        TablesAre,
        TablespaceExists,
        TriggerPresent,
        TriggersAre,
        TypeExists,
        UniqueConstraint,
        ValuesNotNull,
        ViewExists,
        ViewsAre,
        table,
    )
    from pgcontract.run.runner import snapshot, verify
    from pgcontract.run.target import Timeouts
    from pgcontract.verdict import ContractBrokenError, Finding, Outcome, Repair, Report

__all__ = [
    "Aggregate",
    "CannotProbe",
    "CastAbsent",
    "CastPresent",
    "CastsAre",
    "Catalog",
    "CatalogExpectation",
    "CheckConstraint",
    "ChildrenAre",
    "Clustered",
    "CollationExists",
    "ColumnDefault",
    "ColumnExists",
    "ColumnNotNull",
    "ColumnNullable",
    "ColumnType",
    "ColumnsAre",
    "CommentIs",
    "CompositeAttributes",
    "ContractBrokenError",
    "ContractError",
    "DataExpectation",
    "DatabaseError",
    "DatabaseHas",
    "DefaultPrivilegesAre",
    "DomainIs",
    "EnumLabels",
    "EventTriggerPresent",
    "Expectation",
    "ExtensionInstalled",
    "Finding",
    "ForeignKey",
    "ForeignServerPresent",
    "ForeignTableExists",
    "ForeignTablesAre",
    "FunctionCallable",
    "FunctionPresent",
    "GrantsAre",
    "Identifier",
    "IndexPresent",
    "IndexesAre",
    "InheritsFrom",
    "LanguagePresent",
    "MaterializedViewsAre",
    "Member",
    "MemberOf",
    "NotInheritsFrom",
    "NotMemberOf",
    "ObjectAbsent",
    "ObjectsAre",
    "OperatorAbsent",
    "OperatorClassPresent",
    "OperatorPresent",
    "OperatorsAre",
    "Outcome",
    "OwnerIs",
    "PartitionOf",
    "PartitionedBy",
    "PartitionsAre",
    "PgContractError",
    "PoliciesAre",
    "PolicyPresent",
    "PrimaryKey",
    "PrivilegeGranted",
    "PrivilegeNotGranted",
    "ProbeExpectation",
    "PublicationPresent",
    "Refused",
    "Relation",
    "RelationExists",
    "Repair",
    "ReplicaIdentity",
    "Report",
    "RlsBlocksAnon",
    "RlsEnabled",
    "RlsForced",
    "RoleExists",
    "Routine",
    "RowCount",
    "RulePresent",
    "RulesAre",
    "SchemaExists",
    "SequencePresent",
    "Session",
    "SetupError",
    "Sql",
    "StatisticsPresent",
    "SubscriptionPresent",
    "Suite",
    "TableExists",
    "TablePublished",
    "TablesAre",
    "TablespaceExists",
    "Timeouts",
    "TriggerPresent",
    "TriggersAre",
    "TypeExists",
    "UniqueConstraint",
    "Values",
    "ValuesNotNull",
    "ViewExists",
    "ViewsAre",
    "__version__",
    "embedded",
    "snapshot",
    "table",
    "verify",
]

# Where each name lives. It is imported when it is first used, so that `import pgcontract` costs next to nothing.
_HOME: dict[str, str] = {
    "Catalog": "pgcontract.catalog.catalog",
    **dict.fromkeys(["Aggregate", "Values"], "pgcontract.contract.aggregate"),
    **dict.fromkeys(
        ["CatalogExpectation", "DataExpectation", "Expectation", "ProbeExpectation"], "pgcontract.contract.expectation"
    ),
    **dict.fromkeys(["Identifier", "Member", "Relation", "Routine", "Sql"], "pgcontract.contract.fields"),
    **dict.fromkeys(["CannotProbe", "Refused", "Session"], "pgcontract.contract.session"),
    "Suite": "pgcontract.contract.suite",
    **dict.fromkeys(["ContractError", "DatabaseError", "PgContractError", "SetupError"], "pgcontract.errors"),
    **dict.fromkeys(["snapshot", "verify"], "pgcontract.run.runner"),
    "Timeouts": "pgcontract.run.target",
    **dict.fromkeys(["ContractBrokenError", "Finding", "Outcome", "Repair", "Report"], "pgcontract.verdict"),
}
# All others are expectations.
_HOME |= dict.fromkeys(
    (name for name in __all__ if name not in {*_HOME, "__version__", "embedded"}), "pgcontract.expectations"
)


def __getattr__(name: str) -> Any:
    if name == "embedded":
        return import_module("pgcontract.embedded")
    if name not in _HOME:
        raise AttributeError(f"module 'pgcontract' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
