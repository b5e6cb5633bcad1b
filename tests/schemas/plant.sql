-- Measurements of machines and what is made of them, on plain PostgreSQL 13 and later, with postgres_fdw. Telemetry is
-- cut by month and site, archives are elsewhere, and an event trigger keeps a log of what the schema went through.

do $$
declare r text;
begin
    foreach r in array array['plant_owner', 'plant_ingest', 'plant_analyst', 'plant_tenant', 'plant_jobs', 'plant_ops'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = r) then
            execute format('create role %I', r);
        end if;
    end loop;
end $$;
alter role plant_jobs bypassrls;
alter role plant_ingest login noinherit connection limit 20;
alter role plant_ingest set synchronous_commit = off;
alter role plant_ops createrole createdb valid until '2031-01-01';
grant plant_analyst to plant_ops;

create extension if not exists postgres_fdw;
create schema meta authorization plant_owner;
create schema telemetry authorization plant_owner;
create schema rollup authorization plant_owner;
create schema alarms authorization plant_owner;
create schema archive;
create schema ops;
create schema text_search;
comment on schema telemetry is 'raw, kept for thirteen months';
grant usage on schema meta, telemetry, rollup, alarms to plant_analyst, plant_tenant;
grant usage on schema telemetry to plant_ingest;
grant usage, create on schema rollup to plant_jobs;
alter default privileges for role plant_owner in schema telemetry grant select on tables to plant_analyst;
alter default privileges for role plant_owner in schema telemetry grant insert on tables to plant_ingest;
alter default privileges for role plant_owner in schema rollup grant select on tables to plant_analyst, plant_tenant;
alter default privileges for role plant_owner revoke execute on functions from public;
alter default privileges for role plant_owner grant usage on types to plant_analyst with grant option;

-- ---------------------------------------------------------------------------------------------------------------
-- Types and text search
-- ---------------------------------------------------------------------------------------------------------------

create type meta.quality as enum ('good', 'uncertain', 'bad', 'substituted');
create type meta.signal_kind as enum ('analog', 'digital', 'counter', 'string');
create type alarms.severity as enum ('info', 'warning', 'critical');
create type alarms.phase as enum ('raised', 'acknowledged', 'cleared');
create domain meta.tag_name as text collate "C" check (value ~ '^[A-Z0-9]+([._-][A-Z0-9]+)*$');
create domain meta.latitude as double precision check (value between -90 and 90);
create domain meta.longitude as double precision check (value between -180 and 180);
create domain meta.unit as varchar(16) default '1' not null;
create type meta.place as (lat meta.latitude, lon meta.longitude, altitude real);
create type telemetry.stat as (n bigint, lowest double precision, highest double precision, total double precision, squares double precision);
create type meta.limits as range (subtype = double precision, subtype_diff = float8mi);
comment on type meta.quality is 'as the controller says';
comment on column meta.place.altitude is 'metres above the sea';

create text search dictionary text_search.plain_words (template = pg_catalog.simple, stopwords = english, accept = false);
create text search dictionary text_search.stems (template = snowball, language = english, stopwords = english);
create text search configuration text_search.faults (copy = pg_catalog.simple);
alter text search configuration text_search.faults alter mapping for asciiword, word with text_search.plain_words, text_search.stems;
alter text search configuration text_search.faults drop mapping for email, url, url_path;
comment on text search configuration text_search.faults is 'what operators write';

-- ---------------------------------------------------------------------------------------------------------------
-- Functions that tables need
-- ---------------------------------------------------------------------------------------------------------------

create function meta.tenant() returns integer language sql stable set search_path = ''
as $$ select nullif(current_setting('plant.tenant', true), '')::integer $$;
create function telemetry.add(state telemetry.stat, value double precision) returns telemetry.stat
language sql immutable parallel safe
as $$
    select case when value is null then state else row(state.n + 1, least(state.lowest, value), greatest(state.highest, value),
        state.total + value, state.squares + value * value)::telemetry.stat end
