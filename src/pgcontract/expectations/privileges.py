from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pgcontract.catalog import effective
from pgcontract.catalog.privileges import PRIVILEGES, PUBLIC
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Relation, Routine
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.expectations.targets import Target, granted, on_whole, too_much
from pgcontract.names import perhaps, quote

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding


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
ON: Mapping[str, frozenset[str]] = {
    "table": _ON_COLUMN | {"DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"},
    "function": frozenset({"EXECUTE"}),
    "sequence": frozenset({"USAGE", "SELECT", "UPDATE"}),
    "on_schema": frozenset({"USAGE", "CREATE"}),
    "on_database": frozenset({"CREATE", "CONNECT", "TEMPORARY"}),
    **dict.fromkeys(["type", "language", "foreign_data_wrapper", "server"], frozenset({"USAGE"})),
    "tablespace": frozenset({"CREATE"}),
}
"""The privileges that there are on each kind of object."""


class ObjectPrivileges(CatalogExpectation):
    """What a role may do with one object: a relation (or some of its columns), a function, the database, …."""

    role: Identifier
    privileges: Privileges
    table: Relation | None = None
    columns: Identifiers = ()
    function: Routine | None = None
    sequence: Relation | None = None
    on_schema: Identifier | None = None
    on_database: bool = False
    type: Relation | None = None
    language: Identifier | None = None
    foreign_data_wrapper: Identifier | None = None
    server: Identifier | None = None
    tablespace: Identifier | None = None

    least: ClassVar[int] = 1
    """How many privileges must be named at least."""

    @model_validator(mode="after")
    def _one_object(self) -> Self:
        given = [name for name in ON if getattr(self, name) not in (None, False)]
        if len(given) != 1:
            raise ValueError(f"name exactly one of {', '.join(ON)}")
        if self.columns and self.table is None:
            raise ValueError("columns belong to a table")
        if len(self.privileges) < self.least:
            raise ValueError("name at least one privilege")
        there = _ON_COLUMN if self.columns else ON[given[0]]
        for privilege in self.privileges:
            if privilege not in there:
                noun = "column" if self.columns else given[0].removeprefix("on_").replace("_", " ")
                raise ValueError(f"there is no privilege {privilege} on a {noun}, only {', '.join(sorted(there))}")
        return self

    @property
    def subject(self) -> str:
        plain = self.on_schema or self.language or self.foreign_data_wrapper or self.server or self.tablespace
        return self.table or self.function or self.sequence or self.type or (quote(plain) if plain else "database")

    def forms(self) -> Iterable[Form]:
        if self.function is not None:
            yield from signature_forms(self.function)

    def targets(self, catalog: Catalog, role: str) -> Iterator[Target]:
        """The object, or each of the columns."""
        if self.table is not None and self.columns:
            yield from (_on_column(catalog, role, self.table, column) for column in self.columns)
        elif self.table is not None:
            held = effective.on_relation(catalog, role, self.table)
            yield on_whole(self.table, held, catalog.relations[self.table])
        elif self.function is not None:
            function = find(catalog, self.function)
            held = effective.on_function(catalog, role, function.signature)
            yield on_whole(f"routine {function.signature}", held, function)
        elif self.sequence is not None:
            held = effective.on_sequence(catalog, role, self.sequence)
            yield on_whole(f"sequence {self.sequence}", held, catalog.sequences[self.sequence])
        elif self.on_schema is not None:
            schema = catalog.schemas[self.on_schema]
            held = effective.on_schema(catalog, role, schema.name)
            yield on_whole(f"schema {quote(schema.name)}", held, schema)
        elif self.on_database:
            words = f"database {quote(catalog.server.name)}"
            yield on_whole(words, effective.on_database(catalog, role), catalog.server)
        else:
            yield self._other(catalog, role)

    def _other(self, catalog: Catalog, role: str) -> Target:
        """The type, language, foreign data wrapper, server or tablespace."""
        noun = next(noun for noun in effective.OTHERS if getattr(self, noun) is not None)
        words = "foreign server" if noun == "server" else noun.replace("_", " ")
        name = getattr(self, noun)
        shown = name if noun == "type" else quote(name)
        owned = getattr(catalog, effective.OTHERS[noun][0])[name]
        return on_whole(f"{words} {shown}", effective.on_other(catalog, role, noun, name), owned)

    def grantee(self, catalog: Catalog) -> str:
        """The role, or PUBLIC.

        Raises:
            MissingObjectError: There is no such role.
        """
        if self.role.upper() == PUBLIC and self.role not in catalog.roles:
            return PUBLIC
        return catalog.roles[self.role].name


def _on_column(catalog: Catalog, role: str, table: str, column: str) -> Target:
    relation = catalog.relations[table]
    grants = (
        *((None, grant) for grant in relation.grants),
        *((column, grant) for grant in relation.columns[column].grants),
    )
    held = effective.on_column(catalog, role, table, column)
    return Target(table, held, grants, column, relation.owner)


class PrivilegeGranted(ObjectPrivileges):
    """{role} has {privileges}.

    Effective privileges count: granted to the role, to PUBLIC, or to a role whose privileges it inherits. On a table,
    `columns` asks for the columns alone. Usage of the schema is a privilege of its own. `grant_option` says that the
    role may grant them to others, or if false that it may not; superusers and the object's owner always may.

    Example:
        PrivilegeGranted("authenticated", ["SELECT", "INSERT"], table="invoices")

    Repair: grant it.
    """

    grant_option: bool | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        role = self.grantee(catalog)
        for target in self.targets(catalog, role):
            yield from granted(catalog, role, target, self.privileges, option=self.grant_option)


class PrivilegeNotGranted(ObjectPrivileges):
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
        role = self.grantee(catalog)
        targets = list(self.targets(catalog, role))
        for target in [*targets, *self._by_column(catalog, role, targets[0].held)]:
            for privilege in self.privileges:
                if privilege in target.held:
                    yield too_much(catalog, role, target, privilege)

    def _by_column(self, catalog: Catalog, role: str, whole: frozenset[str]) -> Iterator[Target]:
        """The columns with grants of their own, and what the role may do with them beyond the whole table."""
        if self.table is None or self.columns:
            return
        for column in catalog.relations[self.table].columns.values():
            if column.grants and column.name not in self.except_columns:
                target = _on_column(catalog, role, self.table, column.name)
                yield replace(target, held=target.held - whole)
