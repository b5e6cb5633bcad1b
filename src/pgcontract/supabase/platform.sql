-- The Supabase platform, as far as a project's own schema and its row-level security depend on it, for a plain
-- PostgreSQL 13 or newer. A superuser runs it; running it again changes nothing. It is a stand-in for tests and
-- for private servers, and refuses a real Supabase.
--
-- Where it differs from the platform:
--   * the objects belong to the superuser who runs it, not to supabase_admin, supabase_auth_admin and the like;
--   * on the platform "postgres" is no superuser. Where the server's own superuser bears that name it stays one,
--     since demoting it would leave the cluster without any;
--   * the platform lets postgres create extensions that Postgres keeps for superusers; here the superuser must;
--   * authenticator has no password, so it can log in only where pg_hba.conf trusts it;
--   * the tables of auth and storage have the columns that schemas and policies refer to, not all of them.

begin;

set local search_path = '';
set local client_min_messages = error;  -- "already exists" and "wal_level is insufficient" are no news here

-- ---------------------------------------------------------------------------------------------------------------
-- Roles: they belong to the whole cluster, so another database's set-up may be creating the same ones right now
-- ---------------------------------------------------------------------------------------------------------------

do $$
declare
    name text;
begin
    if exists (select from pg_catalog.pg_roles where rolname in ('supabase_admin', 'supabase_auth_admin')) then
        raise exception 'refusing to apply the Supabase stand-in to a real Supabase: a role supabase_admin or supabase_auth_admin exists'
            using hint = 'A real project has the platform already. Leave this step out.';
    end if;
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        raise exception 'the Supabase stand-in needs a superuser, and % is none', current_user
            using errcode = 'insufficient_privilege';
    end if;

    -- A lock on a shared catalog holds for all databases. Whoever sets up another one waits here until we commit;
    -- without it, concurrent runs fail with "tuple concurrently updated".
    lock table pg_catalog.pg_authid in share row exclusive mode;

    foreach name in array array['anon', 'authenticated', 'service_role', 'authenticator'] loop
        begin
            execute format('create role %I', name);
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;
    begin
        create role postgres login nosuperuser createdb createrole bypassrls;
    exception when duplicate_object or unique_violation then
        null;
    end;

    alter role anon with nosuperuser nologin inherit nocreatedb nocreaterole noreplication nobypassrls;
    alter role authenticated with nosuperuser nologin inherit nocreatedb nocreaterole noreplication nobypassrls;
    alter role service_role with nosuperuser nologin inherit nocreatedb nocreaterole noreplication bypassrls;
    alter role authenticator with nosuperuser login noinherit nocreatedb nocreaterole noreplication nobypassrls;

    grant anon, authenticated, service_role to authenticator, postgres;

    -- SET ROLE does not apply a role's settings: the API server reads those of anon and authenticated and sets them
    -- for each request.
    alter role anon set statement_timeout = '3s';
    alter role authenticated set statement_timeout = '8s';
    alter role authenticator set statement_timeout = '8s';
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- public, and the grants that every new object in it gets (those of projects made before 2026-05-30)
-- ---------------------------------------------------------------------------------------------------------------

do $$
declare
    creator text;
