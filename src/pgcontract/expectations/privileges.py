from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pgcontract.catalog import effective
from pgcontract.catalog.privileges import PRIVILEGES, PUBLIC, Grant, held
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Relation, Routine
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form


def known(privilege: str) -> str:
    """The privilege in upper case.

    Raises:
        ValueError: Postgres has no such privilege.
    """
    word = privilege.upper()
    if word not in PRIVILEGES:
        near = perhaps(word, PRIVILEGES)
        raise ValueError(f"{privilege!r} is not a privilege{f'. {near}' if near else ''}")
    return word


def _known(privileges: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(map(known, privileges))))


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


PrivilegeWord = Annotated[str, AnyCase(tuple(sorted(PRIVILEGES)))]
Privileges = Annotated[
    Sequence[str],
    BeforeValidator(_one_or_many, json_schema_input_type=PrivilegeWord | Sequence[PrivilegeWord]),
    AfterValidator(_known),
]


_ON_COLUMN = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})
_ON: Mapping[str, frozenset[str]] = {
    "table": _ON_COLUMN | {"DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"},
    "function": frozenset({"EXECUTE"}),
    "sequence": frozenset({"USAGE", "SELECT", "UPDATE"}),
    "on_schema": frozenset({"USAGE", "CREATE"}),
}
"""The privileges that there are on each kind of object."""


@dataclass(frozen=True, slots=True)
class _Target:
    """An object, or one column of it.

    Attributes:
        words: What stands after ON in GRANT.
        held: What the role may do with it.
        grants: Those that count for it, each with the column that it was made on, or None for the whole.
        column: The column, unquoted.
    """

    words: str
    held: frozenset[str]
    grants: tuple[tuple[str | None, Grant], ...]
    column: str | None = None

    def __str__(self) -> str:
        return f"{self.words}{_bracketed(self.column)}"

    @property
    def object(self) -> str | None:
        """The canonical name of a column; None where the expectation's own subject says it."""
        return None if self.column is None else f"{self.words}.{quote(self.column)}"


def _bracketed(column: str | None) -> str:
    return "" if column is None else f" ({quote(column)})"


def _on_whole(words: str, held: frozenset[str], grants: Iterable[Grant]) -> _Target:
    return _Target(words, held, tuple((None, grant) for grant in grants))


