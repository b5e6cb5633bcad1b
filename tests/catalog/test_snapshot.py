"""The reader, held against what Postgres itself says of the same objects, and never against our own queries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog import saved
from pgcontract.catalog.snapshot import read
from pgcontract.names import qualified, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import psycopg

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.triggers import Trigger

OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"


@pytest.fixture
def ask(odd_connection: psycopg.Connection[Any]) -> Callable[[str], list[tuple[Any, ...]]]:
    return lambda query: odd_connection.execute(query.encode()).fetchall()


def test_two_reads_give_the_same_bytes(odd_connection: psycopg.Connection[Any], odd: Catalog) -> None:
    assert saved.dump(read(odd_connection)) == saved.dump(odd)


def test_schemas(odd: Catalog, ask: Any) -> None:
    rows = ask(f"select nspname, nspowner::regrole::text, obj_description(oid) from pg_namespace n where {OURS}")
    assert {(s.name, quote(s.owner), s.comment) for s in odd.schemas.values()} == set(rows)
    assert all(key == schema.name for key, schema in odd.schemas.items())


def test_relations(odd: Catalog, ask: Any) -> None:
    kinds = "case table_type when 'BASE TABLE' then 'table' when 'VIEW' then 'view' else 'foreign table' end"
    rows = ask(f"""
        select table_schema, table_name, {kinds} from information_schema.tables
        where table_schema !~ '^pg_' and table_schema <> 'information_schema'
    """)
    tables = {qualified(schema, name): kind for schema, name, kind in rows}
    ours = {name: "table" if r.is_table else r.kind for name, r in odd.relations.items() if "material" not in r.kind}
    assert ours == tables
    views = ask("select schemaname, matviewname from pg_matviews")
    assert {qualified(*row) for row in views} == {n for n, r in odd.relations.items() if r.kind == "materialized view"}
    for name, relation in odd.relations.items():
        parted, partition = odd_kind(ask, name)
        assert (relation.kind == "partitioned table", relation.is_partition) == (parted, partition)


def odd_kind(ask: Any, name: str) -> tuple[bool, bool]:
    text = name.replace("'", "''")
    return bool(ask(f"select from pg_partitioned_table where partrelid = '{text}'::regclass")), bool(
        ask(f"select from pg_class where oid = '{text}'::regclass and relpartbound is not null")
    )


def test_rls(odd: Catalog, ask: Any) -> None:
    rows = ask("select schemaname, tablename, rowsecurity, tableowner from pg_tables where schemaname !~ '^pg_|^inf'")
    tables = {name: (r.rls_enabled, r.owner) for name, r in odd.relations.items() if r.is_table}
    assert tables == {qualified(schema, name): (rls, owner) for schema, name, rls, owner in rows}
    assert {name for name, r in odd.relations.items() if r.rls_forced} == {"odd.forced", "odd.child"}


def test_columns(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select table_schema, table_name, column_name, is_nullable = 'YES', is_identity = 'YES', identity_generation,
            is_generated = 'ALWAYS', generation_expression, column_default, collation_schema, collation_name
        from information_schema.columns where table_schema !~ '^pg_' and table_schema <> 'information_schema'
    """)
    theirs = {
        (qualified(schema, table), name): (nullable, generation if identity else None, expression, default)
        for schema, table, name, nullable, identity, generation, _, expression, default, *_ in rows
    }
    ours = {
        (relation.name, column.name): (
            not column.not_null and column.type != "odd.nick",  # information_schema looks into domains
            column.identity,
            column.expression,
            column.default,
        )
        for relation in odd.relations.values()
        if relation.kind != "materialized view"
        for column in relation.columns.values()
    }
    assert ours == theirs
    collations = {
        (qualified(row[0], row[1]), row[2]): qualified(row[-2], row[-1]) for row in rows if row[-1] is not None
    }
    for (table, name), collation in collations.items():
        column = odd.relations[table].columns[name]
        assert column.collation == collation or column.type in {"odd.nick", "name"}


