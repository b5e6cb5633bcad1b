"""The expectations that pgcontract offers, and the short forms of contract files.

There are three hundred modules, and a contract needs a few: each is imported when a name of it is first used.
"""

from typing import TYPE_CHECKING, Any

from pgcontract.contract.offers import attribute
from pgcontract.expectations.homes import OFFERS

if TYPE_CHECKING:
    from pgcontract.expectations.absent import ObjectAbsent
    from pgcontract.expectations.access import AccessMatrix
    from pgcontract.expectations.acls import AclIs
    from pgcontract.expectations.advice.anonymous import AnonymousSignInsConsidered
    from pgcontract.expectations.advice.auth_keys import AuthReferencedByPrimaryKey
    from pgcontract.expectations.advice.auth_users import AuthUsersHidden
    from pgcontract.expectations.advice.calls_once import PoliciesCallOnce
    from pgcontract.expectations.advice.column_grants import ColumnsOpenedByTable
    from pgcontract.expectations.advice.definers import SecurityDefinersNotCallable
    from pgcontract.expectations.advice.execute import NoExecuteThroughPublic
    from pgcontract.expectations.advice.extension_schemas import ExtensionsNotExposed
    from pgcontract.expectations.advice.extension_versions import ExtensionsUpToDate
    from pgcontract.expectations.advice.foreign_keys import ForeignKeysIndexed
    from pgcontract.expectations.advice.foreign_tables import ForeignTablesNotExposed
    from pgcontract.expectations.advice.graphql import HiddenFromGraphql
    from pgcontract.expectations.advice.indexes import IndexesNotDuplicate
    from pgcontract.expectations.advice.materialized_views import MaterializedViewsNotExposed
    from pgcontract.expectations.advice.new_functions import NewFunctionsClosed
    from pgcontract.expectations.advice.new_tables import NewTablesClosed
    from pgcontract.expectations.advice.one_policy import OnePermissivePolicy
    from pgcontract.expectations.advice.owners import OwnersUnderRls
    from pgcontract.expectations.advice.permissive_policies import PoliciesNotOnlyRestrictive
    from pgcontract.expectations.advice.policies_enforced import PoliciesEnforced
    from pgcontract.expectations.advice.policies_present import GrantedTablesHavePolicies
    from pgcontract.expectations.advice.policy_roles import PoliciesNameRoles
    from pgcontract.expectations.advice.primary_keys import TablesHavePrimaryKey
    from pgcontract.expectations.advice.published import PublishedTablesUnderRls
    from pgcontract.expectations.advice.queues import QueuesUnderRls
    from pgcontract.expectations.advice.recursion import PoliciesNotRecursive
    from pgcontract.expectations.advice.reg_types import NoOidReferencesInColumns
    from pgcontract.expectations.advice.rls_enabled import ExposedTablesUnderRls
    from pgcontract.expectations.advice.roles import ApiRolesStayUnderRls
    from pgcontract.expectations.advice.schemas import NoCreateForApiRoles
    from pgcontract.expectations.advice.search_path import SecurityDefinersFixSearchPath
    from pgcontract.expectations.advice.secret_columns import SecretColumnsHidden
    from pgcontract.expectations.advice.select_policies import WritersMayRead
    from pgcontract.expectations.advice.storage import StoragePoliciesNameBucket
    from pgcontract.expectations.advice.triggers import NoTriggerOrReferencesForApiRoles
    from pgcontract.expectations.advice.truncate import NoTruncateForApiRoles
    from pgcontract.expectations.advice.user_metadata import PoliciesIgnoreUserMetadata
    from pgcontract.expectations.advice.views import ViewsAskAsInvoker
    from pgcontract.expectations.advice.with_check import ChecksAsNarrowAsUsing
    from pgcontract.expectations.advice.write_policies import WritePoliciesHaveConditions
    from pgcontract.expectations.aggregates import AggregateIs
    from pgcontract.expectations.callable import FunctionCallable
    from pgcontract.expectations.casts import CastAbsent, CastPresent, CastsAre
    from pgcontract.expectations.closed import ObjectsAre
    from pgcontract.expectations.closed_section import Closed
    from pgcontract.expectations.collations import CollationExists
    from pgcontract.expectations.column_collations import ColumnCollation
    from pgcontract.expectations.column_kinds import ColumnKindsAre
    from pgcontract.expectations.column_statistics import MeanBetween, StdDevBetween, SumEquals
    from pgcontract.expectations.column_storage import ColumnStorage
    from pgcontract.expectations.columns import (
        ColumnDefault,
        ColumnExists,
        ColumnNotNull,
        ColumnNullable,
        ColumnsAre,
        ColumnType,
    )
    from pgcontract.expectations.commented import CommentsAre
    from pgcontract.expectations.comments import CommentIs
    from pgcontract.expectations.composites import CompositeAttributes
    from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
    from pgcontract.expectations.crud import CrudWorks
    from pgcontract.expectations.databases import DatabaseHas
    from pgcontract.expectations.default_acls import DefaultAclIs, DefaultAclsAre
    from pgcontract.expectations.default_privileges import DefaultPrivilegesAre
    from pgcontract.expectations.definitions import Domains, Enums, Schemas, Sequences
    from pgcontract.expectations.domains import DomainIs
    from pgcontract.expectations.event_triggers import EventTriggerPresent
    from pgcontract.expectations.exclusions import ExclusionConstraint
    from pgcontract.expectations.extensions import ExtensionInstalled, ExtensionMembersAre
    from pgcontract.expectations.firing import TriggerFires
    from pgcontract.expectations.foreign_data_wrappers import ForeignDataWrapperPresent
    from pgcontract.expectations.foreign_keys import ForeignKey
    from pgcontract.expectations.foreign_servers import ForeignServerPresent
    from pgcontract.expectations.foreign_tables import ForeignTableExists, ForeignTablesAre
    from pgcontract.expectations.fresh import Fresh
    from pgcontract.expectations.functions import FunctionPresent
    from pgcontract.expectations.generated import ColumnGenerated
    from pgcontract.expectations.grants import GrantsAre
    from pgcontract.expectations.identity import ColumnIdentity
    from pgcontract.expectations.indexes import IndexesAre, IndexPresent
    from pgcontract.expectations.inheritance import ChildrenAre, InheritsFrom, NotInheritsFrom, ParentsAre
    from pgcontract.expectations.interference import RlsIsolates, TenantsDoNotInterfere
    from pgcontract.expectations.languages import LanguagePresent
    from pgcontract.expectations.operator_classes import OperatorClassPresent
    from pgcontract.expectations.operators import OperatorAbsent, OperatorPresent, OperatorsAre
    from pgcontract.expectations.orphans import NoOrphans
    from pgcontract.expectations.owners import OwnerIs
    from pgcontract.expectations.partitions import PartitionedBy, PartitionOf, PartitionsAre
    from pgcontract.expectations.personal_data import NoPersonalData
    from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
    from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted
    from pgcontract.expectations.publication_form import DefaultAcl, Publications
    from pgcontract.expectations.publications import PublicationPresent, TablePublished
    from pgcontract.expectations.quantiles import Quantiles
    from pgcontract.expectations.queries import QueryReturns
    from pgcontract.expectations.query_nothing import QueryReturnsNothing
    from pgcontract.expectations.ranges import RangeIs
    from pgcontract.expectations.reach import NotReadableBy, NotWritableBy, ReadableBy, WritableBy
    from pgcontract.expectations.reconciles import Reconciles
    from pgcontract.expectations.refusals import ConstraintRefuses
    from pgcontract.expectations.rls import RlsBlocksAnon, RlsDisabled, RlsEnabled, RlsForced, RlsNotForced
    from pgcontract.expectations.roles import MemberOf, NotMemberOf, RoleExists
    from pgcontract.expectations.rows import RowCount, RowsSatisfy
    from pgcontract.expectations.rules import RulePresent, RulesAre
    from pgcontract.expectations.schemas import SchemaExists
    from pgcontract.expectations.sections import Extensions, Functions, Roles
    from pgcontract.expectations.sequences import SequencePresent
    from pgcontract.expectations.shares import DistinctShare, NullShare, ShareWhere
    from pgcontract.expectations.statistics import StatisticsPresent
    from pgcontract.expectations.storage import Clustered, ReplicaIdentity
    from pgcontract.expectations.subscriptions import SubscriptionPresent
    from pgcontract.expectations.table import Tables
    from pgcontract.expectations.table_storage import TableStorage
    from pgcontract.expectations.tables import RelationExists, TableExists, TablesAre
    from pgcontract.expectations.tablespaces import TablespaceExists
    from pgcontract.expectations.text_search_configurations import TextSearchConfigurationPresent
    from pgcontract.expectations.text_search_dictionaries import TextSearchDictionaryPresent
    from pgcontract.expectations.triggers import TriggerPresent, TriggersAre
    from pgcontract.expectations.type_form import Types
    from pgcontract.expectations.types import EnumLabels, TypeExists
    from pgcontract.expectations.value_lengths import ValueLengths
    from pgcontract.expectations.values_between import ValuesBetween
    from pgcontract.expectations.values_in_set import ValuesInSet
    from pgcontract.expectations.values_increasing import ValuesIncreasing
    from pgcontract.expectations.values_json_schema import ValuesOfJsonSchema
    from pgcontract.expectations.values_match import ValuesMatch
    from pgcontract.expectations.values_not_null import ValuesNotNull
    from pgcontract.expectations.values_unique import ValuesUnique
    from pgcontract.expectations.view_form import ForeignTables, Views
    from pgcontract.expectations.views import MaterializedViewsAre, ViewExists, ViewsAre

