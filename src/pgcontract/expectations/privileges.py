from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

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
    def _one_object(self) -> _Privileges:
        given = [name for name in ("table", "function", "sequence", "on_schema") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("name exactly one of table, function, sequence, on_schema")
        if self.columns and self.table is None:
            raise ValueError("columns belong to a table")
        return self

    @property
    def subject(self) -> str:
        return self.table or self.function or self.sequence or quote(self.on_schema or "")

    def forms(self) -> Iterable[Form]:
        if self.function is not None:
            yield from signature_forms(self.function)

    def _held(self, catalog: Catalog, role: str) -> dict[str, frozenset[str]]:
        """What the role may do, by the object's words in GRANT."""
        if self.table is not None and self.columns:
            return {
                f"{self.table} ({quote(column)})": effective.on_column(catalog, role, self.table, column)
                for column in self.columns
            }
        if self.table is not None:
            return {self.table: effective.on_relation(catalog, role, self.table)}
        if self.function is not None:
            routine = find(catalog, self.function).signature
            return {f"routine {routine}": effective.on_function(catalog, role, routine)}
        if self.sequence is not None:
            return {f"sequence {self.sequence}": effective.on_sequence(catalog, role, self.sequence)}
        schema = self.on_schema or ""
        return {f"schema {quote(schema)}": effective.on_schema(catalog, role, catalog.schemas[schema].name)}

    def _role(self, catalog: Catalog) -> str:
        if self.role.upper() == PUBLIC and self.role not in catalog.roles:
            return PUBLIC
        return catalog.roles[self.role].name


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
        for target, privileges in self._held(catalog, role).items():
            for privilege in self.privileges:
                if privilege not in privileges:
                    sql = f"grant {_worded(privilege, target)} to {_grantee(role)};"
                    yield Finding(
                        f"{role} has no {privilege} on {target}",
                        expected=privilege,
                        observed=", ".join(sorted(privileges)) or "nothing",
                        repair=(Repair(sql, "changes access"),),
                    )


class PrivilegeNotGranted(_Privileges):
    """{role} has none of {privileges}.

    Effective privileges count, so one that comes through PUBLIC or through membership is found, and on a table one that
    was granted on a single column; `except_columns` are those on which it may be.

    Example:
        PrivilegeNotGranted("anon", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"], table="invoices")

    Repair: revoke it from whoever it was granted to; the finding says whom.
    """

    except_columns: Identifiers = ()

    @model_validator(mode="after")
    def _on_table(self) -> PrivilegeNotGranted:
        if self.except_columns and (self.table is None or self.columns):
            raise ValueError("except_columns belong to a table, and go without columns")
        return self

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role = self._role(catalog)
        whole = self._held(catalog, role)
        for target, privileges in [*whole.items(), *self._by_column(catalog, role, whole)]:
            for privilege in self.privileges:
                if privilege in privileges:
                    yield self._finding(catalog, role, target, privilege)

    def _by_column(
        self, catalog: Catalog, role: str, whole: dict[str, frozenset[str]]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        if self.table is None or self.columns:
            return
        for column in catalog.relations[self.table].columns.values():
            if column.grants and column.name not in self.except_columns:
                privileges = effective.on_column(catalog, role, self.table, column.name)
                yield f"{self.table} ({quote(column.name)})", privileges - whole[self.table]

    def _finding(self, catalog: Catalog, role: str, target: str, privilege: str) -> Finding:
        sources = sorted(
            grant.grantee
            for grant in self._grants(catalog)
            if grant.privilege == privilege and _serves(catalog, role, grant)
        )
        through = [source for source in dict.fromkeys(sources) if source != role]
        return Finding(
            f"{role} has {privilege} on {target}{f' through {through[0]}' if through and role not in sources else ''}",
            expected=f"no {privilege}",
            observed=privilege,
            repair=tuple(
                Repair(f"revoke {_worded(privilege, target)} from {_grantee(source)};", "changes access")
                for source in dict.fromkeys(sources)
            ),
        )

    def _grants(self, catalog: Catalog) -> Iterator[Grant]:
        if self.table is not None:
            relation = catalog.relations[self.table]
            yield from relation.grants
            for column in relation.columns.values():
                yield from column.grants
        elif self.function is not None:
            yield from find(catalog, self.function).grants
        elif self.sequence is not None:
            yield from catalog.sequences[self.sequence].grants
        else:
            yield from catalog.schemas[self.on_schema or ""].grants


def _serves(catalog: Catalog, role: str, grant: Grant) -> bool:
    return bool(held([grant], effective.identities(catalog, role)))


def _worded(privilege: str, target: str) -> str:
    """`select (email) on table public.users`, from `public.users (email)`."""
    table, bracket, column = target.partition(" (")
    words: Callable[[str], str] = str.lower
    if bracket and not target.startswith("routine "):
        return f"{words(privilege)} ({column} on {table}"
    return f"{words(privilege)} on {target}"


def _grantee(role: str) -> str:
    return "public" if role == PUBLIC else quote(role)