$$;
create function telemetry.merged(a telemetry.stat, b telemetry.stat) returns telemetry.stat
language sql immutable parallel safe
as $$ select row(a.n + b.n, least(a.lowest, b.lowest), greatest(a.highest, b.highest), a.total + b.total, a.squares + b.squares)::telemetry.stat $$;
create function telemetry.deviation(state telemetry.stat) returns double precision language sql immutable strict
as $$ select case when state.n > 1 then sqrt((state.squares - state.total * state.total / state.n) / (state.n - 1)) end $$;
create aggregate telemetry.deviation_of(double precision) (
    sfunc = telemetry.add, stype = telemetry.stat, finalfunc = telemetry.deviation, combinefunc = telemetry.merged,
    initcond = '(0,,,0,0)', parallel = safe
);
create function meta.distance(a meta.place, b meta.place) returns double precision
language plpgsql immutable strict parallel safe cost 20
as $$
declare h double precision;
begin
    h := sind((b.lat - a.lat) / 2) ^ 2 + cosd(a.lat) * cosd(b.lat) * sind((b.lon - a.lon) / 2) ^ 2;
    return 12742000 * asin(sqrt(h));
end
$$;
create operator meta.<-> (leftarg = meta.place, rightarg = meta.place, function = meta.distance, commutator = operator(meta.<->));
create function telemetry.bucket(at timestamptz, width interval) returns timestamptz
language sql immutable strict parallel safe leakproof
as $$ select to_timestamp(floor(extract(epoch from at) / extract(epoch from width)) * extract(epoch from width)) $$;

-- ---------------------------------------------------------------------------------------------------------------
-- meta: what there is
-- ---------------------------------------------------------------------------------------------------------------

create table meta.tenants (id integer generated always as identity primary key, name text not null unique, api_key bytea, retention interval not null default '13 mons');
create table meta.sites (
    id smallint generated by default as identity primary key, tenant_id integer not null references meta.tenants on delete cascade,
    name text not null, place meta.place, time_zone text not null default 'UTC', unique (tenant_id, name)
);
create table meta.lines (id serial primary key, site_id smallint not null references meta.sites, name text not null, shifts jsonb not null default '[]');
create table meta.vendors (id serial primary key, name text not null unique, support macaddr8);
create table meta.models (
    id serial primary key, vendor_id integer not null references meta.vendors, name text not null, manual xid8,
    rated_power real check (rated_power > 0), unique (vendor_id, name)
);
create table meta.machines (
    id integer generated always as identity primary key, line_id integer not null references meta.lines, model_id integer references meta.models,
    tenant_id integer not null references meta.tenants, tag meta.tag_name not null, serial text, commissioned date,
    address inet, mac macaddr, firmware integer[] not null default '{1,0,0}', retired boolean not null default false,
    description text, document tsvector, constraint machines_tag_key unique (tenant_id, tag), check (cardinality(firmware) = 3)
);
create index machines_document_idx on meta.machines using gin (document);
create index machines_network_idx on meta.machines using gist (address inet_ops);
create index machines_firmware_idx on meta.machines ((firmware[1]), (firmware[2]) desc) where not retired;
create trigger document before insert or update of tag, serial, description on meta.machines for each row
    execute function tsvector_update_trigger('document', 'text_search.faults', 'tag', 'serial', 'description');
create table meta.signals (
    id bigint generated always as identity primary key, machine_id integer not null references meta.machines on delete cascade,
    tag meta.tag_name not null, kind meta.signal_kind not null default 'analog', unit meta.unit, normal meta.limits default '(,)',
    every interval not null default '00:00:10', compress boolean not null default true, unique (machine_id, tag)
);
create table meta.recipes (id serial primary key, tenant_id integer references meta.tenants, name text not null, steps xml, version integer not null default 1, unique (tenant_id, name, version));
create table meta.operators (id serial primary key, tenant_id integer references meta.tenants, badge char(8) unique, name text not null, pin bytea, active boolean default true);
create table meta.shifts (operator_id integer references meta.operators, line_id integer references meta.lines, during tstzrange not null, exclude using gist (during with &&) where (operator_id = 0));
create table meta.calendars (day date primary key, kind "char" not null default 'w', note text);
create table meta.units (name meta.unit primary key, factor numeric not null default 1, base text);
comment on table meta.signals is 'one channel of a machine';
comment on column meta.signals.normal is 'outside of it an alarm is raised';

