"""Under which heading a promise stands: what people look for, rather than how it is checked."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pgcontract.contract import registry
from pgcontract.contract.expectation import DataExpectation, ProbeExpectation
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS, REST = "Columns", "Storage and the rest"
ROWS = "What its rows hold"
FUNCTIONS = "Functions"

# Of each heading the kinds; the first that fits decides.
_OF_A_RELATION = (
    (COLUMNS, r"Column.*|(Table|View|Relation|ForeignTable)Exists"),
    ("Keys and constraints", r"PrimaryKey|UniqueConstraint|ForeignKey|CheckConstraint|ExclusionConstraint"),
    (ROWS, ""),
    ("Row-level security", r"Rls.*|Polic(y|ies).*|AccessMatrix|(Not)?(Read|Writ)ableBy"),
    ("Privileges", r"Privilege.*|GrantsAre|AclIs|OwnerIs"),
    ("How it behaves", r"ConstraintRefuses|TriggerFires|CrudWorks"),
    ("Triggers and rules", r"Triggers?(Present|Are)|Rules?(Present|Are)"),
    ("Indexes", r"Index.*|Clustered|Statistics.*"),
    (REST, r".*"),
)
_OF_NO_RELATION = (
    (FUNCTIONS, r"Function.*|Aggregate.*"),
    ("Roles", r"Role.*|(Not)?MemberOf"),
    ("Privileges", r"(Default)?(Acl|Privilege).*|GrantsAre|OwnerIs"),
    ("Types", r"Type.*|Enum.*|Domain.*|Range.*|Composite.*|Collation.*|Cast.*|Operator.*"),
    ("Schemas and extensions", r"Schema.*|Extension.*|DatabaseHas|\w+Are|CommentIs|ObjectAbsent"),
    ("Rules for whole schemas", ""),
    ("Everything else", r".*"),
)


def headings(*, of_a_relation: bool) -> list[str]:
    """The headings in the order in which they stand."""
    return [title for title, _ in (_OF_A_RELATION if of_a_relation else _OF_NO_RELATION)]


def heading(kind: str, *, of_a_relation: bool) -> str:
    """The heading for outcomes of a kind. A stranger's kind is placed by its lane, where its package is installed."""
    if (special := _special(kind)) is not None and of_a_relation == (special in {ROWS, "How it behaves"}):
        return special
    return _first(kind, _OF_A_RELATION if of_a_relation else _OF_NO_RELATION)


def _first(kind: str, headings: Sequence[tuple[str, str]]) -> str:
    return next(title for title, pattern in headings if pattern and re.fullmatch(pattern, kind))


@cache
def _special(kind: str) -> str | None:
    """What only the class tells: whether it is about rows, about whole schemas, or a stranger's that acts."""
    try:
        cls = registry.offered().get(kind)
    except ContractError:  # a package that is broken
        return None
    if cls is None:
        return None
    if ".advice." in cls.__module__:
        return "Rules for whole schemas"
    if issubclass(cls, DataExpectation):
        return ROWS
    known = any(re.fullmatch(pattern, kind) for _, pattern in _OF_A_RELATION[:-1] if pattern)
    return "How it behaves" if issubclass(cls, ProbeExpectation) and not known else None
