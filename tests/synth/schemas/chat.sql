-- Chat: conversations of two that are ordered pairs, messages with threads, reactions, attachments, presence.
create schema chat;
set search_path = chat, public;

create domain username as text check (value ~ '^[a-z][a-z0-9_]{2,19}$' and value not in ('admin', 'root'));
create type presence as enum ('online', 'away', 'busy', 'offline');
create table people (
    id uuid primary key default gen_random_uuid(),
    username username not null unique,
    presence presence not null default 'offline',
    status_text text check (char_length(status_text) <= 80),
    last_seen timestamptz not null default now() check (last_seen <= now() + interval '1 minute'),
    avatar_color text not null default '#000000' check (avatar_color ~* '^#[0-9a-f]{6}$')
);
create table friendships (
    one uuid not null references people on delete cascade,
    two uuid not null references people on delete cascade,
    since date not null default current_date,
    primary key (one, two),
    check (one < two)
);
create table blocks (
    blocker uuid not null references people,
    blocked uuid not null references people,
    primary key (blocker, blocked),
    constraint not_oneself check (blocker <> blocked)
);
create table conversations (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('direct', 'group', 'channel')),
    name text,
    owner_id uuid references people,
    direct_pair uuid[] unique,
    check (case kind
        when 'direct' then name is null and owner_id is null and array_length(direct_pair, 1) = 2
        else name is not null and owner_id is not null and direct_pair is null end)
);
create table participants (
    conversation_id bigint references conversations on delete cascade,
    person_id uuid references people,
    muted_until timestamptz,
    last_read bigint,
    notifications text not null default 'all' check (notifications in ('all', 'mentions', 'none')),
    primary key (conversation_id, person_id)
);
create table messages (
    conversation_id bigint not null,
    id bigint not null,
    sender_id uuid not null,
    thread_id bigint,
    kind text not null default 'text' check (kind in ('text', 'image', 'system')),
    body text,
    payload jsonb,
    sent_at timestamptz not null default clock_timestamp(),
    edited_at timestamptz,
    deleted_at timestamptz,
    primary key (conversation_id, id),
    foreign key (conversation_id, sender_id) references participants (conversation_id, person_id),
    foreign key (conversation_id, thread_id) references messages (conversation_id, id),
    check (deleted_at is not null or coalesce(body, payload::text) is not null),
    check (kind <> 'text' or body is not null),
    check (kind <> 'image' or (payload ->> 'width')::int > 0),
    check (edited_at >= sent_at and deleted_at >= sent_at)
);
create table reactions (
    conversation_id bigint not null, message_id bigint not null,
    person_id uuid not null references people,
    emoji text not null check (char_length(emoji) between 1 and 8),
    primary key (conversation_id, message_id, person_id, emoji),
    foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade
);
create table attachments (
    id uuid primary key,
    conversation_id bigint not null, message_id bigint not null,
    file_name text not null check (file_name ~ '\.(png|jpe?g|pdf|zip)$'),
    mime text not null, size int not null check (size between 1 and 26214400),
    sha256 bytea not null unique check (octet_length(sha256) = 32),
    foreign key (conversation_id, message_id) references messages (conversation_id, id)
);
create table devices (
    id uuid primary key,
    person_id uuid not null references people,
    platform text not null check (platform in ('ios', 'android', 'web')),
    push_token text,
    mac macaddr, address cidr,
    check ((platform = 'web') = (push_token is null))
);
create function touch() returns trigger language plpgsql as $$
begin
    update chat.participants set last_read = new.id where conversation_id = new.conversation_id and person_id = new.sender_id;
    perform pg_notify('chat', new.id::text);
    return new;
end $$;
create trigger touch after insert on messages for each row execute function touch();