def test_types_and_positions(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select attrelid::regclass::text, attname, format_type(atttypid, atttypmod),
            row_number() over (partition by attrelid order by attnum)
        from pg_attribute where attrelid in (select oid from pg_class where relkind in ('r', 'p', 'v', 'm', 'f'))
            and attnum > 0 and not attisdropped and attrelid >= 16384
    """)
    ours = {(r.name, c.name, c.type, c.position) for r in odd.relations.values() for c in r.columns.values()}
    assert ours == set(rows)


def test_comments(odd: Catalog) -> None:
    columns = odd.relations["odd.columns"].columns
    assert columns["order"].comment == "reserved"
    assert odd.relations["odd.view"].comment == "a view"
    assert odd.relations["odd.parent"].constraints["parent_c"].comment == "the check"
    assert odd.relations["odd.indexed"].indexes["i_gin"].comment == "inverted"
    assert odd.relations["odd.secured"].policies["del"].comment == "who may go"
    assert odd.relations["odd.watched"].triggers["t_bi"].comment == "first"
    assert odd.functions["odd.secure(uuid)"].comment == "definer"
    assert odd.extensions["citext"].comment == "case does not matter"
    assert odd.schemas["odd"].comment == "it's odd"


def test_indexes(odd: Catalog, ask: Any) -> None:
    """Put together from our record, the definition is letter for letter what `pg_get_indexdef` prints."""
    rows = ask(f"""
        select i.indrelid::regclass::text, c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        where {OURS}
    """)
    ours = {
        (relation.name, index.name, _index_definition(relation, index), index.valid)
        for relation in odd.relations.values()
        for index in relation.indexes.values()
    }
    assert ours == set(rows)
    assert {name for _, name, _, valid in rows if not valid} == {"i_invalid"}


def _index_definition(relation: Relation, index: Index) -> str:
    only = "ONLY " if relation.kind == "partitioned table" else ""
    unique = "UNIQUE " if index.unique else ""
    text = f"CREATE {unique}INDEX {quote(index.name)} ON {only}{relation.name} USING {index.method}"
    text += f" ({', '.join(index.columns)})"
    text += f" INCLUDE ({', '.join(map(quote, index.include))})" if index.include else ""
    text += " NULLS NOT DISTINCT" if index.nulls_not_distinct else ""
    options = ", ".join(option.replace("=", "='") + "'" for option in index.options)
    text += f" WITH ({options})" if options else ""
    return text + (f" WHERE {index.predicate}" if index.predicate else "")


def test_constraints(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint as k
        where conrelid >= 16384 and contype <> 'n' and (
            conparentid = 0 or conrelid <> (select conrelid from pg_constraint where oid = k.conparentid)
        )
    """)
    ours = {
        (relation.name, constraint.name, _constraint_definition(relation, constraint))
        for relation in odd.relations.values()
        for constraint in relation.constraints.values()
    }
    assert ours == set(rows)


def _constraint_definition(relation: Relation, c: Constraint) -> str:
    keys = ", ".join(map(quote, c.columns))
    match c.kind:
        case "PRIMARY KEY" | "UNIQUE":
            nulls = " NULLS NOT DISTINCT" if relation.indexes[c.index or ""].nulls_not_distinct else ""
            text = f"{c.kind}{nulls} ({keys}{' WITHOUT OVERLAPS' if c.period else ''})"
        case "FOREIGN KEY":
            text = _foreign_key(c)
        case "CHECK":
            text = f"CHECK ({c.expression})" + (" NO INHERIT" if c.no_inherit else "")
        case "EXCLUDE":
            return c.definition or ""
        case _:
            text = "TRIGGER"
    text += " DEFERRABLE" if c.deferrable else ""
    text += " INITIALLY DEFERRED" if c.deferred else ""
    text += "" if c.enforced else " NOT ENFORCED"
    return text + ("" if c.validated or not c.enforced else " NOT VALID")


def _foreign_key(c: Constraint) -> str:
    *first, last = map(quote, c.columns)
    *others, end = map(quote, c.referenced_columns)
    period = "PERIOD " if c.period else ""
    text = f"FOREIGN KEY ({', '.join([*first, period + last])})"
    text += f" REFERENCES {c.references}({', '.join([*others, period + end])})"
    text += " MATCH FULL" if c.match == "FULL" else ""
    text += f" ON UPDATE {c.on_update}" if c.on_update != "NO ACTION" else ""
    text += f" ON DELETE {c.on_delete}" if c.on_delete != "NO ACTION" else ""
    return text + (f" ({', '.join(map(quote, c.on_delete_columns))})" if c.on_delete_columns else "")