-- ---------------------------------------------------------------------------------------------------------------
-- telemetry: what was measured
-- ---------------------------------------------------------------------------------------------------------------

create table telemetry.readings (
    at timestamptz not null, site_id smallint not null, signal_id bigint not null, value double precision, text text,
    quality meta.quality not null default 'good', received_at timestamptz not null default clock_timestamp(),
    check (num_nulls(value, text) = 1)
) partition by range (at);
create index readings_signal_idx on telemetry.readings (signal_id, at desc);
create index readings_at_brin on telemetry.readings using brin (at) with (pages_per_range = 16, autosummarize = on);
create table telemetry.readings_2026_01 partition of telemetry.readings for values from ('2026-01-01+00') to ('2026-02-01+00') partition by list (site_id);
create table telemetry.readings_2026_01_north partition of telemetry.readings_2026_01 for values in (1, 2) with (fillfactor = 100);
create table telemetry.readings_2026_01_south partition of telemetry.readings_2026_01 for values in (3, null);
create table telemetry.readings_2026_01_rest partition of telemetry.readings_2026_01 default;
create table telemetry.readings_2026_02 partition of telemetry.readings for values from ('2026-02-01+00') to ('2026-03-01+00');
create table telemetry.readings_2026_03 partition of telemetry.readings (quality default 'uncertain') for values from ('2026-03-01+00') to ('2026-04-01+00');
create table telemetry.readings_early partition of telemetry.readings for values from (minvalue) to ('2026-01-01+00');
alter table telemetry.readings_2026_01_north add constraint plausible check (value between -1e9 and 1e9);
create unique index readings_2026_02_key on telemetry.readings_2026_02 (signal_id, at);
alter table telemetry.readings_2026_02 alter column text set storage external;
create table telemetry.counters (
    machine_id integer not null, at timestamptz not null, counter smallint not null, value bigint not null,
    primary key (machine_id, at, counter)
) partition by hash (machine_id);
create table telemetry.counters_0 partition of telemetry.counters for values with (modulus 4, remainder 0);
create table telemetry.counters_1 partition of telemetry.counters for values with (modulus 4, remainder 1);
create table telemetry.counters_2 partition of telemetry.counters for values with (modulus 4, remainder 2);
create table telemetry.counters_3 partition of telemetry.counters for values with (modulus 4, remainder 3);
create table telemetry.events (
    id uuid default gen_random_uuid(), machine_id integer not null references meta.machines, at timestamptz not null default now(),
    what text not null, data jsonb, primary key (id, at)
) partition by range (at, id);
create table telemetry.events_all partition of telemetry.events for values from (minvalue, minvalue) to (maxvalue, maxvalue);
create index events_data_idx on telemetry.events using gin (data jsonb_path_ops);
create index events_what_idx on telemetry.events using gin (to_tsvector('text_search.faults', what));
create table telemetry.batches (
    id bigserial primary key, line_id integer references meta.lines, recipe_id integer references meta.recipes, during tstzrange not null default tstzrange(now(), null),
    good integer not null default 0, scrap integer not null default 0, share numeric generated always as (case when good + scrap > 0 then good::numeric / (good + scrap) end) stored
);
create unlogged table telemetry.inbox (id bigserial primary key, received timestamptz default now(), payload bytea not null, done boolean not null default false);
create index inbox_todo_idx on telemetry.inbox (id) where not done;
create table telemetry.gaps (signal_id bigint not null, during tstzrange not null, reason text, exclude using gist (during with &&) where (reason = 'maintenance'));
alter table telemetry.inbox set (autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_enabled = false);
create statistics telemetry.counters_machine (dependencies) on machine_id, counter from telemetry.counters;

-- ---------------------------------------------------------------------------------------------------------------
-- alarms and rollups
-- ---------------------------------------------------------------------------------------------------------------

