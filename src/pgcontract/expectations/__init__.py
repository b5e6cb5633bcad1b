"""The expectations that pgcontract offers, and the short forms of contract files."""

from pgcontract.expectations.absent import ObjectAbsent
from pgcontract.expectations.callable import FunctionCallable
from pgcontract.expectations.casts import CastAbsent, CastPresent, CastsAre
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.collations import CollationExists
from pgcontract.expectations.columns import ColumnDefault, ColumnExists, ColumnNotNull, ColumnNullable, ColumnType
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.composites import CompositeAttributes
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.databases import DatabaseHas
from pgcontract.expectations.default_privileges import DefaultPrivilegesAre
from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.functions import FunctionPresent
from pgcontract.expectations.grants import GrantsAre
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.inheritance import ChildrenAre, InheritsFrom, NotInheritsFrom
from pgcontract.expectations.languages import LanguagePresent
from pgcontract.expectations.operator_classes import OperatorClassPresent
from pgcontract.expectations.operators import OperatorAbsent, OperatorPresent, OperatorsAre
from pgcontract.expectations.owners import OwnerIs
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.expectations.policies import PoliciesAre, PolicyPresent
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted
from pgcontract.expectations.rls import RlsBlocksAnon, RlsEnabled, RlsForced
from pgcontract.expectations.roles import MemberOf, NotMemberOf, RoleExists
from pgcontract.expectations.rows import RowCount, ValuesNotNull
from pgcontract.expectations.schemas import SchemaExists
from pgcontract.expectations.sections import Extensions, Functions, Roles
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.table import Tables, table
from pgcontract.expectations.tables import RelationExists, TableExists, TablesAre
from pgcontract.expectations.tablespaces import TablespaceExists
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.expectations.types import EnumLabels, TypeExists
from pgcontract.expectations.views import MaterializedViewsAre, ViewExists, ViewsAre

__all__ = [
    "CastAbsent",
    "CastPresent",
    "CastsAre",
    "CheckConstraint",
    "ChildrenAre",
    "CollationExists",
    "ColumnDefault",
    "ColumnExists",
    "ColumnNotNull",
    "ColumnNullable",
    "ColumnType",
    "CommentIs",
    "CompositeAttributes",
    "DatabaseHas",
    "DefaultPrivilegesAre",
    "DomainIs",
    "EnumLabels",
    "ExtensionInstalled",
    "Extensions",
    "ForeignKey",
    "FunctionCallable",
    "FunctionPresent",
    "Functions",
    "GrantsAre",
    "IndexPresent",
    "InheritsFrom",
    "LanguagePresent",
    "MaterializedViewsAre",
    "MemberOf",
    "NotInheritsFrom",
    "NotMemberOf",
    "ObjectAbsent",
    "ObjectsAre",
    "OperatorAbsent",
    "OperatorClassPresent",
    "OperatorPresent",
    "OperatorsAre",
    "OwnerIs",
    "PartitionOf",
    "PartitionedBy",
    "PartitionsAre",
    "PoliciesAre",
    "PolicyPresent",
    "PrimaryKey",
    "PrivilegeGranted",
    "PrivilegeNotGranted",
    "RelationExists",
    "RlsBlocksAnon",
    "RlsEnabled",
    "RlsForced",
    "RoleExists",
    "Roles",
    "RowCount",
    "SchemaExists",
    "SequencePresent",
    "TableExists",
    "Tables",
    "TablesAre",
    "TablespaceExists",
    "TriggerPresent",
    "TypeExists",
    "UniqueConstraint",
    "ValuesNotNull",
    "ViewExists",
    "ViewsAre",
    "table",
]