def test_policies(odd: Catalog, ask: Any) -> None:
    rows = ask("select schemaname, tablename, policyname, permissive, roles, cmd, qual, with_check from pg_policies")
    theirs = {
        (qualified(schema, table), name): (
            permissive == "PERMISSIVE",
            sorted("PUBLIC" if role == "public" else role for role in roles),
            *rest,
        )
        for schema, table, name, permissive, roles, *rest in rows
    }
    ours = {
        (relation.name, p.name): (p.permissive, list(p.roles), p.command, p.using, p.with_check)
        for relation in odd.relations.values()
        for p in relation.policies.values()
    }
    assert ours == theirs
    assert len(ours) == 7


def test_triggers(odd: Catalog, ask: Any) -> None:
    """Put together from our record, the definition is what `pg_get_triggerdef` prints."""
    rows = ask("""
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled
        from pg_trigger where not tgisinternal and tgparentid = 0
    """)
    ours = {
        (relation.name, trigger.name): (_trigger_definition(relation, trigger), _letter(trigger))
        for relation in odd.relations.values()
        for trigger in relation.triggers.values()
    }
    odd_words = re.compile(r" (FROM odd\.parent|REFERENCING OLD TABLE AS gone|NOT DEFERRABLE INITIALLY IMMEDIATE)")
    assert ours == {(table, name): (odd_words.sub("", text), enabled) for table, name, text, enabled in rows}
    assert len(ours) >= 13


def _letter(trigger: Trigger) -> str:
    return {"ORIGIN": "O", "ALWAYS": "A", "REPLICA": "R", "DISABLED": "D"}[trigger.enabled]


def _trigger_definition(relation: Relation, t: Trigger) -> str:
    constraint = "CONSTRAINT " if t.constraint else ""
    columns = f" OF {', '.join(map(quote, t.columns))}" if t.columns else ""
    # Postgres prints them in the order INSERT, DELETE, UPDATE, TRUNCATE.
    events = sorted(t.events, key=["INSERT", "DELETE", "UPDATE", "TRUNCATE"].index)
    when = " OR ".join(event + (columns if event == "UPDATE" else "") for event in events)
    text = f"CREATE {constraint}TRIGGER {quote(t.name)} {t.timing} {when} ON {relation.name}"
    text += " DEFERRABLE" if t.deferrable else ""
    text += " INITIALLY DEFERRED" if t.deferred else ""
    text += f" FOR EACH {t.level}" + (f" WHEN ({t.when})" if t.when else "")
    return f"{text} EXECUTE FUNCTION {t.function}({', '.join(map(_literal, t.arguments))})"


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def test_functions(odd: Catalog, ask: Any) -> None:
    rows = ask(f"""
        select p.oid::regprocedure::text, p.prokind, pg_get_function_result(p.oid), l.lanname, p.proisstrict,
            p.prosecdef, p.proleakproof, p.proparallel, p.provolatile, coalesce(p.proconfig, '{{}}'),
            p.proowner::regrole::text
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        where {OURS}
    """)
    ours = {
        (
            f.signature.replace(", ", ","),
            *({"function": "f", "procedure": "p", "aggregate": "a", "window": "w"}[f.kind], f.returns, f.language),
            *(f.strict, f.security_definer, f.leakproof, f.parallel[0], f.volatility[0], f.settings, quote(f.owner)),
        )
        for f in odd.functions.values()
    }
    assert ours == {(row[0].replace(", ", ","), *row[1:9], tuple(row[9]), row[10]) for row in rows}


@pytest.mark.parametrize(
    "signature",
    [
        "odd.outs(integer, date)",
        "odd.tabled(integer, text)",
        "odd.overloaded(text, integer[])",
        "odd.proc(integer, text, integer)",
        'odd.overloaded(odd."Pair, of", numeric)',
        "odd.total(integer)",
        'odd."Func (name"(integer)',
    ],
)
def test_arguments(odd: Catalog, ask: Any, signature: str) -> None:
    [(printed,)] = ask(f"select pg_get_function_arguments('{signature}'::regprocedure)")
    function = odd.functions[signature]
    shown = (
        " ".join(
            filter(
                None,
                [
                    {"in": "IN" if function.kind == "procedure" else "", "variadic": "VARIADIC"}.get(
                        a.mode, a.mode.upper()
                    ),
                    a.name and quote(a.name),
                    a.type,
                    "DEFAULT" if a.default else "",
                ],
            )
        )
        for a in function.arguments
        if a.mode != "table"
    )
    # Before version 14 the arguments of a procedure are printed without their IN.
    printed = re.sub(r"DEFAULT [^,]*", "DEFAULT", printed)
    assert re.sub(r"\bIN ", "", ", ".join(shown)) == re.sub(r"\bIN ", "", printed)


