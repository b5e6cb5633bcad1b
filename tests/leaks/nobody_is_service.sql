-- title: Whoever has no name must be the server
-- class: a missing user taken for the service
-- leak: public.webhooks select anon
-- leak: public.webhooks update anon
-- owner: webhooks.user_id
-- because: the service is known by its role, not by the absence of a user

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table webhooks (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null default auth.uid(),
    url text not null check (url ~ '^https://[a-z0-9.-]+/'),
    secret text not null check (octet_length(secret) >= 24),
    events text[] not null check (events <@ array['created', 'updated', 'deleted'] and cardinality(events) > 0)
);
alter table webhooks enable row level security;
create policy own_or_service on webhooks using (
    user_id = auth.uid()
-- leaky:
    or auth.uid() is null);
-- safe:
    or current_user = 'service_role');
-- both:

-- attack: do not sign in
insert into webhooks (user_id, url, secret, events) values (:B, 'https://canary.example/', repeat('s', 24), '{created}');
-- as: anon
select count(*) from webhooks;
-- control:
-- as: authenticated B
select count(*) from webhooks;
