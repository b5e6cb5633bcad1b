"""Every rule of advice, imported when all are wanted."""

from typing import Final

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
from pgcontract.expectations.advice.rule import Advice
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

RULES: Final[tuple[type[Advice], ...]] = (
    AnonymousSignInsConsidered,
    ApiRolesStayUnderRls,
    AuthReferencedByPrimaryKey,
    AuthUsersHidden,
    ChecksAsNarrowAsUsing,
    ColumnsOpenedByTable,
    ExposedTablesUnderRls,
    ExtensionsNotExposed,
    ExtensionsUpToDate,
    ForeignKeysIndexed,
    ForeignTablesNotExposed,
    GrantedTablesHavePolicies,
    HiddenFromGraphql,
    IndexesNotDuplicate,
    MaterializedViewsNotExposed,
    NewFunctionsClosed,
    NewTablesClosed,
    NoCreateForApiRoles,
    NoExecuteThroughPublic,
    NoOidReferencesInColumns,
    NoTriggerOrReferencesForApiRoles,
    NoTruncateForApiRoles,
    OnePermissivePolicy,
    OwnersUnderRls,
    PoliciesCallOnce,
    PoliciesEnforced,
    PoliciesIgnoreUserMetadata,
    PoliciesNameRoles,
    PoliciesNotOnlyRestrictive,
    PoliciesNotRecursive,
    PublishedTablesUnderRls,
    QueuesUnderRls,
    SecretColumnsHidden,
    SecurityDefinersFixSearchPath,
    SecurityDefinersNotCallable,
    StoragePoliciesNameBucket,
    TablesHavePrimaryKey,
    ViewsAskAsInvoker,
    WritePoliciesHaveConditions,
    WritersMayRead,
)
"""Every rule, by name."""
