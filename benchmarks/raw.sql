-- Naive queries: what somebody writes who wants the same facts, one a noun, deparsed by the server's functions.
select n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text[]
from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema';
select a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated
from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid
    and d.adnum = a.attnum
where a.attnum > 0
    and not a.attisdropped
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema';
select conrelid, conname, contype, pg_get_constraintdef(oid)
from pg_constraint
where conrelid <> 0;
select i.indrelid, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisunique, i.indisvalid
from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema';
select polrelid, polname, polcmd, polroles::regrole[]::text[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
from pg_policy;
select p.oid, n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), p.prosrc, p.proacl::text[]
from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema';
select tgrelid, tgname, pg_get_triggerdef(oid)
from pg_trigger
where not tgisinternal;
select extname, extversion
from pg_extension;
select rolname, rolsuper, rolbypassrls
from pg_roles;
