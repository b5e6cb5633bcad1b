"""Data contracts for PostgreSQL: state what the database should be, verify what it is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pgcontract._version import __version__

if TYPE_CHECKING:
    from pgcontract import embedded
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.aggregate import Aggregate, ExampleQuery, Guarantee, Query, Values
    from pgcontract.contract.baseline import load_baseline
    from pgcontract.contract.expectation import CatalogExpectation, DataExpectation, Expectation, ProbeExpectation
    from pgcontract.contract.fields import Identifier, Member, Relation, Routine, Sql
    from pgcontract.contract.ignore import Ignore
    from pgcontract.contract.principals import Principal
    from pgcontract.contract.rows import EachRowExpectation, EachValueExpectation, MostlyExpectation, RowsExpectation
    from pgcontract.contract.session import CannotProbe, Refused, Session
    from pgcontract.contract.suite import Suite
    from pgcontract.errors import ContractError, DatabaseError, PgContractError, SetupError
    from pgcontract.expectations import (
        AccessMatrix,
        AclIs,
        AggregateIs,
        AnonymousSignInsConsidered,
        ApiRolesStayUnderRls,
        AuthReferencedByPrimaryKey,
        AuthUsersHidden,
        CastAbsent,
        CastPresent,
        CastsAre,
        CheckConstraint,
        ChecksAsNarrowAsUsing,
        ChildrenAre,
        Clustered,
        CollationExists,
        ColumnCollation,
        ColumnDefault,
        ColumnExists,
        ColumnGenerated,
        ColumnIdentity,
        ColumnKindsAre,
        ColumnNotNull,
        ColumnNullable,
        ColumnsAre,
        ColumnsOpenedByTable,
        ColumnStorage,
        ColumnType,
        CommentIs,
        CommentsAre,
        CompositeAttributes,
        ConstraintRefuses,
        CrudWorks,
        DatabaseHas,
        DefaultAclIs,
        DefaultAclsAre,
        DefaultPrivilegesAre,
        DistinctShare,
        DomainIs,
        EnumLabels,
        EventTriggerPresent,
        ExclusionConstraint,
        ExposedTablesUnderRls,
        ExtensionInstalled,
        ExtensionMembersAre,
        ExtensionsNotExposed,
        ExtensionsUpToDate,
        ForeignDataWrapperPresent,
        ForeignKey,
        ForeignKeysIndexed,
        ForeignServerPresent,
        ForeignTableExists,
        ForeignTablesAre,
        ForeignTablesNotExposed,
        Fresh,
        FunctionCallable,
        FunctionPresent,
        GrantedTablesHavePolicies,
        GrantsAre,
        HiddenFromGraphql,
        IndexesAre,
        IndexesNotDuplicate,
        IndexPresent,
        InheritsFrom,
        LanguagePresent,
        MaterializedViewsAre,
        MaterializedViewsNotExposed,
        MeanBetween,
        MemberOf,
        NewFunctionsClosed,
        NewTablesClosed,
        NoCreateForApiRoles,
        NoExecuteThroughPublic,
        NoOidReferencesInColumns,
        NoOrphans,
        NoPersonalData,
        NotInheritsFrom,
        NotMemberOf,
        NotReadableBy,
        NoTriggerOrReferencesForApiRoles,
        NoTruncateForApiRoles,
        NotWritableBy,
        NullShare,
        ObjectAbsent,
        ObjectsAre,
        OnePermissivePolicy,
        OperatorAbsent,
        OperatorClassPresent,
        OperatorPresent,
        OperatorsAre,
        OwnerIs,
        OwnersUnderRls,
        ParentsAre,
        PartitionedBy,
        PartitionOf,
        PartitionsAre,
        PoliciesAre,
        PoliciesCallOnce,
        PoliciesEnforced,
        PoliciesIgnoreUserMetadata,
        PoliciesNameRoles,
        PoliciesNotOnlyRestrictive,
        PoliciesNotRecursive,
        PolicyPresent,
        PrimaryKey,
        PrivilegeGranted,
        PrivilegeNotGranted,
        PublicationPresent,
        PublishedTablesUnderRls,
        Quantiles,
        QueryReturns,
        QueryReturnsNothing,
        QueuesUnderRls,
        RangeIs,
        ReadableBy,
        Reconciles,
        RelationExists,
        ReplicaIdentity,
        RlsBlocksAnon,
        RlsDisabled,
        RlsEnabled,
        RlsForced,
        RlsIsolates,
        RlsNotForced,
        RoleExists,
        RowCount,
        RowsSatisfy,
        RulePresent,
        RulesAre,
        SchemaExists,
        SecretColumnsHidden,
        SecurityDefinersFixSearchPath,
        SecurityDefinersNotCallable,
        SequencePresent,
        ShareWhere,
        StatisticsPresent,
        StdDevBetween,
        StoragePoliciesNameBucket,
        SubscriptionPresent,
        SumEquals,
        TableExists,
        TablePublished,
        TablesAre,
        TablesHavePrimaryKey,
        TablespaceExists,
        TableStorage,
        TenantsDoNotInterfere,
        TextSearchConfigurationPresent,
        TextSearchDictionaryPresent,
        TriggerFires,
        TriggerPresent,
        TriggersAre,
        TypeExists,
        UniqueConstraint,
        ValueLengths,
        ValuesBetween,
        ValuesIncreasing,
        ValuesInSet,
        ValuesMatch,
        ValuesNotNull,
        ValuesOfJsonSchema,
        ValuesUnique,
        ViewExists,
        ViewsAre,
        ViewsAskAsInvoker,
        WritableBy,
        WritePoliciesHaveConditions,
        WritersMayRead,
    )
    from pgcontract.expectations.table import table
    from pgcontract.run.asynchronous import verify_async
    from pgcontract.run.runner import snapshot, verify
    from pgcontract.run.scanning import Scanning
    from pgcontract.run.target import Timeouts
    from pgcontract.verdict import ContractBrokenError, Examples, Finding, Ignored, Outcome, Repair, Report

# A line for each name would fill three screens.
# fmt: off
__all__ = [
    "AccessMatrix", "AclIs", "Aggregate", "AggregateIs", "AnonymousSignInsConsidered", "ApiRolesStayUnderRls",
    "AuthReferencedByPrimaryKey", "AuthUsersHidden", "CannotProbe", "CastAbsent", "CastPresent", "CastsAre", "Catalog",
    "CatalogExpectation", "CheckConstraint", "ChecksAsNarrowAsUsing", "ChildrenAre", "Clustered", "CollationExists",
    "ColumnCollation", "ColumnDefault", "ColumnExists", "ColumnGenerated", "ColumnIdentity", "ColumnKindsAre",
    "ColumnNotNull", "ColumnNullable", "ColumnStorage", "ColumnType", "ColumnsAre", "ColumnsOpenedByTable", "CommentIs",
    "CommentsAre", "CompositeAttributes", "ConstraintRefuses", "ContractBrokenError", "ContractError", "CrudWorks",
    "DataExpectation", "DatabaseError", "DatabaseHas", "DefaultAclIs", "DefaultAclsAre", "DefaultPrivilegesAre",
    "DistinctShare", "DomainIs", "EachRowExpectation", "EachValueExpectation", "EnumLabels", "EventTriggerPresent",
    "ExampleQuery", "Examples", "ExclusionConstraint", "Expectation", "ExposedTablesUnderRls", "ExtensionInstalled",
    "ExtensionMembersAre", "ExtensionsNotExposed", "ExtensionsUpToDate", "Finding", "ForeignDataWrapperPresent",
    "ForeignKey", "ForeignKeysIndexed", "ForeignServerPresent", "ForeignTableExists", "ForeignTablesAre",
    "ForeignTablesNotExposed", "Fresh", "FunctionCallable", "FunctionPresent", "GrantedTablesHavePolicies", "GrantsAre",
    "Guarantee", "HiddenFromGraphql", "Identifier", "Ignore", "Ignored", "IndexPresent", "IndexesAre",
    "IndexesNotDuplicate", "InheritsFrom", "LanguagePresent", "MaterializedViewsAre", "MaterializedViewsNotExposed",
    "MeanBetween", "Member", "MemberOf", "MostlyExpectation", "NewFunctionsClosed", "NewTablesClosed",
    "NoCreateForApiRoles", "NoExecuteThroughPublic", "NoOidReferencesInColumns", "NoOrphans", "NoPersonalData",
    "NoTriggerOrReferencesForApiRoles", "NoTruncateForApiRoles", "NotInheritsFrom", "NotMemberOf", "NotReadableBy",
    "NotWritableBy", "NullShare", "ObjectAbsent", "ObjectsAre", "OnePermissivePolicy", "OperatorAbsent",
    "OperatorClassPresent", "OperatorPresent", "OperatorsAre", "Outcome", "OwnerIs", "OwnersUnderRls", "ParentsAre",
    "PartitionOf", "PartitionedBy", "PartitionsAre", "PgContractError", "PoliciesAre", "PoliciesCallOnce",
    "PoliciesEnforced", "PoliciesIgnoreUserMetadata", "PoliciesNameRoles", "PoliciesNotOnlyRestrictive",
    "PoliciesNotRecursive", "PolicyPresent", "PrimaryKey", "Principal", "PrivilegeGranted", "PrivilegeNotGranted",
    "ProbeExpectation", "PublicationPresent", "PublishedTablesUnderRls", "Quantiles", "Query", "QueryReturns",
    "QueryReturnsNothing", "QueuesUnderRls", "RangeIs", "ReadableBy", "Reconciles", "Refused", "Relation",
    "RelationExists", "Repair", "ReplicaIdentity", "Report", "RlsBlocksAnon", "RlsDisabled", "RlsEnabled", "RlsForced",
    "RlsIsolates", "RlsNotForced", "RoleExists", "Routine", "RowCount", "RowsExpectation", "RowsSatisfy", "RulePresent",
    "RulesAre", "Scanning", "SchemaExists", "SecretColumnsHidden", "SecurityDefinersFixSearchPath",
    "SecurityDefinersNotCallable", "SequencePresent", "Session", "SetupError", "ShareWhere", "Sql", "StatisticsPresent",
    "StdDevBetween", "StoragePoliciesNameBucket", "SubscriptionPresent", "Suite", "SumEquals", "TableExists",
    "TablePublished", "TableStorage", "TablesAre", "TablesHavePrimaryKey", "TablespaceExists", "TenantsDoNotInterfere",
    "TextSearchConfigurationPresent", "TextSearchDictionaryPresent", "Timeouts", "TriggerFires", "TriggerPresent",
    "TriggersAre", "TypeExists", "UniqueConstraint", "ValueLengths", "Values", "ValuesBetween", "ValuesInSet",
    "ValuesIncreasing", "ValuesMatch", "ValuesNotNull", "ValuesOfJsonSchema", "ValuesUnique", "ViewExists", "ViewsAre",
    "ViewsAskAsInvoker", "WritableBy", "WritePoliciesHaveConditions", "WritersMayRead", "__version__", "embedded",
    "load_baseline", "snapshot", "table", "verify", "verify_async",
]
# fmt: on

# Where each name lives. It is imported when it is first used, so that `import pgcontract` costs next to nothing.
_HOME: dict[str, str] = {
    "Catalog": "pgcontract.catalog.catalog",
    **dict.fromkeys(["Aggregate", "ExampleQuery", "Guarantee", "Query", "Values"], "pgcontract.contract.aggregate"),
    **dict.fromkeys(
        ["CatalogExpectation", "DataExpectation", "Expectation", "ProbeExpectation"], "pgcontract.contract.expectation"
    ),
    **dict.fromkeys(["Identifier", "Member", "Relation", "Routine", "Sql"], "pgcontract.contract.fields"),
    "Ignore": "pgcontract.contract.ignore",
    "load_baseline": "pgcontract.contract.baseline",
    "Principal": "pgcontract.contract.principals",
    **dict.fromkeys(
        ["EachRowExpectation", "EachValueExpectation", "MostlyExpectation", "RowsExpectation"],
        "pgcontract.contract.rows",
    ),
    **dict.fromkeys(["CannotProbe", "Refused", "Session"], "pgcontract.contract.session"),
    "Suite": "pgcontract.contract.suite",
    **dict.fromkeys(["ContractError", "DatabaseError", "PgContractError", "SetupError"], "pgcontract.errors"),
    "table": "pgcontract.expectations.table",
    **dict.fromkeys(["snapshot", "verify"], "pgcontract.run.runner"),
    "verify_async": "pgcontract.run.asynchronous",
    "Scanning": "pgcontract.run.scanning",
    "Timeouts": "pgcontract.run.target",
    **dict.fromkeys(
        ["ContractBrokenError", "Examples", "Finding", "Ignored", "Outcome", "Repair", "Report"], "pgcontract.verdict"
    ),
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
