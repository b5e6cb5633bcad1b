"""Where an author's bare names are looked up that pg_catalog does not know, and what somebody may have planted there.

pg_catalog is searched first, but of functions and operators the one whose types fit best is called, wherever on the
path it is: `public.lower(varchar)` before `pg_catalog.lower(text)`. So a statement is not sent on this path if it uses
a name of the server's, or of an extension's, that stands for something else there which belongs to some other role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.lexis import tokens
from pgcontract.names import literal, quote, split
from pgcontract.run.refusal import Refusal
from pgcontract.run.scan import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import psycopg

# A function or operator of a name that one of the server's or of an extension's has too. Those of whoever reads, of a
# superuser, or of the owner of the schema or the database, who could do worse, are trusted; one that takes a type which
# somebody made is not called in place of another. Of domains it may be: they have values of other types.
_TWINS = """
select one.{p}name::pg_catalog.text collate "C", {said} collate "C"
from pg_catalog.{table} as one
join pg_catalog.pg_namespace as s on s.oid = one.{p}namespace
where s.nspname = any ({{schemas}}) and one.{p}owner <> s.nspowner
    and not exists (select from pg_catalog.pg_roles as r
        where r.oid = one.{p}owner and (r.rolsuper or r.rolname = current_user or r.rolname = session_user))
    and not exists (select from pg_catalog.pg_database as d
        where d.datname = pg_catalog.current_database() and d.datdba = one.{p}owner)
    and not exists (select from pg_catalog.pg_depend as d
        where d.classid = one.tableoid and d.objid = one.oid and d.deptype = 'e')
    and exists (
        select from pg_catalog.{table} as other join pg_catalog.pg_namespace as n on n.oid = other.{p}namespace
        where other.{p}name = one.{p}name and other.oid <> one.oid and (n.nspname = 'pg_catalog' or (
            n.nspname = any ({{schemas}}) and exists (select from pg_catalog.pg_depend as d
                where d.classid = other.tableoid and d.objid = other.oid and d.deptype = 'e')
        ))
    )
    and not exists (
        select from pg_catalog.unnest({types}) as a (oid) join pg_catalog.pg_type as t on t.oid = a.oid
        where t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace and t.typtype <> 'd' and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = t.tableoid and d.objid in (t.oid, t.typelem) and d.deptype = 'e'
        )
    )
"""
_FUNCTIONS = _TWINS.format(
    p="pro",
    table="pg_proc",
    said="pg_catalog.format('%s', one.oid::pg_catalog.regprocedure)",
    types="one.proargtypes::pg_catalog.oid[]",
)
_OPERATORS = _TWINS.format(
    p="opr",
    table="pg_operator",
    said="pg_catalog.format('operator %s', one.oid::pg_catalog.regoperator)",
    types="array[one.oprleft, one.oprright]",
)
_SIGNS = frozenset("+-*/<>=~!@#%^&|`?")
# What SQL writes as words and looks up as operators.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "between": (">=", "<=", "<", ">"),
    "case": ("=",),
    "distinct": ("=",),
    "ilike": ("~~*", "!~~*"),
    "in": ("=", "<>"),
    "like": ("~~", "!~~"),
    "natural": ("=",),
    "nullif": ("=",),
    "similar": ("~", "!~"),
    "using": ("=",),
}


@dataclass(slots=True)
class Path:
    """A `search_path`.

    Attributes:
        schemas: By their names; pg_catalog goes before them.
    """

    schemas: tuple[str, ...]
    _twins: dict[str, str] | None = field(default=None)

    @classmethod
    def of(cls, relation: str, extensions: Mapping[str, Any]) -> Path:
        """The one on which bare names are found as when the relation's schema was written."""
        own = split(relation)[:1] if relation else ()
        of_extensions = sorted(extension.schema for extension in extensions.values())
        return cls(tuple(dict.fromkeys([*own, "public", *of_extensions])))

    @property
    def sql(self) -> str:
        """What `search_path` is set to."""
        return ", ".join(map(quote, self.schemas))

    def refused(self, connection: psycopg.Connection[Any], sql: str) -> Refusal | None:
        """Why the SQL is not sent on this path, if it is not."""
        if self._twins is None:
            schemas = f"array[{', '.join(map(literal, self.schemas))}]::pg_catalog.name[]"
            rows = run(connection, f"{_FUNCTIONS}union all{_OPERATORS}order by 1, 2".format(schemas=schemas))
            if isinstance(rows, Refusal):
                return rows
            self._twins = dict(rows)
        name = next((name for name in _called(sql) if name in self._twins), None)
        if name is None:
            return None
        return Refusal(
            f"{self._twins[name]} might be called for another {name}: name its schema, or grant nobody to create there"
        )


def _called(sql: str) -> Iterator[str]:
    """The functions and operators that the SQL names without a schema, and more words than that."""
    signs, after, dotted = "", -1, False
    for kind, piece, position in tokens(sql):
        if kind == "mark" and piece in _SIGNS:
            signs = signs + piece if position == after else piece
            after = position + 1
            if not dotted:  # where one operator ends and the next begins is for the server to say
                yield from (signs[begin:] for begin in range(len(signs)))
            continue
        if kind in {"word", "quoted"} and not dotted:
            name = piece[1:-1].replace('""', '"') if kind == "quoted" else piece.lower()
            yield name
            yield from _WORDS.get(name, ())
        dotted = piece == "."
