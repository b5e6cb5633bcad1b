"""The short way to say the usual of a table; in Python `table(…)`, in a contract file the section `tables`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from pgcontract.contract.fields import Relation
from pgcontract.contract.section import Section
from pgcontract.expectations.table_fold import folded_table
from pgcontract.expectations.table_form import TableForm
from pgcontract.expectations.tables import TableExists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from typing_extensions import Unpack

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said
    from pgcontract.verdict import Severity


class ColumnSpec(TypedDict, total=False):
    """What may be said of a column in `table(columns={…})`."""

    type: str
    nullable: bool
    default: str | float | None
    generated: str | Mapping[str, Any] | None
    identity: str | Mapping[str, Any] | None
    collation: str | Mapping[str, Any] | None
    comment: str | None
    severity: Severity
    tags: str | Sequence[str]
    because: str


class WholeSpec(TypedDict, total=False):
    """What may be said of a table as a whole in `table(…)`."""

    exclusions: Sequence[str | Sequence[str] | Mapping[str, Any]]
    rules: Mapping[str, Mapping[str, Any]]
    owned_by: str
    comment: str | None
    partitioned_by: str | Sequence[str] | Mapping[str, Any]
    partition_of: str | Mapping[str, Any]
    inherits: str | Sequence[str]
    replica_identity: str | Mapping[str, Any]
    statistics: Sequence[str | Sequence[str] | Mapping[str, Any]]
    storage: str | Mapping[str, Any]
    clustered_on: str | None
    acl: Mapping[str, str | Sequence[str | Mapping[str, str | Sequence[str]]]]
    closed: bool | str | Sequence[str]


class Tables(Section):
    """Tables by name, each in the short form."""

    key: ClassVar[str] = "tables"
    place: ClassVar[int] = 60
    python: ClassVar[str] = "table"
    root: dict[Relation, TableForm]

    def expand(self) -> Iterator[Expectation]:
        """All of every table."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for exists in said.all(TableExists):
            yield said.bare(exists.table), folded_table(exists, said)


def table(  # noqa: PLR0913 - each is a part of a table
    name: str,
    *,
    columns: Mapping[str, str | ColumnSpec] | None = None,
    primary_key: str | Sequence[str] | Mapping[str, Any] = (),
    foreign_keys: Sequence[Mapping[str, Any]] = (),
    unique: Sequence[str | Sequence[str] | Mapping[str, Any]] = (),
    checks: Sequence[str | Mapping[str, Any]] = (),
    indexes: Sequence[str | Sequence[str] | Mapping[str, Any]] = (),
    owner: str | None = None,
    rls: Mapping[str, Any] | bool | None = None,
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    triggers: Mapping[str, str | Mapping[str, Any]] | None = None,
    grants: Mapping[str, str | Sequence[str | Mapping[str, str | Sequence[str]]]] | None = None,
    severity: Severity = "error",
    tags: str | Collection[str] = (),
    because: str | None = None,
    **whole: Unpack[WholeSpec],
) -> tuple[Expectation, ...]:
    """The usual expectations of a table, in the short form of contract files; `TableForm` describes each part.

    `owner` is the column that holds the user whose row it is: row-level security is on, and for each of the four
    commands a policy lets a user at his own rows. It is short for `rls={"owner": …}`.

    Raises:
        pydantic.ValidationError: A key is unknown or a value is wrong.
    """
    parts: dict[str, Any] = {
        "columns": columns,
        "primary_key": primary_key,
        "foreign_keys": foreign_keys,
        "unique": unique,
        "checks": checks,
        "indexes": indexes,
        "rls": rls if owner is None else {**(rls if isinstance(rls, Mapping) else {}), "owner": owner},
        "policies": policies,
        "triggers": triggers,
        "grants": grants,
        "severity": severity,
        "tags": tags,
        "because": because,
    }
    given = {key: value for key, value in parts.items() if value is not None} | whole
    return tuple(TableForm.model_validate(given).expand(name))
