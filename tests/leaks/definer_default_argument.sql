-- title: A default that the caller need not leave alone
-- class: default argument of a security definer function
-- leak: public.api_keys select authenticated via public.my_api_keys(uuid)
-- owner: api_keys.holder
-- because: the function takes no notice of its argument unless it is the caller

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table api_keys (
    id uuid primary key default gen_random_uuid(),
    holder uuid not null references auth.users on delete cascade,
    label text not null,
    secret text not null default md5(random()::text) unique check (length(secret) >= 16),
    created_on date not null,
    revoked_on date,
    check (revoked_on >= created_on)
);
alter table api_keys enable row level security;
create function my_api_keys(who uuid default auth.uid()) returns table (label text, secret text)
language sql stable security definer set search_path = ''
as $$
    select k.label, k.secret from public.api_keys k
-- leaky:
    where k.holder = who and k.revoked_on is null
-- safe:
    where k.holder = who and k.holder = auth.uid() and k.revoked_on is null
-- both:
$$;

-- attack: give the argument that is never given
insert into api_keys (holder, label, created_on) values (:B, 'canary', '2026-01-01');
-- as: authenticated A
select count(*) from my_api_keys(:B);
-- control:
-- as: authenticated B
select count(*) from my_api_keys();