create table alarms.rules (
    id serial primary key, signal_id bigint not null references meta.signals on delete cascade, above double precision, below double precision,
    hold interval not null default '0', severity alarms.severity not null default 'warning', muted_until timestamptz default '-infinity',
    constraint some_limit check (above is not null or below is not null), constraint sane check (above > below or above is null or below is null)
);
create table alarms.alarms (
    id bigint generated always as identity (cache 50) primary key, rule_id integer not null references alarms.rules, tenant_id integer not null references meta.tenants,
    raised_at timestamptz not null default now(), phase alarms.phase not null default 'raised', acknowledged_by integer references meta.operators,
    cleared_at timestamptz, note text, check ((phase = 'cleared') = (cleared_at is not null))
);
create unique index alarms_open_key on alarms.alarms (rule_id) where phase <> 'cleared';
create table alarms.history (like alarms.alarms including defaults including comments);
alter table alarms.history add column archived_at timestamptz not null default now();
create table alarms.recipients (tenant_id integer references meta.tenants on delete cascade, address text, severity alarms.severity[] default '{critical}', primary key (tenant_id, address));
create table alarms.silences (id serial primary key, tenant_id integer not null references meta.tenants, during tstzrange not null, why text not null);
create table rollup.minutes (signal_id bigint, at timestamptz, stat telemetry.stat not null, primary key (signal_id, at));
create table rollup.hours (primary key (signal_id, at)) inherits (rollup.minutes);
create table rollup.days (tenant_id integer not null, day date not null, primary key (signal_id, at)) inherits (rollup.minutes);
create table rollup.jobs (name text primary key, every interval not null, last_at timestamptz, last_error text, owner regrole);
create table rollup.watermarks (relation regclass primary key, done_until timestamptz not null, position pg_lsn);
create table ops.changes (id bigserial primary key, at timestamptz default now(), by_role name default current_user, command text, object text);
create table ops.maintenance (machine_id integer references meta.machines, due date, done_on date, hours interval hour to minute, primary key (machine_id, due));
create table ops.tickets (id bigserial primary key, machine_id integer references meta.machines, title text not null, words text, opened timestamptz(0) default now());
create index tickets_words_idx on ops.tickets using gist (to_tsvector('text_search.faults', title || ' ' || coalesce(words, '')));

-- ---------------------------------------------------------------------------------------------------------------
-- archive: elsewhere
-- ---------------------------------------------------------------------------------------------------------------

create foreign data wrapper plant_files options (debug 'false');
create server cold foreign data wrapper postgres_fdw options (host 'cold.internal', dbname 'archive', fetch_size '10000');
create server files type 'csv' version '2.1' foreign data wrapper plant_files options (root '/archive');
create user mapping for plant_owner server cold options (user 'reader', password_required 'false');
create user mapping for public server files;
create foreign table archive.readings_2025 (
    at timestamptz options (column_name 'ts') not null, site_id smallint, signal_id bigint, value double precision default 0, check (value < 1e12)
) server cold options (schema_name 'public', table_name 'readings_2025');
create foreign table archive.labels (tag text, label text) server files options (filename 'labels.csv', header 'true');
grant usage on foreign server cold to plant_analyst;
grant usage on foreign data wrapper plant_files to plant_ops;
grant select on archive.readings_2025 to plant_analyst;
comment on foreign table archive.labels is 'printed in 2025';

-- ---------------------------------------------------------------------------------------------------------------
-- Views and functions
-- ---------------------------------------------------------------------------------------------------------------

create view meta.tree as
    select t.name as tenant, s.name as site, l.name as line, m.tag as machine, g.tag as signal, g.unit
    from meta.tenants t join meta.sites s on s.tenant_id = t.id join meta.lines l on l.site_id = s.id
    join meta.machines m on m.line_id = l.id left join meta.signals g on g.machine_id = m.id;
create view telemetry.latest with (security_barrier) as
    select distinct on (signal_id) signal_id, at, value, text, quality from telemetry.readings order by signal_id, at desc;
create view telemetry.latest_named as select t.machine, t.signal, l.value, l.quality from telemetry.latest l join meta.signals g on g.id = l.signal_id join meta.tree t on t.signal = g.tag;
create view alarms.open as select a.*, r.severity from alarms.alarms a join alarms.rules r on r.id = a.rule_id where a.phase <> 'cleared';
create view alarms.mine as select id, rule_id, tenant_id, phase, note from alarms.alarms where tenant_id = meta.tenant() with check option;
create view meta.hours as with recursive hours (n) as (values (0) union all select n + 1 from hours where n < 23) select n from hours;
create materialized view rollup.availability as
    select b.line_id, date_trunc('day', lower(b.during)) as day, sum(upper(b.during) - lower(b.during)) as run, avg(b.share) as good
    from telemetry.batches b group by 1, 2;
