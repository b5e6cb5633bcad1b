-- A project tracker for many organisations, on Supabase: PostgreSQL 13 and later, after the platform's own set-up.
-- Members see what belongs to their organisation, guests what they were invited to, and nobody another's.

create schema app;
create schema private;
comment on schema app is 'what the API may call';
grant usage on schema app to authenticated, service_role;
create extension if not exists citext schema extensions;
create extension if not exists pg_trgm schema extensions;

-- ---------------------------------------------------------------------------------------------------------------
-- Types
-- ---------------------------------------------------------------------------------------------------------------

create type public.member_role as enum ('guest', 'member', 'admin', 'owner');
create type public.issue_state as enum ('backlog', 'todo', 'doing', 'review', 'done', 'cancelled');
create type public.issue_priority as enum ('none', 'low', 'medium', 'high', 'urgent');
create type public.field_kind as enum ('text', 'number', 'date', 'choice', 'person');
create type public.invite_state as enum ('sent', 'accepted', 'revoked', 'expired');
create type public.webhook_event as enum ('issue.created', 'issue.updated', 'issue.deleted', 'comment.created');
create domain public.slug as text
    constraint slug_shape check (value ~ '^[a-z0-9](-?[a-z0-9])*$')
    constraint slug_length check (length(value) between 2 and 48);
create domain public.hex_colour as text default '#888888' check (value ~ '^#[0-9a-f]{6}$');
create domain public.email_address as extensions.citext check (value like '%_@_%');
create type public.issue_totals as (open bigint, closed bigint, overdue bigint);
comment on type public.issue_state is 'the columns of the board';

-- ---------------------------------------------------------------------------------------------------------------
-- People and organisations
-- ---------------------------------------------------------------------------------------------------------------

create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    handle public.slug not null unique,
    full_name text not null default '',
    avatar_path text,
    time_zone text not null default 'UTC',
    locale text not null default 'en' check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    last_seen_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.profiles is 'what other members may know of a user';
comment on column public.profiles.handle is 'as in @handle';

create table public.organizations (
    id uuid primary key default gen_random_uuid(),
    slug public.slug not null unique,
    name text not null check (name <> ''),
    plan text not null default 'free' check (plan in ('free', 'team', 'business')),
    seats integer not null default 5 check (seats > 0),
    settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    archived_at timestamptz
);

create table public.memberships (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role public.member_role not null default 'member',
    title text,
    joined_at timestamptz not null default now(),
    primary key (organization_id, user_id)
);
create index memberships_user_id_idx on public.memberships (user_id, role);

create table public.invitations (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    email public.email_address not null,
    role public.member_role not null default 'member',
    state public.invite_state not null default 'sent',
    token text not null default encode(sha256(gen_random_uuid()::text::bytea), 'hex'),
    invited_by uuid not null references auth.users (id),
    expires_at timestamptz not null default now() + interval '7 days',
    created_at timestamptz not null default now(),
    constraint invitations_not_owner check (role <> 'owner')
);
create unique index invitations_open_key on public.invitations (organization_id, email) where state = 'sent';

create table public.teams (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name text not null,
    key varchar(6) not null check (key = upper(key)),
    parent_id uuid,
    created_at timestamptz not null default now(),
    unique (organization_id, key),
    unique (organization_id, id),
    foreign key (organization_id, parent_id) references public.teams (organization_id, id),
    check (parent_id <> id)
);

