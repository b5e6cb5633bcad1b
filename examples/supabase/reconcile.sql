-- The backend's schema, and the single source of truth for it: 16 tables in three groups, their constraints, indexes,
-- functions, triggers, row-level security and grants.
--
-- Run it as often as you like, on an empty, a half-built or a finished database: what is missing is added, what
-- differs is put right, what is right is left alone. It is one transaction; when it fails, nothing has changed.
-- The role that owns the tables runs it (on Supabase "postgres"); it needs no superuser. PostgreSQL 13 or newer.
--
-- What it treats as its own:
--   * every policy and every grant to anon, authenticated, service_role and PUBLIC on the 16 tables: one permissive
--     policy more would open them, so those that are not written here are dropped;
--   * columns, constraints, indexes, triggers and functions by their name. Others are left as they are.
-- It drops no data: a type is changed by a cast, and where a row breaks a constraint, or holds a null in a column that
-- has no default to fill it with, the run stops and says so. Only a generated column is dropped and made anew.

begin;

set local search_path = '';  -- every name below is qualified: nothing planted in another schema is ever called
set local lock_timeout = '10s';
set local client_min_messages = warning;

-- ================================================================================================================
-- Extensions and schemas
-- ================================================================================================================

create schema if not exists extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists vector with schema extensions;

-- An extension that was made without a schema landed in public, where its functions can be called through the API.
do $$
declare
    extension text;
begin
    for extension in
        select extname from pg_catalog.pg_extension
        where extname in ('uuid-ossp', 'vector') and extnamespace <> 'extensions'::regnamespace
    loop
        execute format('alter extension %I set schema extensions', extension);
    end loop;
end
$$;

-- What policies and triggers call. No API role has USAGE on it, so nobody calls it by name.
create schema if not exists private;
revoke all on schema private from public, anon, authenticated, service_role;

-- New objects in public are not open until a grant says so.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;

-- ================================================================================================================
-- The repair of half-built tables
--
-- Each table below is written once, as a temporary table that looks as the real one should. reconcile_table makes
-- public's equal to it and drops it. Both sides are compared as Postgres itself prints them, so "int" and "integer"
-- are no difference. Foreign keys cannot stand on a temporary table; reconcile_foreign_key adds them.
-- ================================================================================================================

create or replace procedure pg_temp.reconcile_table(table_name text)
language plpgsql
as $$
declare
    wanted oid := format('pg_temp.%I', table_name)::regclass;
    target text := format('public.%I', table_name);
    policy name;
    derived name;
    want record;
    have record;
begin
    execute format('create table if not exists %s ()', target);

    -- They are all written again below; until then they would be in the way of a change of type.
    for policy in select polname from pg_catalog.pg_policy where polrelid = target::regclass loop
        execute format('drop policy %I on %s', policy, target);
    end loop;

    for want in select * from pg_temp.columns_of(wanted) order by number loop
        select * into have from pg_temp.columns_of(target::regclass) c where c.name = want.name;
        if have.name is not null
            and 'generated' in (have.kind, want.kind)
            and (have.kind, have.type, have.default_value) is distinct from (want.kind, want.type, want.default_value)
        then  -- what it held was derived, or will be
            execute format('alter table %s drop column %I cascade', target, want.name);
            have.name := null;
        end if;
        if have.name is null then
            execute format('alter table %s add column %I %s %s', target, want.name, want.type, want.clause);
            continue;
        end if;
        if have.type <> want.type then
            for derived in select c.name from pg_temp.columns_of(target::regclass) c where c.kind = 'generated' loop
                execute format('alter table %s drop column %I cascade', target, derived);  -- it comes later in this loop
            end loop;
            execute format('alter table %s alter column %I drop default', target, want.name);
            execute format('alter table %1$s alter column %2$I type %3$s using %2$I::%3$s', target, want.name, want.type);
            have.default_value := null;
        end if;
        if have.kind <> want.kind and want.kind = 'identity' then
            execute format('alter table %s alter column %I drop default', target, want.name);
            execute format('alter table %s alter column %I set not null', target, want.name);
            execute format('alter table %s alter column %I add %s', target, want.name, want.identity_clause);
        elsif have.kind <> want.kind then
            execute format('alter table %s alter column %I drop identity', target, want.name);
        end if;
        if want.kind = 'plain' and have.default_value is distinct from want.default_value then
            execute format('alter table %s alter column %I %s', target, want.name,
                           coalesce('set default ' || want.default_value, 'drop default'));
        end if;
        if want.required and not have.required and want.kind <> 'identity' then
            if want.default_value is not null and want.kind = 'plain' then
                execute format('update %1$s set %2$I = default where %2$I is null', target, want.name);
            end if;
            execute format('alter table %s alter column %I set not null', target, want.name);
        elsif have.required and not want.required then
            execute format('alter table %s alter column %I drop not null', target, want.name);
        end if;
    end loop;

    for want in
        select conname as name, contype as type, pg_catalog.pg_get_constraintdef(oid) as definition
        from pg_catalog.pg_constraint
        where conrelid = wanted and contype in ('p', 'u', 'c')
        order by contype = 'c', conname
    loop
        continue when exists (
            select from pg_catalog.pg_constraint
            where conrelid = target::regclass
              and conname = want.name
              and pg_catalog.pg_get_constraintdef(oid) = want.definition
        );
        for have in  -- a constraint of this name that says something else, or another primary key
            select conname as name from pg_catalog.pg_constraint
            where conrelid = target::regclass and (conname = want.name or (contype = 'p' and want.type = 'p'))
        loop
            execute format('alter table %s drop constraint %I cascade', target, have.name);
        end loop;
        execute format('alter table %s add constraint %I %s', target, want.name, want.definition);
    end loop;

    for want in select * from pg_temp.indexes_of(wanted) loop
        continue when exists (
            select from pg_temp.indexes_of(target::regclass) i where i.valid and i.definition = want.definition
        );
        execute format('drop index if exists public.%I', want.name);
        execute want.definition;
    end loop;

    execute format('drop table pg_temp.%I', table_name);
end
$$;