create unique index availability_key on rollup.availability (line_id, day);
create materialized view rollup.worst with (autovacuum_enabled = false) as
    select rule_id, count(*) as times, percentile_cont(0.5) within group (order by extract(epoch from cleared_at - raised_at)) as median
    from alarms.alarms group by rule_id having count(*) > 3 with no data;

create function telemetry.ingest(rows jsonb) returns bigint language plpgsql security definer set search_path = telemetry, meta, pg_temp set work_mem = '64MB'
as $$
declare n bigint;
begin
    insert into telemetry.readings (at, site_id, signal_id, value)
    select (r ->> 'at')::timestamptz, (r ->> 'site')::smallint, (r ->> 'signal')::bigint, (r ->> 'value')::float8 from jsonb_array_elements(rows) r;
    get diagnostics n = row_count;
    return n;
end
$$;
create function telemetry.series(signal bigint, since timestamptz, until timestamptz default now(), width interval default '00:01:00')
returns table (at timestamptz, average double precision, deviation double precision) language sql stable parallel restricted rows 1440
as $$
    select telemetry.bucket(r.at, width), avg(r.value), telemetry.deviation_of(r.value) from telemetry.readings r
    where r.signal_id = signal and r.at >= since and r.at < until group by 1 order by 1
$$;
create function telemetry.last_value(signal bigint, out at timestamptz, out value double precision) returns record language sql stable
as $$ select r.at, r.value from telemetry.readings r where r.signal_id = signal order by r.at desc limit 1 $$;
create function telemetry.last_value(machine meta.tag_name, signal meta.tag_name) returns double precision language sql stable
as $$ select v.value from meta.machines m join meta.signals s on s.machine_id = m.id, telemetry.last_value(s.id) v where m.tag = machine and s.tag = signal $$;
create procedure rollup.roll(job text, inout done boolean default false) language plpgsql
as $$
begin
    insert into rollup.minutes
    select signal_id, telemetry.bucket(at, '1 min'), row(count(value), min(value), max(value), sum(value), sum(value * value))::telemetry.stat
    from telemetry.readings where at > coalesce((select last_at from rollup.jobs where name = job), '-infinity') group by 1, 2
    on conflict do nothing;
    update rollup.jobs set last_at = now() where name = job;
    done := found;
end
$$;
create function alarms.judge() returns trigger language plpgsql
as $$
begin
    insert into alarms.alarms (rule_id, tenant_id)
    select r.id, m.tenant_id from alarms.rules r join meta.signals s on s.id = r.signal_id join meta.machines m on m.id = s.machine_id
    where s.id = new.signal_id and (new.value > r.above or new.value < r.below) and r.muted_until < now()
    on conflict do nothing;
    return null;
end
$$;
create function alarms.acknowledge(alarm bigint, badge char) returns alarms.phase language sql security definer set search_path = ''
as $$
    update alarms.alarms a set phase = 'acknowledged', acknowledged_by = o.id from meta.operators o
    where a.id = alarm and o.badge = acknowledge.badge and o.tenant_id = a.tenant_id and a.phase = 'raised' returning a.phase
$$;
create function alarms.archive() returns trigger language plpgsql as
$$ begin insert into alarms.history select old.*; return old; end $$;
create function telemetry.notify() returns trigger language plpgsql as
$$ begin perform pg_notify('inbox', tg_argv[0]); return null; end $$;
create function ops.log_command() returns event_trigger language plpgsql security definer set search_path = ''
as $$
begin
    insert into ops.changes (command, object) select c.command_tag, c.object_identity from pg_catalog.pg_event_trigger_ddl_commands() c;
end
$$;
create function ops.refuse_drop() returns event_trigger language plpgsql
as $$ begin if current_setting('plant.locked', true) = 'on' then raise exception 'the schema is locked'; end if; end $$;