class _Privileges(CatalogExpectation):
    """What a role may do with one object: a relation (or some of its columns), a function, a sequence or a schema."""

    role: Identifier
    privileges: Privileges
    table: Relation | None = None
    columns: Identifiers = ()
    function: Routine | None = None
    sequence: Relation | None = None
    on_schema: Identifier | None = None

    @model_validator(mode="after")
    def _one_object(self) -> Self:
        given = [name for name in _ON if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("name exactly one of table, function, sequence, on_schema")
        if self.columns and self.table is None:
            raise ValueError("columns belong to a table")
        if not self.privileges:
            raise ValueError("name at least one privilege")
        there = _ON_COLUMN if self.columns else _ON[given[0]]
        for privilege in self.privileges:
            if privilege not in there:
                noun = "column" if self.columns else given[0].removeprefix("on_")
                raise ValueError(f"there is no privilege {privilege} on a {noun}, only {', '.join(sorted(there))}")
        return self

    @property
    def subject(self) -> str:
        return self.table or self.function or self.sequence or quote(self.on_schema or "")

    def forms(self) -> Iterable[Form]:
        if self.function is not None:
            yield from signature_forms(self.function)

    def _targets(self, catalog: Catalog, role: str) -> Iterator[_Target]:
        """The object, or each of the columns."""
        if self.table is not None and self.columns:
            yield from (_on_column(catalog, role, self.table, column) for column in self.columns)
        elif self.table is not None:
            held = effective.on_relation(catalog, role, self.table)
            yield _on_whole(self.table, held, catalog.relations[self.table].grants)
        elif self.function is not None:
            function = find(catalog, self.function)
            held = effective.on_function(catalog, role, function.signature)
            yield _on_whole(f"routine {function.signature}", held, function.grants)
        elif self.sequence is not None:
            held = effective.on_sequence(catalog, role, self.sequence)
            yield _on_whole(f"sequence {self.sequence}", held, catalog.sequences[self.sequence].grants)
        else:
            schema = catalog.schemas[self.on_schema or ""]
            yield _on_whole(
                f"schema {quote(schema.name)}", effective.on_schema(catalog, role, schema.name), schema.grants
            )

    def _role(self, catalog: Catalog) -> str:
        if self.role.upper() == PUBLIC and self.role not in catalog.roles:
            return PUBLIC
        return catalog.roles[self.role].name


def _on_column(catalog: Catalog, role: str, table: str, column: str) -> _Target:
    relation = catalog.relations[table]
    grants = (
        *((None, grant) for grant in relation.grants),
        *((column, grant) for grant in relation.columns[column].grants),
    )
    return _Target(table, effective.on_column(catalog, role, table, column), grants, column)


class PrivilegeGranted(_Privileges):
    """{role} has {privileges}.

    Effective privileges count: granted to the role, to PUBLIC, or to a role whose privileges it inherits. On a table,
    `columns` asks for the columns alone. Usage of the schema is a privilege of its own.

    Example:
        PrivilegeGranted("authenticated", ["SELECT", "INSERT"], table="invoices")

    Repair: grant it.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role = self._role(catalog)
        for target in self._targets(catalog, role):
            for privilege in self.privileges:
                if privilege not in target.held:
                    what = f"{privilege.lower()}{_bracketed(target.column)} on {target.words}"
                    yield Finding(
                        f"{role} has no {privilege} on {target}",
                        expected=privilege,
                        observed=", ".join(sorted(target.held)) or "nothing",
                        object=target.object,
                        repair=(Repair(f"grant {what} to {_grantee(role)};", "changes access"),),
                    )


class PrivilegeNotGranted(_Privileges):
    """{role} has none of {privileges}.

    Effective privileges count, so one that comes through PUBLIC or through membership is found, and on a table one that
    was granted on a single column; `except_columns` are those on which it may be.

    Example:
        PrivilegeNotGranted("anon", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"], table="invoices")

    Repair: revoke it from whoever it was granted to; the finding says whom. What a superuser or a predefined role has
    cannot be revoked.
    """

    except_columns: Identifiers = ()

    @model_validator(mode="after")
    def _on_table(self) -> PrivilegeNotGranted:
        if self.except_columns and (self.table is None or self.columns):
            raise ValueError("except_columns belong to a table, and go without columns")
        return self

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role = self._role(catalog)
        targets = list(self._targets(catalog, role))
        for target in [*targets, *self._by_column(catalog, role, targets[0].held)]:
            for privilege in self.privileges:
                if privilege in target.held:
                    yield _too_much(catalog, role, target, privilege)

    def _by_column(self, catalog: Catalog, role: str, whole: frozenset[str]) -> Iterator[_Target]:
        """The columns with grants of their own, and what the role may do with them beyond the whole table."""
        if self.table is None or self.columns:
            return
        for column in catalog.relations[self.table].columns.values():
            if column.grants and column.name not in self.except_columns:
                target = _on_column(catalog, role, self.table, column.name)
                yield replace(target, held=target.held - whole)


def _too_much(catalog: Catalog, role: str, target: _Target, privilege: str) -> Finding:
    roles = effective.identities(catalog, role)
    sources = dict.fromkeys(
        (grant.grantee, column)
        for column, grant in target.grants
        if grant.privilege == privilege and held([grant], roles)
    )
    grantees = [grantee for grantee, _ in sources]
    through = f" through {grantees[0]}" if grantees and role not in grantees else ""
    return Finding(
        f"{role} has {privilege} on {target}{through}",
        expected=f"no {privilege}",
        observed=privilege,
        object=target.object,
        hint=None if sources else "No grant gives it: the role is a superuser, or a member of a predefined role.",
        repair=tuple(
            Repair(
                f"revoke {privilege.lower()}{_bracketed(column)} on {target.words} from {_grantee(grantee)};",
                "changes access",
            )
            for grantee, column in sources
        ),
    )


def _grantee(role: str) -> str:
    return "public" if role == PUBLIC else quote(role)