create or replace function pg_temp.columns_of(relation oid)
returns table (
    name name, number smallint, type text, required boolean, kind text, default_value text, identity_clause text,
    clause text
)
language sql
as $$
    select c.*,
           concat_ws(' ',
               case when c.kind = 'generated' then 'generated always as (' || c.default_value || ') stored'
                    when c.kind = 'identity' then c.identity_clause
                    else 'default ' || c.default_value
               end,
               case when c.required then 'not null' end)
    from (
        select a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
               case when a.attgenerated <> '' then 'generated' when a.attidentity <> '' then 'identity' else 'plain' end,
               pg_catalog.pg_get_expr(d.adbin, d.adrelid),
               case a.attidentity
                   when 'a' then 'generated always as identity'
                   when 'd' then 'generated by default as identity'
               end
        from pg_catalog.pg_attribute a
        left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    ) c (name, number, type, required, kind, default_value, identity_clause)
$$;

create or replace function pg_temp.indexes_of(relation oid)
returns table (name name, valid boolean, definition text)
language sql
as $$
    select c.relname, i.indisvalid,
           regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), ' ON pg_temp\w*\.', ' ON public.')
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    where i.indrelid = relation
      and not exists (select from pg_catalog.pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
    order by c.relname
$$;

-- The definition is written as Postgres prints it, in lower case.
create or replace procedure pg_temp.reconcile_foreign_key(table_name text, constraint_name text, definition text)
language plpgsql
as $$
declare
    target regclass := format('public.%I', table_name)::regclass;
begin
    if exists (
        select from pg_catalog.pg_constraint
        where conrelid = target and conname = constraint_name
          and lower(pg_catalog.pg_get_constraintdef(oid)) = definition
    ) then
        return;
    end if;
    execute format('alter table %s drop constraint if exists %I', target, constraint_name);
    execute format('alter table %s add constraint %I %s', target, constraint_name, definition);
end
$$;

-- ================================================================================================================
-- Tables: core
-- ================================================================================================================

create temporary table user_profiles (
    user_id uuid not null,
    display_name text,
    avatar_url text,
    locale text not null default 'en',
    timezone text not null default 'UTC',
    preferences jsonb not null default '{}',
    onboarding_completed_at timestamptz,
    plan text not null default 'free',
    subscription_status text not null default 'inactive',
    stripe_customer_id text,
    stripe_subscription_id text,
    current_period_end timestamptz,
    cancel_at_period_end boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_profiles_pkey primary key (user_id),
    constraint user_profiles_stripe_customer_id_key unique (stripe_customer_id),
    constraint user_profiles_stripe_subscription_id_key unique (stripe_subscription_id),
    constraint user_profiles_display_name_check check (char_length(display_name) between 1 and 100),
    constraint user_profiles_preferences_check check (jsonb_typeof(preferences) = 'object'),
    constraint user_profiles_plan_check check (plan in ('free', 'pro', 'team', 'enterprise')),
    constraint user_profiles_subscription_status_check
        check (subscription_status in ('inactive', 'trialing', 'active', 'past_due', 'canceled'))
);
create index user_profiles_preferences_idx on user_profiles using gin (preferences jsonb_path_ops);
create index user_profiles_current_period_end_idx on user_profiles (current_period_end) where plan <> 'free';
call pg_temp.reconcile_table('user_profiles');

create temporary table prompt_atoms (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    name text not null,
    kind text not null default 'instruction',
    content text not null,
    tags text[] not null default '{}',
    embedding extensions.vector(1536),
    metadata jsonb not null default '{}',
    is_favorite boolean not null default false,
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint prompt_atoms_pkey primary key (id),
    constraint prompt_atoms_user_id_name_key unique (user_id, name),
    constraint prompt_atoms_name_check check (char_length(name) between 1 and 120),
    constraint prompt_atoms_kind_check check (kind in ('instruction', 'context', 'example', 'constraint', 'persona')),
    constraint prompt_atoms_content_check check (char_length(content) between 1 and 20000)
);
create index prompt_atoms_user_id_created_at_idx on prompt_atoms (user_id, created_at desc) where archived_at is null;
create index prompt_atoms_user_id_kind_idx on prompt_atoms (user_id, kind);
create index prompt_atoms_tags_idx on prompt_atoms using gin (tags);
create index prompt_atoms_metadata_idx on prompt_atoms using gin (metadata jsonb_path_ops);
create index prompt_atoms_embedding_idx on prompt_atoms using hnsw (embedding extensions.vector_cosine_ops);
call pg_temp.reconcile_table('prompt_atoms');

create temporary table vibe_configs (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    name text not null,
    description text,
    tone text not null default 'neutral',
    formality smallint not null default 50,
    creativity numeric(3,2) not null default 0.70,
    settings jsonb not null default '{}',
    is_default boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint vibe_configs_pkey primary key (id),
    constraint vibe_configs_user_id_name_key unique (user_id, name),
    constraint vibe_configs_name_check check (char_length(name) between 1 and 80),
    constraint vibe_configs_tone_check check (tone in ('neutral', 'friendly', 'formal', 'playful', 'direct')),
    constraint vibe_configs_formality_check check (formality between 0 and 100),
    constraint vibe_configs_creativity_check check (creativity between 0 and 1)
);
create unique index vibe_configs_user_id_default_idx on vibe_configs (user_id) where is_default;
create index vibe_configs_settings_idx on vibe_configs using gin (settings jsonb_path_ops);
call pg_temp.reconcile_table('vibe_configs');

-- vibe holds the configuration as it was when the run began; a reference would follow later changes.
create temporary table agent_runs (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    parent_run_id uuid,
    agent_name text not null,
    model text,
    status text not null default 'queued',
    input jsonb not null default '{}',
    vibe jsonb,
    output jsonb,
    error_message text,
    prompt_tokens integer not null default 0,
    completion_tokens integer not null default 0,
    total_tokens integer generated always as (prompt_tokens + completion_tokens) stored,
    cost_usd numeric(12,6) not null default 0,
    metadata jsonb not null default '{}',
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint agent_runs_pkey primary key (id),
    constraint agent_runs_id_user_id_key unique (id, user_id),
    constraint agent_runs_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
    constraint agent_runs_tokens_check check (prompt_tokens >= 0 and completion_tokens >= 0),
    constraint agent_runs_cost_usd_check check (cost_usd >= 0),
    constraint agent_runs_finished_at_check check (finished_at >= started_at)
);
create index agent_runs_user_id_created_at_idx on agent_runs (user_id, created_at desc);
create index agent_runs_parent_run_id_user_id_idx on agent_runs (parent_run_id, user_id);
create index agent_runs_unfinished_idx on agent_runs (status, created_at) where status in ('queued', 'running');
create index agent_runs_metadata_idx on agent_runs using gin (metadata jsonb_path_ops);
call pg_temp.reconcile_table('agent_runs');

create temporary table background_events (
    id uuid not null default gen_random_uuid(),
    user_id uuid,
    event_type text not null,
    payload jsonb not null default '{}',
    status text not null default 'pending',
    priority smallint not null default 100,
    attempts integer not null default 0,
    max_attempts integer not null default 5,
    dedupe_key text,
    run_at timestamptz not null default now(),
    locked_at timestamptz,
    processed_at timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint background_events_pkey primary key (id),
    constraint background_events_event_type_check check (event_type ~ '^[a-z][a-z0-9_.]*$'),
    constraint background_events_status_check check (status in ('pending', 'processing', 'done', 'failed')),
    constraint background_events_attempts_check check (attempts >= 0 and attempts <= max_attempts)
);
create index background_events_user_id_created_at_idx on background_events (user_id, created_at desc);
create index background_events_queue_idx on background_events (priority, run_at) where status = 'pending';
create unique index background_events_dedupe_key_idx on background_events (dedupe_key)
    where status in ('pending', 'processing');
create index background_events_payload_idx on background_events using gin (payload jsonb_path_ops);
call pg_temp.reconcile_table('background_events');

-- ================================================================================================================
-- Tables: template system
--
-- What hangs on a customization refers to it by (id, user_id): nobody can attach a row of his own to another's. Unique
-- keys that a user can write hold user_id too, so that no conflict tells of another's row.
-- ================================================================================================================

create temporary table template_presets (
    id uuid not null default gen_random_uuid(),
    template_id text not null,
    name text not null,
    description text,
    category text not null default 'general',
    settings jsonb not null default '{}',
    tags text[] not null default '{}',
    is_public boolean not null default true,
    sort_order integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint template_presets_pkey primary key (id),
    constraint template_presets_template_id_name_key unique (template_id, name),
    constraint template_presets_name_check check (char_length(name) between 1 and 120)
);
create index template_presets_category_sort_order_idx on template_presets (category, sort_order) where is_public;
create index template_presets_tags_idx on template_presets using gin (tags);
call pg_temp.reconcile_table('template_presets');

create temporary table user_template_customizations (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    template_id text not null,
    preset_id uuid,
    name text not null default 'Default',
    customizations jsonb not null default '{}',
    is_active boolean not null default true,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_template_customizations_pkey primary key (id),
    constraint user_template_customizations_id_user_id_key unique (id, user_id),
    constraint user_template_customizations_user_id_template_id_name_key unique (user_id, template_id, name),
    constraint user_template_customizations_name_check check (char_length(name) between 1 and 120),
    constraint user_template_customizations_customizations_check check (jsonb_typeof(customizations) = 'object'),
    constraint user_template_customizations_version_check check (version >= 1)
);
create index user_template_customizations_user_id_updated_at_idx
    on user_template_customizations (user_id, updated_at desc) where is_active;
create index user_template_customizations_preset_id_idx on user_template_customizations (preset_id);
create index user_template_customizations_customizations_idx
    on user_template_customizations using gin (customizations jsonb_path_ops);
call pg_temp.reconcile_table('user_template_customizations');

create temporary table template_versions (
    id uuid not null default gen_random_uuid(),
    customization_id uuid not null,
    user_id uuid not null,
    version integer not null,
    name text not null,
    customizations jsonb not null,
    label text,
    created_at timestamptz not null default now(),
    constraint template_versions_pkey primary key (id),
    constraint template_versions_customization_id_version_key unique (customization_id, version),
    constraint template_versions_version_check check (version >= 1),
    constraint template_versions_label_check check (char_length(label) between 1 and 80)
);
create index template_versions_customization_id_user_id_idx on template_versions (customization_id, user_id, version desc);
create index template_versions_user_id_created_at_idx on template_versions (user_id, created_at desc);
call pg_temp.reconcile_table('template_versions');

create temporary table template_customization_history (
    id uuid not null default gen_random_uuid(),
    customization_id uuid not null,
    user_id uuid not null,
    action text not null,
    version integer not null,
    old_values jsonb,
    new_values jsonb not null,
    changed_by uuid,
    created_at timestamptz not null default now(),
    constraint template_customization_history_pkey primary key (id),
    constraint template_customization_history_action_check check (action in ('created', 'updated')),
    constraint template_customization_history_old_values_check check ((action = 'created') = (old_values is null))
);
create index template_customization_history_customization_id_user_id_idx
    on template_customization_history (customization_id, user_id, created_at desc);
create index template_customization_history_user_id_created_at_idx
    on template_customization_history (user_id, created_at desc);
create index template_customization_history_changed_by_idx on template_customization_history (changed_by);
call pg_temp.reconcile_table('template_customization_history');

-- One counter a day: of a customization, or, where customization_id is null, of the template itself.
create temporary table template_usage_analytics (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    template_id text not null,
    customization_id uuid,
    event_type text not null default 'applied',
    usage_date date not null default current_date,
    usage_count integer not null default 1,
    total_duration_ms bigint not null default 0,
    last_used_at timestamptz not null default now(),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint template_usage_analytics_pkey primary key (id),
    constraint template_usage_analytics_event_type_check
        check (event_type in ('viewed', 'applied', 'exported', 'shared')),
    constraint template_usage_analytics_usage_count_check check (usage_count >= 1),
    constraint template_usage_analytics_total_duration_ms_check check (total_duration_ms >= 0)
);
create unique index template_usage_analytics_customization_day_idx
    on template_usage_analytics (customization_id, user_id, event_type, usage_date) where customization_id is not null;
create unique index template_usage_analytics_template_day_idx
    on template_usage_analytics (user_id, template_id, event_type, usage_date) where customization_id is null;
create index template_usage_analytics_customization_id_user_id_idx on template_usage_analytics (customization_id, user_id);
create index template_usage_analytics_user_id_usage_date_idx on template_usage_analytics (user_id, usage_date desc);
create index template_usage_analytics_template_id_usage_date_idx on template_usage_analytics (template_id, usage_date desc);
call pg_temp.reconcile_table('template_usage_analytics');

create temporary table template_feedback (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    template_id text not null,
    preset_id uuid,
    rating smallint not null,
    comment text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint template_feedback_pkey primary key (id),
    constraint template_feedback_user_id_template_id_key unique (user_id, template_id),
    constraint template_feedback_rating_check check (rating between 1 and 5),
    constraint template_feedback_comment_check check (char_length(comment) <= 4000)
);
create index template_feedback_template_id_rating_idx on template_feedback (template_id, rating);
create index template_feedback_preset_id_idx on template_feedback (preset_id);
call pg_temp.reconcile_table('template_feedback');

-- What the organization sees is this copy: sharing opens nothing of the owner's own table.
create temporary table shared_template_customizations (
    id uuid not null default gen_random_uuid(),
    customization_id uuid not null,
    user_id uuid not null,
    organization_id uuid not null,
    name text not null,
    description text,
    customizations jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint shared_template_customizations_pkey primary key (id),
    constraint shared_template_customizations_customization_id_org_key unique (customization_id, user_id, organization_id),
    constraint shared_template_customizations_name_check check (char_length(name) between 1 and 120)
);
create index shared_template_customizations_user_id_idx on shared_template_customizations (user_id);
create index shared_template_customizations_organization_id_created_at_idx
    on shared_template_customizations (organization_id, created_at desc);
call pg_temp.reconcile_table('shared_template_customizations');

-- ================================================================================================================
-- Tables: billing and organizations
-- ================================================================================================================

create temporary table organizations (
    id uuid not null default gen_random_uuid(),
    name text not null,
    slug text not null,
    settings jsonb not null default '{}',
    plan text not null default 'free',
    seats integer not null default 5,
    stripe_customer_id text,
    stripe_subscription_id text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint organizations_pkey primary key (id),
    constraint organizations_slug_key unique (slug),
    constraint organizations_stripe_customer_id_key unique (stripe_customer_id),
    constraint organizations_stripe_subscription_id_key unique (stripe_subscription_id),
    constraint organizations_name_check check (char_length(name) between 1 and 120),
    constraint organizations_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    constraint organizations_plan_check check (plan in ('free', 'pro', 'team', 'enterprise')),
    constraint organizations_seats_check check (seats >= 1)
);
create index organizations_created_by_idx on organizations (created_by);
call pg_temp.reconcile_table('organizations');

create temporary table organization_members (
    organization_id uuid not null,
    user_id uuid not null,
    role text not null default 'member',
    invited_by uuid,
    joined_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint organization_members_pkey primary key (organization_id, user_id),
    constraint organization_members_role_check check (role in ('owner', 'admin', 'member'))
);
create index organization_members_user_id_role_idx on organization_members (user_id, role);
create index organization_members_invited_by_idx on organization_members (invited_by);
create unique index organization_members_owner_idx on organization_members (organization_id) where role = 'owner';
call pg_temp.reconcile_table('organization_members');

-- The token itself is told once, to the admin who invites; what is stored cannot be turned back into it. An invitation
-- stands and falls with its inviter: see accept_invitation.
create temporary table invitations (
    id uuid not null default gen_random_uuid(),
    organization_id uuid not null,
    email text not null,
    role text not null default 'member',
    token_hash text not null,
    status text not null default 'pending',
    invited_by uuid not null,
    accepted_by uuid,
    accepted_at timestamptz,
    expires_at timestamptz not null default (now() + interval '7 days'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint invitations_pkey primary key (id),
    constraint invitations_token_hash_key unique (token_hash),
    constraint invitations_email_check check (email = lower(email) and email like '%_@_%'),
    constraint invitations_role_check check (role in ('admin', 'member')),
    constraint invitations_token_hash_check check (token_hash ~ '^[0-9a-f]{64}$'),
    constraint invitations_status_check check (status in ('pending', 'accepted', 'revoked')),
    constraint invitations_accepted_at_check check ((status = 'accepted') = (accepted_at is not null))
);
create unique index invitations_pending_idx on invitations (organization_id, email) where status = 'pending';
create index invitations_organization_id_created_at_idx on invitations (organization_id, created_at desc);
create index invitations_email_idx on invitations (email) where status = 'pending';
create index invitations_invited_by_idx on invitations (invited_by);
create index invitations_accepted_by_idx on invitations (accepted_by);
call pg_temp.reconcile_table('invitations');

create temporary table usage_metrics (
    id bigint not null generated always as identity,
    organization_id uuid not null,
    user_id uuid,
    metric text not null,
    quantity numeric(14,4) not null default 1,
    idempotency_key text not null default (gen_random_uuid())::text,
    metadata jsonb not null default '{}',
    recorded_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    constraint usage_metrics_pkey primary key (id),
    constraint usage_metrics_organization_id_idempotency_key_key unique (organization_id, idempotency_key),
    constraint usage_metrics_metric_check check (metric ~ '^[a-z][a-z0-9_]*$'),
    constraint usage_metrics_quantity_check check (quantity >= 0)
);
create index usage_metrics_organization_id_metric_recorded_at_idx
    on usage_metrics (organization_id, metric, recorded_at desc);
create index usage_metrics_user_id_idx on usage_metrics (user_id);
create index usage_metrics_recorded_at_idx on usage_metrics using brin (recorded_at);
call pg_temp.reconcile_table('usage_metrics');

-- ================================================================================================================
-- Foreign keys
-- ================================================================================================================

call pg_temp.reconcile_foreign_key('user_profiles', 'user_profiles_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('prompt_atoms', 'prompt_atoms_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('vibe_configs', 'vibe_configs_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('agent_runs', 'agent_runs_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('background_events', 'background_events_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('user_template_customizations', 'user_template_customizations_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_versions', 'template_versions_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_customization_history', 'template_customization_history_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_usage_analytics', 'template_usage_analytics_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_feedback', 'template_feedback_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('shared_template_customizations', 'shared_template_customizations_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');

call pg_temp.reconcile_foreign_key('agent_runs', 'agent_runs_parent_run_id_user_id_fkey',
    'foreign key (parent_run_id, user_id) references public.agent_runs(id, user_id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_versions', 'template_versions_customization_id_user_id_fkey',
    'foreign key (customization_id, user_id) references public.user_template_customizations(id, user_id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_customization_history', 'template_customization_history_customization_id_user_id_fkey',
    'foreign key (customization_id, user_id) references public.user_template_customizations(id, user_id) on delete cascade');
call pg_temp.reconcile_foreign_key('template_usage_analytics', 'template_usage_analytics_customization_id_user_id_fkey',
    'foreign key (customization_id, user_id) references public.user_template_customizations(id, user_id) on delete cascade');
call pg_temp.reconcile_foreign_key('shared_template_customizations', 'shared_template_customizations_customization_id_user_id_fkey',
    'foreign key (customization_id, user_id) references public.user_template_customizations(id, user_id) on delete cascade');
call pg_temp.reconcile_foreign_key('user_template_customizations', 'user_template_customizations_preset_id_fkey',
    'foreign key (preset_id) references public.template_presets(id) on delete set null');
call pg_temp.reconcile_foreign_key('template_feedback', 'template_feedback_preset_id_fkey',
    'foreign key (preset_id) references public.template_presets(id) on delete set null');
call pg_temp.reconcile_foreign_key('template_customization_history', 'template_customization_history_changed_by_fkey',
    'foreign key (changed_by) references auth.users(id) on delete set null');

call pg_temp.reconcile_foreign_key('organizations', 'organizations_created_by_fkey',
    'foreign key (created_by) references auth.users(id) on delete set null');
call pg_temp.reconcile_foreign_key('organization_members', 'organization_members_organization_id_fkey',
    'foreign key (organization_id) references public.organizations(id) on delete cascade');
call pg_temp.reconcile_foreign_key('organization_members', 'organization_members_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('organization_members', 'organization_members_invited_by_fkey',
    'foreign key (invited_by) references auth.users(id) on delete set null');
call pg_temp.reconcile_foreign_key('invitations', 'invitations_organization_id_fkey',
    'foreign key (organization_id) references public.organizations(id) on delete cascade');
call pg_temp.reconcile_foreign_key('invitations', 'invitations_invited_by_fkey',
    'foreign key (invited_by) references auth.users(id) on delete cascade');
call pg_temp.reconcile_foreign_key('invitations', 'invitations_accepted_by_fkey',
    'foreign key (accepted_by) references auth.users(id) on delete set null');
call pg_temp.reconcile_foreign_key('usage_metrics', 'usage_metrics_organization_id_fkey',
    'foreign key (organization_id) references public.organizations(id) on delete cascade');
call pg_temp.reconcile_foreign_key('usage_metrics', 'usage_metrics_user_id_fkey',
    'foreign key (user_id) references auth.users(id) on delete set null');
call pg_temp.reconcile_foreign_key('shared_template_customizations', 'shared_template_customizations_organization_id_fkey',
    'foreign key (organization_id) references public.organizations(id) on delete cascade');

-- ================================================================================================================
-- Functions that policies and triggers call
--
-- A policy needs EXECUTE on what it calls, but no USAGE on its schema. These belong to the owner of the tables and
-- read organization_members past its policies; a policy of that table that read it directly would recurse.
-- ================================================================================================================

create or replace function private.organization_ids(p_minimum_role text) returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select m.organization_id
    from public.organization_members m
    where m.user_id = (select auth.uid())
      and m.role = any (case p_minimum_role
          when 'member' then array['member', 'admin', 'owner']
          when 'admin' then array['admin', 'owner']
          when 'owner' then array['owner']
      end)
$$;

create or replace function private.set_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end
$$;

create or replace function private.set_customization_version() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.version := old.version;
    if (new.name, new.customizations) is distinct from (old.name, old.customizations) then
        new.version := old.version + 1;
    end if;
    return new;
end
$$;

-- Definer, so that users need no INSERT on the history and cannot forge it. What runs as definer qualifies the types
-- that it names: pg_temp comes before everything else for types, even where search_path is empty, and a caller may
-- plant a domain there whose check is code of his own.
create or replace function private.record_customization_history() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    old_values pg_catalog.jsonb;
begin
    if tg_op = 'UPDATE' then
        if new.version = old.version then
            return null;
        end if;
        old_values := jsonb_build_object('name', old.name, 'customizations', old.customizations);
    end if;

    insert into public.template_customization_history
        (customization_id, user_id, action, version, old_values, new_values, changed_by)
    values
        (new.id, new.user_id, case tg_op when 'INSERT' then 'created' else 'updated' end, new.version, old_values,
         jsonb_build_object('name', new.name, 'customizations', new.customizations), (select auth.uid()));

    insert into public.template_versions (customization_id, user_id, version, name, customizations)
    values (new.id, new.user_id, new.version, new.name, new.customizations);
    return null;
end
$$;

-- The metadata is what the user typed when signing up: shown, never trusted, and no reason to refuse the sign-up.
create or replace function private.create_user_profile() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.user_profiles (user_id, display_name, avatar_url)
    values (
        new.id,
        nullif(left(trim(new.raw_user_meta_data ->> 'full_name'), 100), ''),
        new.raw_user_meta_data ->> 'avatar_url'
    )
    on conflict (user_id) do nothing;
    return null;
end
$$;

-- ================================================================================================================
-- Functions for the API: template usage, versions and search
--
-- All run with the caller's rights, so the caller's policies decide what they see and change. What concerns a row
-- that the caller cannot see does nothing and returns null.
-- ================================================================================================================

-- Counts one use of a customization today; returns today's count.
create or replace function public.increment_template_usage(p_customization_id uuid, p_event_type text default 'applied')
returns integer
language sql volatile security invoker set search_path = ''
as $$
    insert into public.template_usage_analytics as a (user_id, template_id, customization_id, event_type)
    select c.user_id, c.template_id, c.id, p_event_type
    from public.user_template_customizations c
    where c.id = p_customization_id
    on conflict (customization_id, user_id, event_type, usage_date) where customization_id is not null
    do update set usage_count = a.usage_count + 1, last_used_at = now()
    returning a.usage_count
$$;

-- Counts one use of a template as it comes; returns today's count.
create or replace function public.record_template_usage(
    p_template_id text, p_event_type text default 'applied', p_duration_ms bigint default 0, p_metadata jsonb default '{}'
)
returns integer
language sql volatile security invoker set search_path = ''
as $$
    insert into public.template_usage_analytics as a (user_id, template_id, event_type, total_duration_ms, metadata)
    select u.id, p_template_id, p_event_type, p_duration_ms, p_metadata
    from (select auth.uid()) u (id)
    where u.id is not null and p_template_id is not null
    on conflict (user_id, template_id, event_type, usage_date) where customization_id is null
    do update set
        usage_count = a.usage_count + 1,
        total_duration_ms = a.total_duration_ms + excluded.total_duration_ms,
        metadata = a.metadata || excluded.metadata,
        last_used_at = now()
    returning a.usage_count
$$;

-- The caller's use of one template, or of all, since a day (default: the last 30).
create or replace function public.get_template_usage_stats(p_template_id text default null, p_since date default null)
returns table (template_id text, event_type text, usage_count bigint, total_duration_ms numeric, last_used_at timestamptz)
language sql stable security invoker set search_path = ''
as $$
    select a.template_id, a.event_type, sum(a.usage_count), sum(a.total_duration_ms), max(a.last_used_at)
    from public.template_usage_analytics a
    where a.user_id = (select auth.uid())
      and (p_template_id is null or a.template_id = p_template_id)
      and a.usage_date >= coalesce(p_since, current_date - 30)
    group by a.template_id, a.event_type
    order by a.template_id, a.event_type
$$;

-- Makes a version's content the current one, as a new version; returns its number.
create or replace function public.restore_template_version(p_customization_id uuid, p_version integer)
returns integer
language sql volatile security invoker set search_path = ''
as $$
    update public.user_template_customizations c
    set customizations = v.customizations
    from public.template_versions v
    where c.id = p_customization_id and v.customization_id = c.id and v.version = p_version
    returning c.version
$$;

-- Undoes one change of the history: what stood before it becomes the current content; returns the new version's number.
create or replace function public.rollback_template_customization(p_customization_id uuid, p_history_id uuid)
returns integer
language sql volatile security invoker set search_path = ''
as $$
    update public.user_template_customizations c
    set customizations = h.old_values -> 'customizations'
    from public.template_customization_history h
    where c.id = p_customization_id and h.customization_id = c.id and h.id = p_history_id and h.action = 'updated'
    returning c.version
$$;

-- The caller's prompt atoms nearest in meaning to an embedding.
create or replace function public.match_prompt_atoms(
    p_embedding extensions.vector, p_match_count integer default 10, p_min_similarity double precision default 0
)
returns table (id uuid, name text, content text, similarity double precision)
language sql stable security invoker set search_path = ''
as $$
    select a.id, a.name, a.content, 1 - (a.embedding operator(extensions.<=>) p_embedding)
    from public.prompt_atoms a
    where a.user_id = (select auth.uid())
      and a.archived_at is null
      and 1 - (a.embedding operator(extensions.<=>) p_embedding) >= p_min_similarity
    order by a.embedding operator(extensions.<=>) p_embedding
    limit least(p_match_count, 100)
$$;

-- ================================================================================================================
-- Functions for the API: organizations
--
-- Nobody may insert an organization or a membership. The definer functions are the only ways in: found an
-- organization, or accept an invitation to one.
-- ================================================================================================================

create or replace function public.create_organization(p_name text, p_slug text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    founder pg_catalog.uuid := auth.uid();
    organization pg_catalog.uuid;
begin
    if founder is null then
        raise exception 'only a signed-in user can found an organization' using errcode = 'insufficient_privilege';
    end if;
    insert into public.organizations (name, slug, created_by) values (p_name, p_slug, founder) returning id into organization;
    insert into public.organization_members (organization_id, user_id, role) values (organization, founder, 'owner');
    return organization;
end
$$;

-- Returns the token that the invited person gives to accept_invitation. The policies of invitations let only admins in.
create or replace function public.invite_member(p_organization_id uuid, p_email text, p_role text default 'member')
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
    delete from public.invitations
    where organization_id = p_organization_id and email = lower(p_email) and status = 'pending' and expires_at <= now();
    insert into public.invitations (organization_id, email, role, token_hash, invited_by)
    values (p_organization_id, lower(p_email), p_role, encode(sha256(convert_to(token, 'UTF8')), 'hex'), (select auth.uid()));
    return token;
end
$$;

-- Returns the organization joined. The token alone is not enough: the caller's confirmed address must be the invited
-- one, and the inviter must still be an admin, or someone who was removed could come back by an invitation kept aside.
create or replace function public.accept_invitation(p_token text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    invitee pg_catalog.uuid := auth.uid();
    invitation public.invitations;
begin
    select i.* into invitation
    from public.invitations i
    join auth.users u on u.id = invitee and lower(u.email) = i.email and u.email_confirmed_at is not null
    join public.organization_members m
        on m.organization_id = i.organization_id and m.user_id = i.invited_by and m.role in ('owner', 'admin')
    where i.token_hash = encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
      and i.status = 'pending'
      and i.expires_at > now()
    for update of i;
    if not found then  -- one answer for every reason: it is no oracle
        raise exception 'no such invitation for you' using errcode = 'no_data_found';
    end if;

    perform from public.organizations o where o.id = invitation.organization_id for update;  -- seats are counted one by one
    if (select count(*) from public.organization_members m where m.organization_id = invitation.organization_id)
        >= (select o.seats from public.organizations o where o.id = invitation.organization_id)
    then
        raise exception 'the organization has no seat left' using errcode = 'check_violation';
    end if;

    insert into public.organization_members (organization_id, user_id, role, invited_by)
    values (invitation.organization_id, invitee, invitation.role, invitation.invited_by)
    on conflict (organization_id, user_id) do nothing;  -- a member keeps the role he has
    update public.invitations i
    set status = 'accepted', accepted_by = invitee, accepted_at = now()
    where i.id = invitation.id;
    return invitation.organization_id;
end
$$;

-- The owner becomes an admin, the other member the owner. No policy lets anyone touch the owner's row otherwise.
create or replace function public.transfer_organization_ownership(p_organization_id uuid, p_new_owner uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update public.organization_members m
    set role = 'admin'
    where m.organization_id = p_organization_id and m.user_id = auth.uid() and m.role = 'owner';
    if not found then
        raise exception 'only its owner can transfer an organization' using errcode = 'insufficient_privilege';
    end if;
    update public.organization_members m
    set role = 'owner'
    where m.organization_id = p_organization_id and m.user_id = p_new_owner;
    if not found then
        raise exception 'the new owner must be a member' using errcode = 'no_data_found';
    end if;
end
$$;

-- An organization's metered use since a time (default: the last 30 days), for its members.
create or replace function public.get_organization_usage(p_organization_id uuid, p_since timestamptz default null)
returns table (metric text, quantity numeric, events bigint)
language sql stable security invoker set search_path = ''
as $$
    select u.metric, sum(u.quantity), count(*)
    from public.usage_metrics u
    where u.organization_id = p_organization_id
      and u.recorded_at >= coalesce(p_since, now() - interval '30 days')
    group by u.metric
    order by u.metric
$$;

-- ================================================================================================================
-- Functions for the server only (service_role)
-- ================================================================================================================

-- Meters once for each idempotency key; returns the row's id, or null where the key was used before.
create or replace function public.record_usage_metric(
    p_organization_id uuid, p_metric text, p_quantity numeric default 1, p_idempotency_key text default null,
    p_user_id uuid default null
)
returns bigint
language sql volatile security invoker set search_path = ''
as $$
    insert into public.usage_metrics (organization_id, metric, quantity, idempotency_key, user_id)
    values (p_organization_id, p_metric, p_quantity, coalesce(p_idempotency_key, gen_random_uuid()::text), p_user_id)
    on conflict (organization_id, idempotency_key) do nothing
    returning id
$$;

-- Takes due events for a worker; workers that ask at the same time get different ones.
create or replace function public.claim_background_events(p_limit integer default 10)
returns setof public.background_events
language sql volatile security invoker set search_path = ''
as $$
    update public.background_events e
    set status = 'processing', locked_at = now(), attempts = e.attempts + 1
    where e.id in (
        select d.id
        from public.background_events d
        where d.status = 'pending' and d.run_at <= now() and d.attempts < d.max_attempts
        order by d.priority, d.run_at
        limit p_limit
        for update skip locked
    )
    returning e.*
$$;

-- ================================================================================================================
-- Triggers
-- ================================================================================================================

do $$
declare
    name text;
begin
    foreach name in array array[
        'user_profiles', 'prompt_atoms', 'vibe_configs', 'agent_runs', 'background_events',
        'template_presets', 'user_template_customizations', 'template_usage_analytics', 'template_feedback',
        'shared_template_customizations', 'organizations', 'organization_members', 'invitations'
    ] loop
        execute format('drop trigger if exists set_updated_at on public.%I', name);
        execute format('create trigger set_updated_at before update on public.%I
                        for each row execute function private.set_updated_at()', name);
    end loop;
end
$$;

drop trigger if exists set_version on public.user_template_customizations;
create trigger set_version before update on public.user_template_customizations
    for each row execute function private.set_customization_version();

drop trigger if exists record_history on public.user_template_customizations;
create trigger record_history after insert or update on public.user_template_customizations
    for each row execute function private.record_customization_history();

-- On Supabase auth.users belongs to another role, which alone may drop a trigger of it: it is only touched when it is
-- not as it should be.
do $$
begin
    if exists (
        select from pg_catalog.pg_trigger
        where tgrelid = 'auth.users'::regclass
          and tgname = 'create_user_profile'
          and tgenabled = 'O'
          and pg_catalog.pg_get_triggerdef(oid) = 'CREATE TRIGGER create_user_profile AFTER INSERT ON auth.users '
              'FOR EACH ROW EXECUTE FUNCTION private.create_user_profile()'
    ) then
        return;
    end if;
    drop trigger if exists create_user_profile on auth.users;
    create trigger create_user_profile after insert on auth.users
        for each row execute function private.create_user_profile();
end
$$;

-- ================================================================================================================
-- Row-level security
--
-- reconcile_table has dropped the tables' policies. Every policy names the role authenticated, so anon and PUBLIC have
-- none; service_role bypasses row-level security. What a policy calls stands in a (select …), which is evaluated once
-- for a statement, not once for a row.
-- ================================================================================================================

do $$
declare
    name text;
begin
    foreach name in array array[
        'user_profiles', 'prompt_atoms', 'vibe_configs', 'agent_runs', 'background_events',
        'user_template_customizations', 'template_versions', 'template_customization_history',
        'template_usage_analytics', 'template_feedback', 'shared_template_customizations', 'template_presets',
        'organizations', 'organization_members', 'invitations', 'usage_metrics'
    ] loop
        execute format('alter table public.%I enable row level security', name);
    end loop;

    -- Owned by one user. Some of the grants below are narrower than these policies.
    foreach name in array array[
        'user_profiles', 'prompt_atoms', 'vibe_configs', 'agent_runs',
        'user_template_customizations', 'template_versions', 'template_customization_history',
        'template_usage_analytics', 'template_feedback'
    ] loop
        execute format('create policy owner_select on public.%I for select to authenticated
                        using ((select auth.uid()) = user_id)', name);
        execute format('create policy owner_insert on public.%I for insert to authenticated
                        with check ((select auth.uid()) = user_id)', name);
        execute format('create policy owner_update on public.%I for update to authenticated
                        using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id)', name);
        execute format('create policy owner_delete on public.%I for delete to authenticated
                        using ((select auth.uid()) = user_id)', name);
    end loop;
end
$$;

-- background_events: the server's queue; users follow what concerns them.
create policy owner_select on public.background_events for select to authenticated
    using ((select auth.uid()) = user_id);

-- template_presets: for everyone who is signed in, written by the server.
create policy public_select on public.template_presets for select to authenticated
    using (is_public);

-- shared_template_customizations: the owner's, in an organization that he is a member of; read by all its members.
create policy owner_select on public.shared_template_customizations for select to authenticated
    using ((select auth.uid()) = user_id);
create policy owner_insert on public.shared_template_customizations for insert to authenticated
    with check (
        (select auth.uid()) = user_id
        and organization_id in (select private.organization_ids('member'))
    );
create policy owner_update on public.shared_template_customizations for update to authenticated
    using ((select auth.uid()) = user_id)
    with check (
        (select auth.uid()) = user_id
        and organization_id in (select private.organization_ids('member'))
    );
create policy owner_delete on public.shared_template_customizations for delete to authenticated
    using ((select auth.uid()) = user_id);
create policy member_select on public.shared_template_customizations for select to authenticated
    using (organization_id in (select private.organization_ids('member')));
create policy admin_delete on public.shared_template_customizations for delete to authenticated
    using (organization_id in (select private.organization_ids('admin')));

create policy member_select on public.organizations for select to authenticated
    using (id in (select private.organization_ids('member')));
create policy admin_update on public.organizations for update to authenticated
    using (id in (select private.organization_ids('admin')))
    with check (id in (select private.organization_ids('admin')));
create policy owner_delete on public.organizations for delete to authenticated
    using (id in (select private.organization_ids('owner')));

-- organization_members: the owner's row is out of reach, before and after, so no admin can make or unmake an owner.
create policy member_select on public.organization_members for select to authenticated
    using (organization_id in (select private.organization_ids('member')));
create policy admin_update on public.organization_members for update to authenticated
    using (organization_id in (select private.organization_ids('admin')) and role <> 'owner')
    with check (organization_id in (select private.organization_ids('admin')) and role <> 'owner');
create policy admin_delete on public.organization_members for delete to authenticated
    using (organization_id in (select private.organization_ids('admin')) and role <> 'owner');
create policy self_delete on public.organization_members for delete to authenticated
    using ((select auth.uid()) = user_id and role <> 'owner');

create policy member_select on public.invitations for select to authenticated
    using (organization_id in (select private.organization_ids('member')));
create policy admin_insert on public.invitations for insert to authenticated
    with check (
        organization_id in (select private.organization_ids('admin'))
        and (select auth.uid()) = invited_by
    );
create policy admin_update on public.invitations for update to authenticated
    using (organization_id in (select private.organization_ids('admin')))
    with check (organization_id in (select private.organization_ids('admin')));
create policy admin_delete on public.invitations for delete to authenticated
    using (organization_id in (select private.organization_ids('admin')));

create policy member_select on public.usage_metrics for select to authenticated
    using (organization_id in (select private.organization_ids('member')));

-- ================================================================================================================
-- Grants
--
-- The platform grants everything on new objects to the API roles, and Postgres EXECUTE to PUBLIC. All of that is
-- revoked; what follows is what the policies let a role use. TRUNCATE, which no policy stops, is granted to nobody.
-- ================================================================================================================

do $$
declare
    name text;
begin
    foreach name in array array[
        'user_profiles', 'prompt_atoms', 'vibe_configs', 'agent_runs', 'background_events',
        'user_template_customizations', 'template_versions', 'template_customization_history',
        'template_usage_analytics', 'template_feedback', 'shared_template_customizations', 'template_presets',
        'organizations', 'organization_members', 'invitations', 'usage_metrics'
    ] loop
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated', name);
        execute format('grant select, insert, update, delete on public.%I to service_role', name);
    end loop;

    foreach name in array array[
        'private.organization_ids(text)',
        'private.set_updated_at()',
        'private.set_customization_version()',
        'private.record_customization_history()',
        'private.create_user_profile()',
        'public.increment_template_usage(uuid, text)',
        'public.record_template_usage(text, text, bigint, jsonb)',
        'public.get_template_usage_stats(text, date)',
        'public.restore_template_version(uuid, integer)',
        'public.rollback_template_customization(uuid, uuid)',
        'public.match_prompt_atoms(extensions.vector, integer, double precision)',
        'public.create_organization(text, text)',
        'public.invite_member(uuid, text, text)',
        'public.accept_invitation(text)',
        'public.transfer_organization_ownership(uuid, uuid)',
        'public.get_organization_usage(uuid, timestamptz)',
        'public.record_usage_metric(uuid, text, numeric, text, uuid)',
        'public.claim_background_events(integer)'
    ] loop
        execute format('revoke all on function %s from public, anon, authenticated, service_role', name);
    end loop;
end
$$;
revoke all on sequence public.usage_metrics_id_seq from public, anon, authenticated, service_role;

-- Wholly the user's own.
grant insert, update, delete on
    public.prompt_atoms, public.vibe_configs, public.template_usage_analytics, public.template_feedback,
    public.shared_template_customizations
to authenticated;

-- Not the user's to write: the plan and the billing identifiers. No DELETE either: a profile deleted and made again
-- would be a way out of a failed payment. It goes with the account.
grant insert (user_id, display_name, avatar_url, locale, timezone, preferences, onboarding_completed_at),
      update (display_name, avatar_url, locale, timezone, preferences, onboarding_completed_at)
    on public.user_profiles to authenticated;

-- Not the user's to write: how a run went, and what it cost.
grant insert (id, user_id, parent_run_id, agent_name, model, input, vibe, metadata),
      update (metadata),
      delete
    on public.agent_runs to authenticated;

-- Not the user's to write: the version, which a trigger counts, and the history that it makes.
grant insert (id, user_id, template_id, preset_id, name, customizations, is_active),
      update (template_id, preset_id, name, customizations, is_active),
      delete
    on public.user_template_customizations to authenticated;
grant update (label), delete on public.template_versions to authenticated;
grant delete on public.template_customization_history to authenticated;

-- Members come by invitation and keep their organization; billing is the server's.
grant update (name, slug, settings), delete on public.organizations to authenticated;
grant update (role), delete on public.organization_members to authenticated;
grant insert (organization_id, email, role, token_hash, invited_by, expires_at),
      update (role, expires_at),
      delete
    on public.invitations to authenticated;

grant execute on function private.organization_ids(text) to authenticated;

grant execute on function
    public.increment_template_usage(uuid, text),
    public.record_template_usage(text, text, bigint, jsonb),
    public.get_template_usage_stats(text, date),
    public.restore_template_version(uuid, integer),
    public.rollback_template_customization(uuid, uuid),
    public.match_prompt_atoms(extensions.vector, integer, double precision),
    public.create_organization(text, text),
    public.invite_member(uuid, text, text),
    public.accept_invitation(text),
    public.transfer_organization_ownership(uuid, uuid),
    public.get_organization_usage(uuid, timestamptz)
to authenticated;

grant execute on function
    public.increment_template_usage(uuid, text),
    public.get_organization_usage(uuid, timestamptz),
    public.record_usage_metric(uuid, text, numeric, text, uuid),
    public.claim_background_events(integer)
to service_role;

-- ================================================================================================================
-- Descriptions
-- ================================================================================================================

comment on table public.user_profiles is 'a user''s profile, preferences and billing state';
comment on table public.prompt_atoms is 'reusable components of prompts, searchable by tag and by meaning';
comment on table public.vibe_configs is 'a user''s configurations of tone and personality';
comment on table public.agent_runs is 'what agents were asked, what came of it and what it cost';
comment on table public.background_events is 'queue of events that the server works through';
comment on table public.user_template_customizations is 'a user''s changes to a template';
comment on table public.template_versions is 'every version of a customization, written by a trigger';
comment on table public.template_customization_history is 'every change of a customization, written by a trigger';
comment on table public.template_usage_analytics is 'a user''s use of templates, counted by day';
comment on table public.template_feedback is 'a user''s rating of a template';
comment on table public.shared_template_customizations is 'copies of customizations, shared with an organization';
comment on table public.template_presets is 'ready-made settings of templates, the same for all users';
comment on table public.organizations is 'tenants, with their plan and billing state';
comment on table public.organization_members is 'who belongs to an organization, and as what';
comment on table public.invitations is 'invitations to an organization, by e-mail address';
comment on table public.usage_metrics is 'metered use of an organization';

drop procedure pg_temp.reconcile_table(text);
drop procedure pg_temp.reconcile_foreign_key(text, text, text);
drop function pg_temp.columns_of(oid);
drop function pg_temp.indexes_of(oid);

notify pgrst, 'reload schema';  -- the API server reads the schema once

commit;
