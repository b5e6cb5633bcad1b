"""What an author writes, and how Postgres is made to put it into its own form.

Postgres rewrites what it stores: `int` becomes `integer`, `status in ('a', 'b')` becomes `(status = ANY
(ARRAY['a'::text, 'b'::text]))`. Two texts say the same when their stored forms do. So the author's is stored on a
temporary table with the real one's name, columns and types, and rolled back (`own_forms.py`). It is not run: checks are
`NOT VALID`, there are no rows; of indexes and generated columns Postgres computes immutable functions of constants.

A text stands between brackets of ours. One whose own brackets, quotes or comments do not close is refused unasked, so
that it cannot end ours and go on with something else; what is balanced Postgres's grammar takes for one expression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from pgcontract.catalog.indexes import keys_of, other_keys
from pgcontract.catalog.lexis import complaint
from pgcontract.catalog.publications import conditions
from pgcontract.catalog.triggers import condition_of
from pgcontract.names import literal, quote, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation


class FormError(ValueError):
    """The server does not understand what the author wrote; the message holds the server's."""


class UnknownNameError(FormError):
    """It understands all but a name: the database has no such column or table, so what was written is not there."""


Answer: TypeAlias = str | FormError
"""The server's own form, or its complaint."""


@dataclass(frozen=True, slots=True)
class Form:
    """A text of the author's, and the object that it belongs to.

    Attributes:
        text: What the author wrote.
        object: The canonical name of a relation or function. Bare names are looked up in its schema first.
    """

    text: str
    object: str

    noun: ClassVar[str] = "text"
    on_table: ClassVar[bool] = True

    @property
    def schema(self) -> str:
        """The unquoted schema in which bare names are looked up first."""
        return split(self.object)[0]

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The texts in Postgres's own form that the object holds in such places; one of them is settled."""
        raise NotImplementedError

    def _relation(self, catalog: Catalog) -> Sequence[Relation]:
        """The relation, if it is there."""
        found = catalog.relations.get(self.object)
        return () if found is None else (found,)

    def within(self, catalog: Catalog) -> Self:
        """The form with what it needs to know of the object; the form itself where that is nothing."""
        return self

    def complaint(self) -> str | None:
        """Why the text cannot be put between our brackets, or None."""
        return complaint(self.text)

    def guard(self) -> Iterator[str]:
        """Statements that fail if the text is not one such thing, where `store` alone would not notice."""
        return iter(())

    def store(self, table: str) -> str:
        """DDL that stores the text on a temporary table."""
        raise NotImplementedError

    def fetch(self, table: str) -> str:
        """The query that reads its own form back, as one value; NULL means that the text is not such a thing."""
        raise NotImplementedError

    def read(self, value: str) -> str | None:
        """The form that the fetched value holds; None means that the text is not such a thing."""
        return value


@dataclass(frozen=True, slots=True)
class TypeForm(Form):
    """A type: `int`, `varchar(80)[]`, `vector(1536)`."""

    noun: ClassVar[str] = "type"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The types of its columns."""
        return [column.type for relation in self._relation(catalog) for column in relation.columns.values()]

    def guard(self) -> Iterator[str]:
        """Postgres reads the text as a type and nothing else: `int not null`, `int) with (fillfactor = 10` are none."""
        if self.text.strip().lower() not in _SERIAL:
            yield f"select {literal(self.text)}::pg_catalog.regtype"

    def store(self, table: str) -> str:
        """A table of one column."""
        return f"create temporary table {table} (c {self.text}\n)"

    def fetch(self, table: str) -> str:
        """The column's type."""
        return (
            "select pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a "
            f"where a.attrelid = {_oid(table)} and a.attnum = 1"
        )


# Postgres reads these as types only where a column is made.
_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})


@dataclass(frozen=True, slots=True)
class DefaultForm(Form):
    """A column's default expression."""

    column: str

    noun: ClassVar[str] = "default"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The column's default."""
        return (
            relation.columns[self.column].default
            for relation in self._relation(catalog)
            if self.column in relation.columns
        )

    def store(self, table: str) -> str:
        """`SET DEFAULT` stores, and does not evaluate."""
        return f"alter table {table} alter column {quote(self.column)} set default ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The default as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(d.adbin, 0) from pg_catalog.pg_attrdef d "
            "join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum "
            f"where d.adrelid = {_oid(table)} and a.attname = {literal(self.column)}"
        )