def test_sequences(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select schemaname, sequencename, sequenceowner, data_type::text, start_value, increment_by, min_value,
            max_value, cache_size, cycle from pg_sequences
    """)
    ours = {
        (s.name, s.owner, s.type, s.start, s.increment, s.minimum, s.maximum, s.cache, s.cycle)
        for s in odd.sequences.values()
    }
    assert ours == {(qualified(row[0], row[1]), *row[2:]) for row in rows}
    for sequence in odd.sequences.values():
        if sequence.owned_by and "watched" not in sequence.owned_by:
            table, column = sequence.owned_by.rsplit(".", 1)
            [(name,)] = ask(f"select pg_get_serial_sequence('{table}', '{column.strip(chr(34))}')")
            assert name == sequence.name
    assert odd.sequences['odd."Seq"'].owned_by == "odd.watched.a"
    assert odd.sequences["odd.free"].owned_by is None


def test_extensions(odd: Catalog, ask: Any) -> None:
    rows = ask("select name, installed_version from pg_available_extensions where installed_version is not null")
    assert {(e.name, e.version) for e in odd.extensions.values()} == set(rows)
    members = ask(
        "select count(*) from pg_depend where deptype = 'e' and classid = 'pg_proc'::regclass and objid >= 16384"
    )
    assert sum(1 for f in odd.functions.values() if f.extension) == members[0][0]


def test_roles(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select rolname, rolsuper, rolinherit, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
            rolconnlimit, coalesce(rolconfig, '{}') from pg_roles
    """)
    ours = {
        (
            *(r.name, r.superuser, r.inherit, r.login, r.create_role, r.create_database),
            *(r.replication, r.bypass_rls, r.connection_limit, r.settings),
        )
        for r in odd.roles.values()
    }
    assert ours == {(*row[:-1], tuple(sorted(row[-1]))) for row in rows}


def test_grants(odd: Catalog, ask: Any) -> None:
    """Against `aclexplode`, which Postgres's own information schema is made from."""
    _same_grants(
        ((r.name, r.grants) for r in odd.relations.values()),
        ask(
            f"select c.oid::regclass::text, {_exploded('relacl', 'r', 'relowner')} and relkind in ('r','p','v','m','f')"
        ),
    )
    _same_grants(
        ((s.name, s.grants) for s in odd.sequences.values()),
        ask(f"select c.oid::regclass::text, {_exploded('relacl', 's', 'relowner')} and relkind = 'S'"),
    )


def _exploded(acl: str, kind: str, owner: str) -> str:
    return f"""
        case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee) end, a.privilege_type, a.is_grantable,
        pg_get_userbyid(a.grantor)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace,
            aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) as a where {OURS}
    """


def _same_grants(ours: Iterable[tuple[str, Any]], theirs: list[tuple[Any, ...]]) -> None:
    flat = {(name, g.grantee, g.privilege, g.grantable, g.grantor) for name, grants in ours for g in grants}
    assert flat == set(theirs)


def test_column_grants(odd: Catalog, ask: Any) -> None:
    rows = ask("""
        select attrelid::regclass::text || '.' || quote_ident(attname),
            case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee) end, a.privilege_type, a.is_grantable,
            pg_get_userbyid(a.grantor)
        from pg_attribute, aclexplode(attacl) as a where attrelid >= 16384
    """)
    ours = ((f"{r.name}.{quote(c.name)}", c.grants) for r in odd.relations.values() for c in r.columns.values())
    _same_grants(ours, rows)


def test_the_server(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    info = odd_connection.info
    assert (odd.server.name, odd.server.version_number, odd.server.user) == (
        info.dbname,
        info.server_version,
        info.user,
    )
    assert odd.server.version.startswith(str(info.server_version // 10000))
    assert not odd.server.standby
