"""What SQLAlchemy would tell Postgres when it creates something, as texts that expectations take.

All is compiled by SQLAlchemy's own dialect, so that custom types, variants, naming conventions and constructs of
`@compiles` come out as `create_all` would send them, each name with its schema.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Index, TableClause, exc
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.ddl import CreateConstraint
from sqlalchemy.types import TypeDecorator

from pgcontract.errors import ContractError
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sqlalchemy import Column, Constraint
    from sqlalchemy.types import TypeEngine

_COLLATE = re.compile(r'(?P<type>.*) COLLATE (?P<name>"(?:[^"]|"")+"|\w+)', re.DOTALL)
_QUOTES = re.compile("[\"']")
# What initdb makes in pg_catalog: C, POSIX, default, those of ICU and of the operating system. All others are made by
# somebody, and a bare name is then in the schema of bare names.
_OWN_COLLATIONS = re.compile(r"C|POSIX|default|ucs_basic|unicode|pg_\w+|\S+-x-icu|[a-z]{2,3}(_[A-Z]{2})?(\.\S+|@\S+)*")


class Ddl:
    """SQLAlchemy's compiler for Postgres, for names that have a home.

    Attributes:
        schema: The schema of what says none.
    """

    def __init__(self, schema: str, translated: Mapping[str | None, str | None]) -> None:
        """Make the compiler.

        Args:
            schema: The schema of what says none.
            translated: Other names for schemas, as SQLAlchemy's `schema_translate_map` has them.
        """
        self.schema = schema
        self._translated = dict(translated)
        # With named parameters a per cent sign stays as it is; nothing is sent, so no driver is needed.
        self._dialect: Any = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
        self._preparer: Any = self._dialect.identifier_preparer
        self._preparer.schema_for_object = self._qualifier
        self.compiler: Any = self._dialect.ddl_compiler(self._dialect, None)  # type: ignore[arg-type] # which it need not have

    def home(self, item: Any) -> str:
        """The schema, unquoted, of a table, a sequence or a type."""
        return self._translated.get(item.schema, item.schema) or self.schema

    def _qualifier(self, item: Any) -> str:
        """What stands before a name; nothing before an alias's or that of a common table expression."""
        return "" if isinstance(item, FromClause) and not isinstance(item, TableClause) else self.home(item)

    def canonical(self, item: Any) -> str:
        """The canonical name of a table, a sequence or a type."""
        return qualified(self.home(item), plain(item.name))

    def created(self, item: Any) -> bool:
        """Whether Postgres has this constraint or index: some are for other databases, or for types it has itself."""
        rule, condition = getattr(item, "_create_rule", None), item._ddl_if  # noqa: SLF001 - as the compiler asks
        # Of others the rule only says that `ALTER TABLE` adds them, which SQLAlchemy notes once it has.
        if rule is not None and item._type_bound and not rule(self.compiler):  # noqa: SLF001
            return False
        told: Any = CreateIndex(item) if isinstance(item, Index) else CreateConstraint(item)
        return condition is None or condition._should_execute(told, item, None, compiler=self.compiler)  # noqa: SLF001

    def name(self, item: Constraint | Index) -> str | None:
        """What a constraint or an index is called, unquoted, by its convention perhaps; None where Postgres chooses."""
        said = None if item.name is None else self._preparer.format_constraint(item)
        return None if said is None else _unquoted(str(said))

    def quoted(self, name: str) -> str:
        """A name as SQLAlchemy quotes it."""
        return str(self._preparer.quote(name))

    def expression(self, clause: Any) -> str:
        """An expression of a table's, in which columns stand without it."""
        return str(self.compiler.sql_compiler.process(clause, include_table=False, literal_binds=True))

    def statement(self, query: Any) -> str:
        """A whole query, as a view has it."""
        return str(self.compiler.sql_compiler.process(query, literal_binds=True))

    def default(self, column: Column[Any]) -> str | None:
        """A column's default; None where there is none that SQLAlchemy would send."""
        said = self.compiler.get_column_default_string(column)
        return None if said is None else str(said)

    def construct(self, item: Any) -> str:
        """A constraint or a part of a column as it stands in a statement."""
        return str(self.compiler.process(item))

    def type(self, type_: TypeEngine[Any], column: Column[Any] | None = None) -> tuple[str, str | None]:
        """A type in SQL, and the collation, unquoted, that it says."""
        said = self._dialect.type_compiler_instance.process(
            type_, type_expression=column, identifier_preparer=self._preparer
        )
        found = _COLLATE.fullmatch(said)
        text = said if found is None else found["type"]
        plain = text if _QUOTES.search(text) else text.lower()
        return plain, None if found is None else _unquoted(found["name"])

    def implemented(self, type_: TypeEngine[Any]) -> Any:
        """The type that stands for this one in Postgres, behind variants and decorators."""
        there: Any = type_.dialect_impl(self._dialect)
        while isinstance(there, TypeDecorator):
            there = there.impl_instance.dialect_impl(self._dialect)
        return there

    def schema_of_collation(self, collation: str) -> str:
        """Where a collation is that is named without its schema."""
        return "pg_catalog" if _OWN_COLLATIONS.fullmatch(collation) else self.schema


def plain(name: str) -> str:
    """The name of a table, a column or a type as Postgres has it: one that is never quoted (`quote=False`) it folds."""
    return name.lower() if getattr(name, "quote", None) is False else str(name)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


@contextmanager
def translating(what: str) -> Generator[None]:
    """What SQLAlchemy cannot compile, named.

    Raises:
        ContractError: It is something that cannot be stated.
    """
    try:
        yield
    except exc.SQLAlchemyError as error:
        # SQLAlchemy adds a link to its documentation in a second paragraph.
        message = str(error).partition("\n(Background")[0].partition("\n")[0].strip().rstrip(".")
        raise ContractError(f"{what} cannot be stated: {message}") from error
