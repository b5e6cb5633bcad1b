-- What an ordinary role could plant to be called by whoever reads the catalogs, and more. Each planted thing steps on the
-- tripwire, a sequence, since what a sequence has given out is not rolled back.

create sequence public.tripwire;
create function public.tripped() returns boolean language plpgsql
    as $$ begin perform pg_catalog.nextval('public.tripwire'::pg_catalog.regclass); return true; end $$;

-- Every function and operator of pg_catalog that is not polymorphic, again in public.
do $$
declare r record;
begin
    for r in
        select p.proname, p.oid, p.prorettype::regtype as result, p.proretset
        from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
            and not exists (
                select from pg_type t
                where t.oid = any (p.proargtypes::oid[] || p.prorettype) and t.typtype = 'p'
            )
            and p.proargmodes is null
            and p.proname ~ '^(pg_|format_type|quote_|lower|upper|length|obj_desc|current_|set_config|acl|has_|array_|unnest|generate_series|regexp_|to_reg|name|text|int|oid|bool|char|byte|date|now|coalesce)'
    loop
        execute format(
            'create function public.%I(%s) returns %s%s language plpgsql as %L', r.proname,
            pg_get_function_identity_arguments(r.oid), case when r.proretset then 'setof ' else '' end, r.result,
            'begin perform public.tripped(); return' || case when r.proretset then '' else ' null' end || '; end'
        );
    end loop;
    for r in
        select o.oid, o.oprname, o.oprleft::regtype as a, o.oprright::regtype as b, o.oprresult::regtype as c
        from pg_operator o
        where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprkind = 'b'
            and o.oprname in ('=', '<>', '<', '>', '<=', '>=', '||', '~', '!~', '&', '->>')
            and not exists (select from pg_type t where t.oid in (o.oprleft, o.oprright, o.oprresult) and t.typtype = 'p')
    loop
        execute format(
            'create function public.planted_%s(%s, %s) returns %s language plpgsql as %L',
            r.oid, r.a, r.b, r.c, 'begin perform public.tripped(); return null; end'
        );
        execute format('create operator public.%s (leftarg = %s, rightarg = %s, function = public.planted_%s)', r.oprname, r.a, r.b, r.oid);
    end loop;
    for r in
        select relname, (
            select string_agg(format('c.%I', attname), ', ') from pg_attribute
            where attrelid = pg_class.oid and attnum > 0 and atttypid <> 'anyarray'::regtype
        ) as columns
        from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')
            and relname in ('pg_class', 'pg_attribute', 'pg_namespace', 'pg_type', 'pg_proc', 'pg_roles', 'pg_settings',
                'pg_constraint', 'pg_index', 'pg_policy', 'pg_trigger', 'pg_extension', 'pg_description', 'pg_depend')
    loop
        execute format(
            'create view public.%I as select %s from pg_catalog.%I as c where public.tripped()',
            r.relname, r.columns, r.relname
        );
    end loop;
end $$;

create type public.sly as (n pg_catalog.int4);
create function public.sly_text(public.sly) returns pg_catalog.text language plpgsql
    as $$ begin perform public.tripped(); return 'x'; end $$;
create cast (public.sly as pg_catalog.text) with function public.sly_text(public.sly) as implicit;
create domain public.guarded as pg_catalog.int4 check (public.tripped()) default pg_catalog.nextval('public.tripwire');

create schema app;
create table app.victim (
    id pg_catalog.int4 primary key,
    name pg_catalog.varchar(20) default 'x',
    sly public.sly,
    guarded public.guarded,
    at pg_catalog.timestamptz default '2020-01-01 00:00:00+00',
    day pg_catalog.date default '2020-02-03',
    bytes pg_catalog.bytea default '\x00ff41',
    score pg_catalog.float8 default 0.1::pg_catalog.float8 + 1e-7,
    span pg_catalog.interval default '1 day 02:03:04',
    money pg_catalog.money default '$1,234.50',
    back pg_catalog.text default E'a\\b',
    flag pg_catalog.bool generated always as (id > 0) stored
);
create index victim_lower on app.victim (lower(name));
create index victim_when on app.victim (id) where name > 'a';
alter table app.victim enable row level security;
create policy p on app.victim using (id = 1 and public.tripped());
create function app.touch() returns trigger language plpgsql as 'begin perform public.tripped(); return new; end';
create trigger t before insert on app.victim for each row when (new.id > 0 and public.tripped()) execute function app.touch();
create view app.view as select id from app.victim where public.tripped();
create materialized view app.stored as select 1 as one where public.tripped() with no data;

-- Types that look like pg_catalog's, last: nothing after them could be written otherwise.
create domain public.text as pg_catalog.text check (public.tripped());
create domain public.oid as pg_catalog.oid check (public.tripped());
create domain public.regclass as pg_catalog.regclass check (public.tripped());
create domain public.uuid as pg_catalog.uuid check (public.tripped());

create function public.sly_ddl() returns event_trigger language plpgsql as 'begin perform public.tripped(); end';
create event trigger sly_start on ddl_command_start execute function public.sly_ddl();
create event trigger sly_end on ddl_command_end execute function public.sly_ddl();
create event trigger sly_drop on sql_drop execute function public.sly_ddl();