@dataclass(frozen=True, slots=True)
class CheckForm(Form):
    """A CHECK constraint's expression."""

    noun: ClassVar[str] = "check expression"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The expressions of its checks, and what it is published by."""
        yield "true"
        for relation in self._relation(catalog):
            yield from (check.expression for check in relation.having("CHECK"))
            yield from conditions(catalog.publications.values(), relation.name)

    def store(self, table: str) -> str:
        """`NOT VALID` stores, and does not evaluate."""
        return f"alter table {table} add constraint pgcontract_form check ({self.text}\n) not valid"

    def fetch(self, table: str) -> str:
        """The expression as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(k.conbin, k.conrelid) from pg_catalog.pg_constraint k "
            f"where k.conrelid = {_oid(table)} and k.conname = 'pgcontract_form'"
        )


@dataclass(frozen=True, slots=True)
class PolicyForm(Form):
    """A policy's `USING` or `WITH CHECK` expression; the two are stored alike."""

    noun: ClassVar[str] = "policy expression"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The expressions of its policies."""
        return (
            text
            for relation in self._relation(catalog)
            for policy in relation.policies.values()
            for text in (policy.using, policy.with_check)
        )

    def store(self, table: str) -> str:
        """A policy."""
        return f"create policy pgcontract_form on {table} using ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The expression as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(p.polqual, p.polrelid) from pg_catalog.pg_policy p "
            f"where p.polrelid = {_oid(table)} and p.polname = 'pgcontract_form'"
        )


@dataclass(frozen=True, slots=True)
class IndexKeyForm(Form):
    """One key of an index: `org_id`, `created_at desc`, `lower(email)`, `embedding vector_cosine_ops`."""

    method: str

    noun: ClassVar[str] = "index key"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The keys of its indexes of the same method, then the names of its columns, and what else it has keys for."""
        for relation in self._relation(catalog):
            for index in relation.indexes.values():
                if index.method == self.method:
                    yield from index.columns
            yield from map(quote, relation.columns)
            yield from other_keys(catalog, relation.name)

    def store(self, table: str) -> str:
        """An index on the empty table."""
        return f"create index pgcontract_form on {table} using {quote(self.method)} ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The whole definition."""
        return (
            "select pg_catalog.pg_get_indexdef(i.indexrelid) "
            "from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid "
            f"where i.indrelid = {_oid(table)} and c.relname = 'pgcontract_form'"
        )

    def read(self, value: str) -> str | None:
        """The key; None if the text made more than one."""
        keys = keys_of(value)
        return keys[0] if len(keys) == 1 else None


@dataclass(frozen=True, slots=True)
class PredicateForm(Form):
    """A partial index's predicate."""

    noun: ClassVar[str] = "index predicate"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The predicates of its indexes."""
        return (index.predicate for relation in self._relation(catalog) for index in relation.indexes.values())

    def store(self, table: str) -> str:
        """A partial index on the empty table, whose key is a constant, so that any table serves."""
        return f"create index pgcontract_form on {table} ((1)) where ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The predicate as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(i.indpred, i.indrelid) from pg_catalog.pg_index i "
            "join pg_catalog.pg_class c on c.oid = i.indexrelid "
            f"where i.indrelid = {_oid(table)} and c.relname = 'pgcontract_form'"
        )


@dataclass(frozen=True, slots=True)
class WhenForm(Form):
    """A trigger's WHEN condition; which of OLD and NEW it may speak of depends on the trigger's events."""

    events: tuple[str, ...]

    noun: ClassVar[str] = "trigger condition"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The conditions of the relation's triggers, and that of one that has none."""
        triggers = (trigger for relation in self._relation(catalog) for trigger in relation.triggers.values())
        return ("true", *(trigger.when for trigger in triggers))

    def store(self, table: str) -> str:
        """A trigger with a function of pg_catalog's, on a table that no row ever enters."""
        return (
            f"create trigger pgcontract_form before {' or '.join(self.events)} on {table} for each row "
            f"when ({self.text}\n) execute function pg_catalog.suppress_redundant_updates_trigger()"
        )

    def fetch(self, table: str) -> str:
        """The whole definition."""
        return (
            "select pg_catalog.pg_get_triggerdef(t.oid) from pg_catalog.pg_trigger t "
            f"where t.tgrelid = {_oid(table)} and t.tgname = 'pgcontract_form'"
        )

    def read(self, value: str) -> str | None:
        """The condition."""
        return condition_of(value)


def _oid(table: str) -> str:
    return f"{literal(table)}::pg_catalog.regclass"
