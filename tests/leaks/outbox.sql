-- title: A channel of changes that everybody may follow
-- class: outbox filled by a trigger
-- leak: public.change_feed select authenticated
-- owner: trades.trader_id
-- because: a user follows only the topic that bears his id

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table trades (
    id uuid primary key default gen_random_uuid(),
    trader_id uuid not null default auth.uid() references auth.users on delete cascade,
    symbol text not null check (symbol ~ '^[A-Z]{1,5}$'),
    shares integer not null check (shares <> 0),
    traded_on date not null
);
create table change_feed (
    id bigint generated always as identity primary key,
    topic text not null check (topic ~ '^user:'),
    payload jsonb not null,
    inserted_at timestamptz not null default now()
);
create function feed() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    insert into public.change_feed (topic, payload) values ('user:' || new.trader_id, to_jsonb(new));
    return new;
end
$$;
create trigger feed after insert or update on trades for each row execute function feed();
alter publication supabase_realtime add table change_feed;
alter table trades enable row level security;
alter table change_feed enable row level security;
create policy own on trades to authenticated using (trader_id = auth.uid());
create policy follow on change_feed for select to authenticated
-- leaky:
    using (topic like 'user:%');
-- safe:
    using (topic = 'user:' || auth.uid());
-- both:

-- attack: follow all topics
insert into trades (trader_id, symbol, shares, traded_on) values (:B, 'CNRY', 100, '2026-01-01');
-- as: authenticated A
select count(*) from change_feed where payload ->> 'symbol' = 'CNRY';
-- control:
-- as: authenticated B
select count(*) from change_feed where payload ->> 'symbol' = 'CNRY';
