"""The reader's queries, one a noun. Each is fully qualified and ordered, so that two reads give the same rows.

What differs between versions of Postgres is one named expression, `${name}`, in the query that needs it. A parameter,
`$1` to Postgres, is written `$$1` there.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

from pgcontract.catalog.sql import beside

NOUNS = (
    "database",
    "schemas",
    "relations",
    "default_acls",
    "comments",
    "extension_relations",
    "columns",
    "column_defaults",
    "constraints",
    "indexes",
    "index_operator_classes",
    "policies",
    "policy_roles",
    "triggers",
    "functions",
    "sequences",
    "extensions",
    "extension_members",
    "roles",
    "memberships",
    "types",
    "casts",
    "operators",
    "operator_classes",
    "languages",
    "tablespaces",
    "collations",
    "views",
    "partitions",
    "inheritance",
    "storage",
    "foreign_data_wrappers",
    "foreign_servers",
    "foreign_tables",
    "rules",
    "event_triggers",
    "publications",
    "published_tables",
    "subscriptions",
    "statistics",
    "default_privileges",
    "text_search_configurations",
    "text_search_dictionaries",
)

FIRST = (
    *("database", "default_acls", "comments", "extension_relations", "relations"),
    *("columns", "policies", "indexes", "index_operator_classes"),
)
"""What relations are made of, while the server works on columns; and the queries whose rows tell what else to ask."""

MEANWHILE = ("column_defaults", "constraints", "triggers", "policy_roles")
"""What the server works on while the client looks at those: what else hangs on relations."""

FOLLOW_UPS = ("column_types", "column_collations", "index_definitions", "policy_expressions")
"""The queries that need what the others found, as parameters."""

OF_RELATIONS = ("column_defaults", "constraints", "indexes")
"""The queries that begin with the oid of a relation, and have rows of relations that are not read too."""

GONE = "\x01 gone"
"""What a query gives for a definition of an object that was dropped after the transaction's snapshot was taken.

`pg_get_…def` read the catalogs as they are now; their NULL would otherwise pass for "there is none".
"""

_LIBC_LOCALE = (
    "case when c.collcollate = c.collctype then c.collcollate::pg_catalog.text"
    " else c.collcollate::pg_catalog.text || '/' || c.collctype::pg_catalog.text end"
)
_PUBLISHED_SCHEMAS = """array(
        select n.nspname::pg_catalog.text
        from pg_catalog.pg_publication_namespace as s
        join pg_catalog.pg_namespace as n on n.oid = s.pnnspid
        where s.pnpubid = p.oid
        order by n.nspname
    )"""

# name: (first version that has it, expression), newest first; the last serves every older one.
_VERSIONED: dict[str, tuple[tuple[int, str], ...]] = {
    "attcompression": ((140000, "a.attcompression"), (0, "''::\"char\"")),
    "confdelsetcols": ((150000, "k.confdelsetcols"), (0, "null::pg_catalog.int2[]")),
    "conenforced": ((180000, "k.conenforced"), (0, "true")),
    "conperiod": ((180000, "k.conperiod"), (0, "false")),
    "indnullsnotdistinct": ((150000, "i.indnullsnotdistinct"), (0, "false")),
    "inherit_option": ((160000, "m.inherit_option"), (0, "member.rolinherit")),
    "set_option": ((160000, "m.set_option"), (0, "true")),
    "sql_body": ((140000, "p.prosqlbody is not null"), (0, "false")),
    "sql_body_text": ((140000, "pg_catalog.pg_get_function_sqlbody(p.oid)"), (0, "null::pg_catalog.text")),
    "multirange_of_range": ((140000, "r.rngmultitypid"), (0, "null::pg_catalog.oid")),
    "range_of_type": ((140000, "t.oid in (r.rngtypid, r.rngmultitypid)"), (0, "r.rngtypid = t.oid")),
    "collation_locale": (
        (170000, f"coalesce(c.colllocale, {_LIBC_LOCALE})"),
        (150000, f"coalesce(c.colliculocale, {_LIBC_LOCALE})"),
        (0, _LIBC_LOCALE),
    ),
    "collation_rules": ((160000, "c.collicurules"), (0, "null::pg_catalog.text")),
    "prattrs": ((150000, "r.prattrs::pg_catalog.int2[]"), (0, "null::pg_catalog.int2[]")),
    "prqual": ((150000, "r.prqual"), (0, "null::pg_catalog.pg_node_tree")),
    "published_schemas": ((150000, _PUBLISHED_SCHEMAS), (0, "'{}'::pg_catalog.text[]")),
    "stxexpressions": (
        (140000, "coalesce(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid), '{}'::pg_catalog.text[])"),
        (0, "'{}'::pg_catalog.text[]"),
    ),
    "gone": ((0, f"'{GONE}'::pg_catalog.text"),),
}


@cache
def query(noun: str, version: int, unread: frozenset[str] = frozenset()) -> str:
    """The query that reads a noun from a server of the version (`server_version_num`, such as 180006).

    What is `unread` of what queries say beside their own matter (`beside.py`) is missing in its rows.
    """
    text = files("pgcontract.catalog.sql").joinpath(f"{noun}.sql").read_text(encoding="utf-8")
    chosen = {
        name: next(expression for since, expression in versions if version >= since)
        for name, versions in _VERSIONED.items()
    }
    return beside.without(noun, Template(text).substitute(chosen), unread)