begin
    execute format('grant all on database %I to postgres', pg_catalog.current_database());
    foreach creator in array array['postgres', current_user::text] loop
        execute format('alter default privileges for role %I in schema public
                        grant all on tables to postgres, anon, authenticated, service_role', creator);
        execute format('alter default privileges for role %I in schema public
                        grant all on functions to postgres, anon, authenticated, service_role', creator);
        execute format('alter default privileges for role %I in schema public
                        grant all on sequences to postgres, anon, authenticated, service_role', creator);
    end loop;
end
$$;

create schema if not exists public;
revoke create on schema public from public;  -- PostgreSQL 15's default, for 13 and 14 too
grant all on schema public to postgres;
grant usage on schema public to anon, authenticated, service_role;

create schema if not exists extensions;
grant all on schema extensions to postgres;
grant usage on schema extensions to anon, authenticated, service_role;

-- Every project has it from the start, so migrations call uuid_generate_v4() without a word; it has pgcrypto and others
-- too, which a private server has not.
do $$
begin
    if exists (select from pg_catalog.pg_available_extensions where name = 'uuid-ossp') then
        create extension if not exists "uuid-ossp" with schema extensions;
    end if;
end
$$;

-- Migrations call what extensions bring by its bare name. In this database only: a role is the whole cluster's.
do $$
declare
    migrator text;
begin
    foreach migrator in array array['postgres', current_user::text] loop
        execute format('alter role %I in database %I set search_path = "$user", public, extensions',
                       migrator, pg_catalog.current_database());
    end loop;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- auth: users, and who the request speaks for
-- ---------------------------------------------------------------------------------------------------------------

create schema if not exists auth;
grant usage on schema auth to postgres, anon, authenticated, service_role;

create table if not exists auth.users (
    instance_id uuid,
    id uuid not null primary key,
    aud varchar(255),
    role varchar(255),
    email varchar(255),
    encrypted_password varchar(255),
    email_confirmed_at timestamptz,
    invited_at timestamptz,
    confirmation_token varchar(255),
    confirmation_sent_at timestamptz,
    recovery_token varchar(255),
    recovery_sent_at timestamptz,
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_super_admin boolean,
    created_at timestamptz,
    updated_at timestamptz,
    phone text default null unique,
    phone_confirmed_at timestamptz,
    banned_until timestamptz,
    is_sso_user boolean not null default false,
    deleted_at timestamptz,
    is_anonymous boolean not null default false
);
create unique index if not exists users_email_partial_key on auth.users (email) where is_sso_user = false;
create index if not exists users_instance_id_idx on auth.users (instance_id);
create index if not exists users_is_anonymous_idx on auth.users (is_anonymous);
alter table auth.users enable row level security;
grant all on auth.users to postgres;

-- The claims of the request. An unset setting reads NULL, and '' once a transaction that had set it has ended.
-- Nothing pins these functions' search_path, so that the planner can inline them; every name is qualified instead.

create or replace function auth.jwt() returns jsonb
language sql stable
as $$
    select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claim', true), ''),
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')
    )::pg_catalog.jsonb
$$;

create or replace function auth.uid() returns uuid
language sql stable
as $$
    select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'sub'
    )::pg_catalog.uuid
$$;

create or replace function auth.role() returns text
language sql stable
as $$
    select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claim.role', true), ''),
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'role'
    )
$$;

create or replace function auth.email() returns text
language sql stable
as $$
    select coalesce(
        nullif(pg_catalog.current_setting('request.jwt.claim.email', true), ''),
        nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'email'
    )
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- storage: open by grant, closed by row-level security until a project writes policies
-- ---------------------------------------------------------------------------------------------------------------

create schema if not exists storage;
grant all on schema storage to postgres;
grant usage on schema storage to anon, authenticated, service_role;

create table if not exists storage.buckets (
    id text not null primary key,
    name text not null,
    owner uuid,
    owner_id text,
    public boolean default false,
    avif_autodetection boolean default false,
    file_size_limit bigint,
    allowed_mime_types text[],
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create unique index if not exists bname on storage.buckets (name);

create table if not exists storage.objects (
    id uuid not null default gen_random_uuid() primary key,
    bucket_id text constraint "objects_bucketId_fkey" references storage.buckets (id),
    name text,
    owner uuid,
    owner_id text,
    metadata jsonb,
    user_metadata jsonb,
    path_tokens text[] generated always as (string_to_array(name, '/')) stored,
    version text,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    last_accessed_at timestamptz default now()
);
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);

alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant all on storage.buckets, storage.objects to postgres, anon, authenticated, service_role;

create or replace function storage.foldername(name text) returns text[]
language sql immutable
as $$
    select parts[1 : pg_catalog.cardinality(parts) - 1] from pg_catalog.string_to_array(name, '/') as parts
$$;

create or replace function storage.filename(name text) returns text
language sql immutable
as $$
    select parts[pg_catalog.cardinality(parts)] from pg_catalog.string_to_array(name, '/') as parts
$$;

create or replace function storage.extension(name text) returns text
language sql immutable
as $$
    select pg_catalog.reverse(pg_catalog.split_part(pg_catalog.reverse(storage.filename(name)), '.', 1))
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- realtime: what the publication carries is streamed to clients
-- ---------------------------------------------------------------------------------------------------------------

create schema if not exists realtime;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

do $$
begin
    create publication supabase_realtime;
exception when duplicate_object then
    null;
end
$$;

commit;