# fmt: off
__all__ = [
    "AccessMatrix", "AclIs", "AggregateIs", "AnonymousSignInsConsidered", "ApiRolesStayUnderRls",
    "AuthReferencedByPrimaryKey", "AuthUsersHidden", "CastAbsent", "CastPresent", "CastsAre", "CheckConstraint",
    "ChecksAsNarrowAsUsing", "ChildrenAre", "Closed", "Clustered", "CollationExists", "ColumnCollation",
    "ColumnDefault", "ColumnExists", "ColumnGenerated", "ColumnIdentity", "ColumnKindsAre", "ColumnNotNull",
    "ColumnNullable", "ColumnStorage", "ColumnType", "ColumnsAre", "ColumnsOpenedByTable", "CommentIs", "CommentsAre",
    "CompositeAttributes", "ConstraintRefuses", "CrudWorks", "DatabaseHas", "DefaultAcl", "DefaultAclIs",
    "DefaultAclsAre", "DefaultPrivilegesAre", "DistinctShare", "DomainIs", "Domains", "EnumLabels", "Enums",
    "EventTriggerPresent", "ExclusionConstraint", "ExposedTablesUnderRls", "ExtensionInstalled", "ExtensionMembersAre",
    "Extensions", "ExtensionsNotExposed", "ExtensionsUpToDate", "ForeignDataWrapperPresent", "ForeignKey",
    "ForeignKeysIndexed", "ForeignServerPresent", "ForeignTableExists", "ForeignTables", "ForeignTablesAre",
    "ForeignTablesNotExposed", "Fresh", "FunctionCallable", "FunctionPresent", "Functions", "GrantedTablesHavePolicies",
    "GrantsAre", "HiddenFromGraphql", "IndexPresent", "IndexesAre", "IndexesNotDuplicate", "InheritsFrom",
    "LanguagePresent", "MaterializedViewsAre", "MaterializedViewsNotExposed", "MeanBetween", "MemberOf",
    "NewFunctionsClosed", "NewTablesClosed", "NoCreateForApiRoles", "NoExecuteThroughPublic",
    "NoOidReferencesInColumns", "NoOrphans", "NoPersonalData", "NoTriggerOrReferencesForApiRoles",
    "NoTruncateForApiRoles", "NotInheritsFrom", "NotMemberOf", "NotReadableBy", "NotWritableBy", "NullShare",
    "ObjectAbsent", "ObjectsAre", "OnePermissivePolicy", "OperatorAbsent", "OperatorClassPresent", "OperatorPresent",
    "OperatorsAre", "OwnerIs", "OwnersUnderRls", "ParentsAre", "PartitionOf", "PartitionedBy", "PartitionsAre",
    "PoliciesAre", "PoliciesCallOnce", "PoliciesEnforced", "PoliciesIgnoreUserMetadata", "PoliciesNameRoles",
    "PoliciesNotOnlyRestrictive", "PoliciesNotRecursive", "PolicyPresent", "PrimaryKey", "PrivilegeGranted",
    "PrivilegeNotGranted", "PublicationPresent", "Publications", "PublishedTablesUnderRls", "Quantiles", "QueryReturns",
    "QueryReturnsNothing", "QueuesUnderRls", "RangeIs", "ReadableBy", "Reconciles", "RelationExists", "ReplicaIdentity",
    "RlsBlocksAnon", "RlsDisabled", "RlsEnabled", "RlsForced", "RlsIsolates", "RlsNotForced", "RoleExists", "Roles",
    "RowCount", "RowsSatisfy", "RulePresent", "RulesAre", "SchemaExists", "Schemas", "SecretColumnsHidden",
    "SecurityDefinersFixSearchPath", "SecurityDefinersNotCallable", "SequencePresent", "Sequences", "ShareWhere",
    "StatisticsPresent", "StdDevBetween", "StoragePoliciesNameBucket", "SubscriptionPresent", "SumEquals",
    "TableExists", "TablePublished", "TableStorage", "Tables", "TablesAre", "TablesHavePrimaryKey", "TablespaceExists",
    "TenantsDoNotInterfere", "TextSearchConfigurationPresent", "TextSearchDictionaryPresent", "TriggerFires",
    "TriggerPresent", "TriggersAre", "TypeExists", "Types", "UniqueConstraint", "ValueLengths", "ValuesBetween",
    "ValuesInSet", "ValuesIncreasing", "ValuesMatch", "ValuesNotNull", "ValuesOfJsonSchema", "ValuesUnique",
    "ViewExists", "Views", "ViewsAre", "ViewsAskAsInvoker", "WritableBy", "WritePoliciesHaveConditions",
    "WritersMayRead",
]
# fmt: on

__offers__ = OFFERS


def __getattr__(name: str) -> Any:
    home = OFFERS.home(name)
    if home is None:
        raise AttributeError(f"module 'pgcontract.expectations' has no attribute {name!r}")
    return attribute(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