create trigger judge after insert on telemetry.readings for each row execute function alarms.judge();
create trigger archived before delete on alarms.alarms for each row when (old.phase = 'cleared') execute function alarms.archive();
create trigger arrived after insert on telemetry.inbox for each statement execute function telemetry.notify('new', 'it''s here');
create trigger emptied after truncate on telemetry.inbox execute function telemetry.notify('gone');
alter table alarms.alarms enable replica trigger archived;
create rule old_alarms as on update to alarms.history do instead nothing;
create rule log_silences as on insert to alarms.silences do also insert into ops.changes (command, object) values ('silence', new.why);
create event trigger plant_log on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute function ops.log_command();
create event trigger plant_lock on sql_drop execute function ops.refuse_drop();
alter event trigger plant_lock disable;
comment on event trigger plant_log is 'who changed what';

-- ---------------------------------------------------------------------------------------------------------------
-- Access
-- ---------------------------------------------------------------------------------------------------------------

do $$
declare o record;
begin
    for o in select c.oid::regclass as name, relkind from pg_class c join pg_namespace n on n.oid = relnamespace
             where nspname in ('meta', 'telemetry', 'rollup', 'alarms') and relkind in ('r', 'p', 'v', 'm') loop
        execute format('alter %s %s owner to plant_owner',
                       case o.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, o.name);
    end loop;
    for o in select unnest(array['meta.tenants', 'meta.sites', 'meta.machines', 'alarms.alarms', 'alarms.silences', 'meta.operators']) as name loop
        execute format('alter table %s enable row level security', o.name);
        execute format('alter table %s force row level security', o.name);
        execute format('create policy tenant on %s to plant_tenant using (%s = meta.tenant())', o.name,
                       case o.name when 'meta.tenants' then 'id' else 'tenant_id' end);
        execute format('create policy everything on %s to plant_owner, plant_analyst using (true)', o.name);
    end loop;
end $$;
create policy working_hours on alarms.silences as restrictive for insert to plant_tenant with check (upper(during) - lower(during) < '1 day'::interval);
create policy by_line on meta.machines for select to plant_ingest using (exists (select from meta.lines l where l.id = machines.line_id and l.name <> ''));
alter table meta.operators no force row level security;
grant select on all tables in schema meta, alarms, rollup to plant_analyst;
grant select on meta.tenants, meta.sites, meta.machines, alarms.alarms, alarms.mine to plant_tenant;
grant insert, select, update (phase, note) on alarms.alarms to plant_tenant;
grant insert on telemetry.readings, telemetry.counters, telemetry.events, telemetry.inbox to plant_ingest;
grant usage on sequence telemetry.inbox_id_seq to plant_ingest;
grant select (id, tag, kind, unit) on meta.signals to plant_ingest;
revoke select on meta.operators from plant_analyst;
grant select (id, tenant_id, name, active) on meta.operators to plant_analyst;
grant all on all tables in schema rollup to plant_jobs;
revoke execute on all functions in schema telemetry, alarms from public;
grant execute on function telemetry.ingest(jsonb) to plant_ingest;
grant execute on function telemetry.series(bigint, timestamptz, timestamptz, interval), telemetry.last_value(bigint) to plant_analyst with grant option;
grant execute on procedure rollup.roll(text, boolean) to plant_jobs;
grant trigger, references on ops.tickets to plant_ops;
create publication plant_live for table alarms.alarms, meta.machines with (publish = 'insert, delete');
create publication plant_changes for table telemetry.batches;
alter table telemetry.gaps replica identity nothing;

--- since 140000
create function meta.age(machine meta.machines) returns integer language sql stable
begin atomic
    select current_date - machine.commissioned;
end;
create statistics telemetry.readings_bucket on (telemetry.bucket(at, '01:00:00')) from telemetry.readings_2026_02;
alter table telemetry.events_all alter column data set compression pglz;
--- since 150000
alter publication plant_changes set table telemetry.batches (id, line_id, good) where (good > 0);
alter view alarms.mine set (security_invoker = true);
--- since 180000
alter table meta.vendors add column short text generated always as (upper(left(name, 3))) virtual;