create table public.team_members (
    team_id uuid not null references public.teams (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    is_lead boolean not null default false,
    primary key (team_id, user_id)
);
create unique index team_members_one_lead on public.team_members (team_id) where is_lead;

-- ---------------------------------------------------------------------------------------------------------------
-- Projects and their parts
-- ---------------------------------------------------------------------------------------------------------------

create table public.projects (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    team_id uuid references public.teams (id) on delete set null,
    slug public.slug not null,
    name text not null,
    description text,
    is_private boolean not null default false,
    starts_on date,
    ends_on date,
    budget numeric(12, 2) check (budget >= 0),
    next_number bigint not null default 1,
    created_by uuid default auth.uid() references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    archived_at timestamptz,
    unique (organization_id, slug),
    constraint projects_dates check (starts_on <= ends_on)
);
create index projects_team_id_idx on public.projects (team_id) where archived_at is null;

create table public.project_guests (
    project_id uuid not null references public.projects (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    may_comment boolean not null default true,
    primary key (project_id, user_id)
);

create table public.milestones (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    name text not null,
    due_on date,
    reached_at timestamptz,
    position double precision not null default 0,
    unique (project_id, name)
);

create table public.cycles (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    number integer not null,
    during daterange not null check (not isempty(during)),
    goal text,
    unique (team_id, number) deferrable initially deferred
);
create index cycles_during_idx on public.cycles using gist (during);

create table public.labels (
    id bigint generated always as identity primary key,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name text not null,
    colour public.hex_colour,
    description text
);
create unique index labels_name_key on public.labels (organization_id, lower(name));

create table public.issues (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    number bigint not null,
    title text not null check (char_length(title) between 1 and 250),
    body text,
    state public.issue_state not null default 'backlog',
    priority public.issue_priority not null default 'none',
    estimate smallint check (estimate in (1, 2, 3, 5, 8, 13)),
    reporter_id uuid not null default auth.uid() references auth.users (id),
    assignee_id uuid references auth.users (id) on delete set null,
    milestone_id uuid references public.milestones (id) on delete set null,
    cycle_id uuid references public.cycles (id) on delete set null,
    parent_id uuid references public.issues (id) on delete cascade,
    due_on date,
    rank text collate "C" not null default 'n',
    search tsvector generated always as
        (to_tsvector('english', coalesce(title, '') || ' ' || coalesce(body, ''))) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    closed_at timestamptz,
    unique (project_id, number),
    constraint issues_closed check ((closed_at is not null) = (state in ('done', 'cancelled'))),
    constraint issues_no_loop check (parent_id is distinct from id)
);
create index issues_search_idx on public.issues using gin (search);
create index issues_title_idx on public.issues using gin (title extensions.gin_trgm_ops);
create index issues_board_idx on public.issues (project_id, state, rank) where closed_at is null;
create index issues_assignee_idx on public.issues (assignee_id, due_on desc nulls last) include (title, state);
comment on column public.issues.rank is 'a fraction between neighbours, in the order of bytes';

create table public.issue_labels (
    issue_id uuid references public.issues (id) on delete cascade,
    label_id bigint references public.labels (id) on delete cascade,
    primary key (issue_id, label_id)
);

create table public.issue_links (
    from_id uuid not null references public.issues (id) on delete cascade,
    to_id uuid not null references public.issues (id) on delete cascade,
    kind text not null check (kind in ('blocks', 'duplicates', 'relates')),
    created_at timestamptz not null default now(),
    primary key (from_id, to_id, kind),
    check (from_id <> to_id)
);
create index issue_links_to_id_idx on public.issue_links (to_id);

create table public.issue_watchers (
    issue_id uuid not null references public.issues (id) on delete cascade,
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    primary key (issue_id, user_id)
);

create table public.checklists (
    id uuid primary key default gen_random_uuid(),
    issue_id uuid not null references public.issues (id) on delete cascade,
    title text not null
);

create table public.checklist_items (
    id uuid primary key default gen_random_uuid(),
    checklist_id uuid not null references public.checklists (id) on delete cascade,
    text text not null,
    done boolean not null default false,
    position integer not null check (position >= 0),
    unique (checklist_id, position) deferrable initially immediate
);

create table public.comments (
    id uuid primary key default gen_random_uuid(),
    issue_id uuid not null references public.issues (id) on delete cascade,
    author_id uuid not null default auth.uid() references auth.users (id),
    reply_to uuid references public.comments (id) on delete cascade,
    body text not null check (btrim(body) <> ''),
    edited_at timestamptz,
    created_at timestamptz not null default now()
);
create index comments_issue_id_idx on public.comments (issue_id, created_at);

create table public.reactions (
    comment_id uuid not null references public.comments (id) on delete cascade,
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    emoji text not null check (char_length(emoji) <= 8),
    primary key (comment_id, user_id, emoji)
);

create table public.mentions (
    id bigint generated by default as identity (start 1000 increment 1 cache 10) primary key,
    comment_id uuid not null references public.comments (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    seen_at timestamptz,
    unique (comment_id, user_id)
);

create table public.attachments (
    id uuid primary key default gen_random_uuid(),
    issue_id uuid not null references public.issues (id) on delete cascade,
    uploaded_by uuid not null default auth.uid() references auth.users (id),
    path text not null unique,
    media_type text not null default 'application/octet-stream',
    bytes bigint not null check (bytes between 0 and 52428800),
    created_at timestamptz not null default now()
);

create table public.time_entries (
    id uuid primary key default gen_random_uuid(),
    issue_id uuid not null references public.issues (id) on delete cascade,
    user_id uuid not null default auth.uid() references auth.users (id),
    started_at timestamptz not null,
    stopped_at timestamptz,
    seconds integer generated always as (extract(epoch from stopped_at - started_at)::integer) stored,
    note text,
    billable boolean not null default true,
    check (stopped_at > started_at)
);
create unique index time_entries_one_running on public.time_entries (user_id) where stopped_at is null;

create table public.custom_fields (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    name text not null,
    kind public.field_kind not null,
    choices text[] not null default '{}',
    required boolean not null default false,
    unique (project_id, name),
    check (kind <> 'choice' or cardinality(choices) > 0)
);

create table public.custom_values (
    issue_id uuid references public.issues (id) on delete cascade,
    field_id uuid references public.custom_fields (id) on delete cascade,
    value jsonb not null,
    primary key (issue_id, field_id)
);
create index custom_values_value_idx on public.custom_values using gin (value jsonb_path_ops);

create table public.boards (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    name text not null,
    states public.issue_state[] not null default array['todo', 'doing', 'done']::public.issue_state[],
    created_at timestamptz not null default now()
);

create table public.board_columns (
    board_id uuid not null references public.boards (id) on delete cascade,
    state public.issue_state not null,
    work_limit smallint check (work_limit > 0),
    primary key (board_id, state)
);

create table public.saved_filters (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    name text not null,
    query jsonb not null,
    shared boolean not null default false
);

create table public.pages (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    parent_id uuid references public.pages (id) on delete cascade,
    title text not null default 'Untitled',
    content jsonb not null default '[]',
    created_by uuid default auth.uid() references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.page_versions (
    page_id uuid not null references public.pages (id) on delete cascade,
    version integer not null,
    content jsonb not null,
    saved_by uuid,
    saved_at timestamptz not null default now(),
    primary key (page_id, version)
);

create table public.notifications (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    kind text not null,
    payload jsonb not null default '{}',
    read_at timestamptz,
    created_at timestamptz not null default now()
);
create index notifications_unread_idx on public.notifications (user_id, created_at desc) where read_at is null;

create table public.notification_settings (
    user_id uuid primary key default auth.uid() references auth.users (id) on delete cascade,
    by_mail boolean not null default true,
    quiet_hours int4range default '[22,24)',
    muted_kinds text[] not null default '{}'
);

create table public.api_keys (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name text not null,
    prefix char(8) not null,
    hash bytea not null,
    scopes text[] not null default '{read}',
    last_used_at timestamptz,
    revoked_at timestamptz
);

create table public.webhooks (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    url text not null check (url like 'https://%'),
    events public.webhook_event[] not null,
    secret text not null,
    enabled boolean not null default true
);

create table private.webhook_deliveries (
    id bigint generated always as identity primary key,
    webhook_id uuid not null references public.webhooks (id) on delete cascade,
    event public.webhook_event not null,
    attempt smallint not null default 1,
    status integer,
    sent_at timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

create table public.integrations (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    provider text not null,
    config jsonb not null default '{}',
    connected_at timestamptz not null default now(),
    primary key (organization_id, provider)
);

create table public.subscriptions (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    customer_id text unique,
    status text not null default 'trialing',
    quantity integer not null default 1,
    renews_on date
);

create table public.invoices (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id),
    number text not null unique,
    amount numeric(12, 2) not null,
    currency char(3) not null default 'EUR',
    issued_on date not null default current_date,
    paid_at timestamptz
);

create table public.usage_daily (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    day date not null,
    issues integer not null default 0,
    bytes bigint not null default 0,
    primary key (organization_id, day)
);

create table public.feature_flags (
    name text primary key,
    enabled_for uuid[] not null default '{}',
    everyone boolean not null default false
);

create table private.issue_history (
    id bigint generated always as identity primary key,
    issue_id uuid not null,
    changed_by uuid,
    changed_at timestamptz not null default clock_timestamp(),
    operation text not null check (operation in ('INSERT', 'UPDATE', 'DELETE')),
    before jsonb,
    after jsonb
);
create index issue_history_brin on private.issue_history using brin (changed_at) with (pages_per_range = 32);

create table private.jobs (
    id uuid primary key default gen_random_uuid(),
    queue text not null default 'default',
    payload jsonb not null,
    run_at timestamptz not null default now(),
    tries smallint not null default 0,
    locked_by text
);
create index jobs_due_idx on private.jobs (queue, run_at) where locked_by is null;

create unlogged table private.rate_limits (
    key text primary key,
    tokens real not null,
    refilled_at timestamptz not null default now()
);

-- ---------------------------------------------------------------------------------------------------------------
-- Who belongs where: definer functions, so that policies do not read each other
-- ---------------------------------------------------------------------------------------------------------------

create function app.is_member(org uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select from public.memberships where organization_id = org and user_id = (select auth.uid())) $$;

create function app.has_role(org uuid, lowest public.member_role) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.memberships
        where organization_id = org and user_id = (select auth.uid()) and role >= lowest
    )
$$;

create function app.sees_project(project uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.projects p
        where p.id = project
          and (app.has_role(p.organization_id, case when p.is_private then 'admin' else 'member' end::public.member_role)
               or exists (select from public.project_guests g where g.project_id = p.id and g.user_id = (select auth.uid())))
    )
$$;

create function app.sees_issue(issue uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select from public.issues i where i.id = issue and app.sees_project(i.project_id)) $$;

create function app.team_organization(team uuid) returns uuid
language sql stable security definer set search_path = ''
as $$ select organization_id from public.teams where id = team $$;

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to authenticated, service_role;

-- ---------------------------------------------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------------------------------------------

create function private.touch() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end
$$;

create function private.number_issue() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.projects set next_number = next_number + 1
    where id = new.project_id returning next_number - 1 into new.number;
    return new;
end
$$;

create function private.keep_history() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into private.issue_history (issue_id, changed_by, operation, before, after)
    values (coalesce(new.id, old.id), auth.uid(), tg_op,
            case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
    return null;
end
$$;

create function private.new_user() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.profiles (id, handle, full_name)
    values (new.id, 'u-' || left(replace(new.id::text, '-', ''), 12), coalesce(new.raw_user_meta_data ->> 'name', ''));
    return new;
end
$$;

create function private.count_issues() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.usage_daily (organization_id, day, issues)
    select p.organization_id, current_date, count(*) from added join public.projects p on p.id = added.project_id
    group by 1
    on conflict (organization_id, day) do update set issues = public.usage_daily.issues + excluded.issues;
    return null;
end
$$;

create function private.keep_owner() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if not exists (select from public.memberships where organization_id = old.organization_id and role = 'owner') then
        raise exception 'an organisation needs an owner';
    end if;
    return null;
end
$$;

do $$
declare t text;
begin
    foreach t in array array['profiles', 'organizations', 'projects', 'pages'] loop
        execute format('create trigger touch before update on public.%I for each row
                        when (old.* is distinct from new.*) execute function private.touch()', t);
    end loop;
end $$;
create trigger touch before update of title, body, state on public.issues
    for each row execute function private.touch();
create trigger number_it before insert on public.issues for each row execute function private.number_issue();
create trigger history after insert or update or delete on public.issues
    for each row execute function private.keep_history();
create trigger count_new after insert on public.issues
    referencing new table as added for each statement execute function private.count_issues();
create constraint trigger keep_owner after update or delete on public.memberships
    deferrable initially deferred for each row when (old.role = 'owner') execute function private.keep_owner();
create trigger on_auth_user_created after insert on auth.users for each row execute function private.new_user();

-- ---------------------------------------------------------------------------------------------------------------
-- Views and calls
-- ---------------------------------------------------------------------------------------------------------------

create view public.my_issues with (security_barrier) as
    select i.id, i.number, i.title, i.state, i.priority, i.due_on, p.name as project
    from public.issues i join public.projects p on p.id = i.project_id
    where i.assignee_id = auth.uid() and i.closed_at is null;
create view public.overdue as select id, title, due_on from public.my_issues where due_on < current_date;
create view public.open_labels as select * from public.labels where description is not null with local check option;
create materialized view private.project_totals as
    select project_id, state, count(*) as issues, sum(estimate) as points from public.issues group by project_id, state;
create unique index project_totals_key on private.project_totals (project_id, state);
comment on view public.my_issues is 'what the caller has to do';

create function public.issue_totals(project uuid) returns public.issue_totals
language sql stable set search_path = ''
as $$
    select row(count(*) filter (where closed_at is null), count(closed_at),
               count(*) filter (where closed_at is null and due_on < current_date))::public.issue_totals
    from public.issues where project_id = project
$$;

create function public.search_issues(org uuid, words text, at_most integer default 20)
returns table (id uuid, title text, rank real)
language sql stable parallel safe cost 500 rows 20 set search_path = ''
as $$
    select i.id, i.title, ts_rank(i.search, q) from public.issues i
    join public.projects p on p.id = i.project_id, websearch_to_tsquery('english', words) q
    where p.organization_id = org and i.search @@ q order by 3 desc limit at_most
$$;

create function public.accept_invitation(given text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare found public.invitations;
begin
    select * into found from public.invitations i
    where i.token = given and i.state = 'sent' and i.expires_at > now() and i.email = auth.email()::extensions.citext;
    if not found then
        raise exception 'no such invitation' using errcode = 'P0002';
    end if;
    insert into public.memberships (organization_id, user_id, role) values (found.organization_id, auth.uid(), found.role);
    update public.invitations set state = 'accepted' where id = found.id;
    return found.organization_id;
end
$$;

create function public.move_issue(issue uuid, target public.issue_state, after_rank text default null) returns void
language sql set search_path = ''
as $$ update public.issues set state = target, rank = coalesce(after_rank, rank) || 'n' where id = issue $$;

create function public.create_organization(name text, slug public.slug) returns uuid
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_variable
declare made uuid;
begin
    insert into public.organizations (name, slug, created_by) values (name, slug, auth.uid()) returning id into made;
    insert into public.memberships (organization_id, user_id, role) values (made, auth.uid(), 'owner');
    return made;
end
$$;

revoke execute on function public.accept_invitation(text), public.create_organization(text, public.slug) from public, anon;
revoke execute on function public.search_issues(uuid, text, integer) from public, anon;
comment on function public.move_issue(uuid, public.issue_state, text) is 'drags a card';

-- ---------------------------------------------------------------------------------------------------------------
-- Row-level security
-- ---------------------------------------------------------------------------------------------------------------

do $$
declare t text;
begin
    for t in select quote_ident(relname) from pg_class
             where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('alter table public.%s enable row level security', t);
        execute format('revoke all on public.%s from anon', t);
        execute format('revoke truncate, references, trigger on public.%s from authenticated', t);
    end loop;
    -- What belongs to an organisation is read by its members and changed by its administrators.
    foreach t in array array['teams', 'labels', 'invitations', 'webhooks', 'integrations', 'api_keys', 'subscriptions'] loop
        execute format('create policy %I on public.%I for select to authenticated
                        using (app.is_member(organization_id))', t || '_read', t);
        execute format('create policy %I on public.%I to authenticated
                        using (app.has_role(organization_id, ''admin''))
                        with check (app.has_role(organization_id, ''admin''))', t || '_administer', t);
    end loop;
    -- What belongs to a project is for all who see it.
    foreach t in array array['milestones', 'custom_fields', 'boards', 'pages', 'issues'] loop
        execute format('create policy %I on public.%I to authenticated using (app.sees_project(project_id))',
                       t || '_project', t);
    end loop;
    foreach t in array array['issue_labels', 'checklists', 'comments', 'attachments', 'custom_values', 'issue_watchers'] loop
        execute format('create policy %I on public.%I for select to authenticated using (app.sees_issue(issue_id))',
                       t || '_read', t);
        execute format('create policy %I on public.%I for insert to authenticated with check (app.sees_issue(issue_id))',
                       t || '_add', t);
    end loop;
    -- One's own.
    foreach t in array array['notifications', 'notification_settings', 'time_entries', 'reactions', 'mentions'] loop
        execute format('create policy %I on public.%I to authenticated using (user_id = (select auth.uid()))', t || '_own', t);
    end loop;
end $$;

create policy profiles_read on public.profiles for select to authenticated using (true);
create policy profiles_update on public.profiles for update to authenticated
    using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy organizations_read on public.organizations for select to authenticated using (app.is_member(id));
create policy organizations_update on public.organizations for update to authenticated using (app.has_role(id, 'admin'));
create policy organizations_delete on public.organizations for delete to authenticated using (app.has_role(id, 'owner'));
create policy organizations_not_archived on public.organizations as restrictive for update to authenticated
    using (archived_at is null);
create policy memberships_read on public.memberships for select to authenticated using (app.is_member(organization_id));
create policy memberships_administer on public.memberships for update to authenticated
    using (app.has_role(organization_id, 'admin')) with check (role < 'owner' or app.has_role(organization_id, 'owner'));
create policy memberships_leave on public.memberships for delete to authenticated using (user_id = (select auth.uid()));
create policy team_members_read on public.team_members for select to authenticated
    using (app.is_member(app.team_organization(team_id)));
create policy cycles_team on public.cycles to authenticated using (app.is_member(app.team_organization(team_id)));
create policy projects_read on public.projects for select to authenticated using (app.sees_project(id));
create policy projects_write on public.projects for insert to authenticated
    with check (app.has_role(organization_id, 'member') and created_by = (select auth.uid()));
create policy projects_change on public.projects for update to authenticated
    using (app.has_role(organization_id, 'member')) with check (app.has_role(organization_id, 'member'));
create policy comments_edit on public.comments for update to authenticated using (author_id = (select auth.uid()));
create policy comments_remove on public.comments for delete to authenticated using (author_id = (select auth.uid()));
create policy issue_links_both on public.issue_links to authenticated
    using (app.sees_issue(from_id) and app.sees_issue(to_id));
create policy filters_own on public.saved_filters to authenticated using (owner_id = (select auth.uid()));
create policy filters_shared on public.saved_filters for select to authenticated
    using (shared and app.is_member(organization_id));
create policy invoices_read on public.invoices for select to authenticated using (app.has_role(organization_id, 'owner'));
create policy usage_read on public.usage_daily for select to authenticated using (app.has_role(organization_id, 'admin'));
create policy flags_read on public.feature_flags for select to anon, authenticated using (everyone or (select auth.uid()) = any (enabled_for));
alter table public.api_keys force row level security;
alter table public.invoices force row level security;

-- What the API may do besides.
grant select (name, everyone) on public.feature_flags to anon;
revoke insert, update, delete on public.invoices, public.usage_daily, public.subscriptions from authenticated;
revoke select on public.api_keys from authenticated;
grant select (id, organization_id, name, prefix, scopes, revoked_at) on public.api_keys to authenticated;
revoke all on public.my_issues, public.overdue, public.open_labels from anon;
alter default privileges in schema public revoke all on functions from anon;
alter default privileges in schema app grant execute on functions to service_role;

-- Files
create policy attachments_read on storage.objects for select to authenticated
    using (bucket_id = 'attachments' and app.sees_project(((storage.foldername(name))[1])::uuid));
create policy attachments_upload on storage.objects for insert to authenticated
    with check (bucket_id = 'attachments' and app.sees_project(((storage.foldername(name))[1])::uuid)
                and owner = (select auth.uid()));
create policy avatars_read on storage.objects for select using (bucket_id = 'avatars');
create policy avatars_own on storage.objects for update to authenticated
    using (bucket_id = 'avatars' and owner = (select auth.uid()));

-- Live
alter publication supabase_realtime add table public.issues, public.comments, public.reactions, public.notifications;
alter table public.notifications replica identity full;
create statistics public.issues_project_state (dependencies, ndistinct) on project_id, state from public.issues;
alter table public.issues alter column state set statistics 500;
