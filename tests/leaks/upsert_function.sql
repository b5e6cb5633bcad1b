-- title: A site's address claimed from its owner
-- class: upsert in a security definer function
-- leak: public.sites update authenticated via public.claim_site(text,text)
-- owner: sites.owner_id
-- because: on conflict nothing happens unless the row is the caller's

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table sites (
    subdomain text primary key check (subdomain ~ '^[a-z][a-z0-9-]{2,30}$'),
    owner_id uuid not null,
    headline text not null check (length(headline) between 1 and 120),
    claimed_on date not null default current_date
);
alter table sites enable row level security;
create policy own on sites for select to authenticated using (owner_id = auth.uid());
create function claim_site(subdomain text, headline text) returns void
language sql security definer set search_path = ''
as $$
    insert into public.sites (subdomain, headline, owner_id) values ($1, $2, auth.uid())
    on conflict (subdomain) do update set headline = excluded.headline, owner_id = excluded.owner_id
-- leaky:
-- safe:
    where sites.owner_id = auth.uid()
-- both:
$$;

-- attack: claim an address that is taken; it stands in every browser's address bar
insert into sites values ('canary', :B, 'Bee');
-- as: authenticated A
select claim_site('canary', 'mine');
-- as: superuser
select count(*) from sites where owner_id = :A;
-- control:
-- as: authenticated B
select claim_site('canary', 'Still mine');
select count(*) from sites where headline = 'Still mine';
