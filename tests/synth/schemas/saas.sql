-- A product for many tenants: composite foreign keys that carry the tenant, memberships, invitations, audit by trigger.
create schema app;
create extension if not exists citext;

create table app.tenants (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{2,31}$'),
    plan text not null default 'free' check (plan in ('free', 'team', 'enterprise')),
    seats int not null default 3 check (seats > 0),
    trial_ends_at timestamptz,
    settings jsonb not null default '{}',
    check (plan <> 'free' or seats <= 5),
    check (plan = 'free' or trial_ends_at is null)
);
create table app.users (
    id uuid primary key default gen_random_uuid(),
    email citext not null unique check (position('@' in email) > 1),
    display_name text not null check (btrim(display_name) <> ''),
    locale text not null default 'en' check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    timezone text not null default 'UTC',
    last_seen_ip inet
);
create table app.memberships (
    tenant_id uuid not null references app.tenants on delete cascade,
    user_id uuid not null references app.users on delete cascade,
    role text not null default 'member' check (role = any ('{owner,admin,member,guest}'::text[])),
    invited_by uuid references app.users,
    joined_at timestamptz not null default now(),
    primary key (tenant_id, user_id)
);
create unique index one_owner on app.memberships (tenant_id) where role = 'owner';
create table app.invitations (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references app.tenants,
    email citext not null,
    token text not null unique check (length(token) = 40 and token ~ '^[0-9a-f]+$'),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    check (not (accepted_at is not null and revoked_at is not null)),
    check (accepted_at is null or accepted_at <= expires_at)
);
create unique index open_invitation on app.invitations (tenant_id, lower(email::text)) where accepted_at is null;
create table app.projects (
    tenant_id uuid not null references app.tenants,
    id bigint generated always as identity,
    key varchar(10) not null check (key ~ '^[A-Z][A-Z0-9]+$'),
    name text not null,
    lead_id uuid,
    archived boolean not null default false,
    archived_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, key),
    foreign key (tenant_id, lead_id) references app.memberships (tenant_id, user_id),
    check (archived = (archived_at is not null))
);
create table app.tasks (
    tenant_id uuid not null,
    project_id bigint not null,
    id bigint generated always as identity,
    number int not null check (number > 0),
    title text not null check (char_length(title) between 1 and 200),
    parent_id bigint,
    assignee_id uuid,
    state text not null default 'todo',
    estimate interval check (estimate > interval '0' and estimate <= interval '30 days'),
    labels text[] not null default '{}' check (labels <@ array['bug', 'feature', 'chore']),
    due date,
    started_at timestamptz,
    done_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, project_id, number),
    foreign key (tenant_id, project_id) references app.projects (tenant_id, id) on delete cascade,
    foreign key (tenant_id, parent_id) references app.tasks (tenant_id, id),
    foreign key (tenant_id, assignee_id) references app.memberships (tenant_id, user_id),
    check (parent_id is distinct from id),
    check (state in ('todo', 'doing', 'done')),
    check (state <> 'done' or done_at is not null),
    check (done_at > started_at),
    check (done_at is null or started_at is not null)
);
create table app.comments (
    tenant_id uuid not null,
    task_id bigint not null,
    id uuid primary key default gen_random_uuid(),
    author_id uuid not null,
    body text not null check (body !~ '^\s*$'),
    mentions uuid[] not null default '{}',
    edited_at timestamptz,
    foreign key (tenant_id, task_id) references app.tasks (tenant_id, id),
    foreign key (tenant_id, author_id) references app.memberships (tenant_id, user_id)
);
create table app.api_keys (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references app.tenants,
    prefix char(8) not null check (prefix ~ '^pk_[a-z0-9]{5}$'),
    hash bytea not null check (length(hash) = 32),
    scopes text[] not null check (array_length(scopes, 1) >= 1 and scopes <@ '{read,write,admin}'),
    expires_at timestamptz check (expires_at > now())
);
create table app.subscriptions (
    tenant_id uuid primary key references app.tenants,
    status text not null check (status in ('trialing', 'active', 'past_due', 'canceled')),
    period tstzrange not null check (not isempty(period) and lower(period) is not null),
    quantity int not null,
    unit_amount int not null,
    amount int not null,
    canceled_at timestamptz,
    check (amount = quantity * unit_amount and quantity > 0 and unit_amount >= 0),
    check ((status = 'canceled') = (canceled_at is not null))
);
create table app.audit_log (
    id bigserial primary key,
    tenant_id uuid,
    table_name text not null,
    action text not null check (action in ('INSERT', 'UPDATE', 'DELETE')),
    old_row jsonb,
    new_row jsonb,
    at timestamptz not null default now(),
    check (case action when 'INSERT' then old_row is null when 'DELETE' then new_row is null else true end),
    check (coalesce(old_row, new_row) is not null)
);
create function app.audit() returns trigger language plpgsql as $$
begin
    insert into app.audit_log (tenant_id, table_name, action, new_row) values (new.tenant_id, tg_table_name, 'INSERT', to_jsonb(new));
    return new;
end $$;
create trigger audit after insert on app.projects for each row execute function app.audit();
create table app.webhooks (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references app.tenants,
    url text not null check (url ~* '^https?://[a-z0-9.-]+(:[0-9]{1,5})?(/.*)?$'),
    events text[] not null check (cardinality(events) > 0 and 'ping' = any (events)),
    secret text not null check (length(secret) >= 16),
    retries smallint not null default 3 check (retries between 0 and 10),
    headers jsonb check (headers is null or jsonb_typeof(headers) = 'array' and jsonb_array_length(headers) <= 3)
);
