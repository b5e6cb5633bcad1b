-- title: company wikis, joined by the domain of one's address
-- class: email suffix
-- leak: public.wiki_page select authenticated
-- tenant: wiki_page.domain
-- because: the twin compares the whole domain
create table wiki_page (
  domain text not null check (domain ~ '^[a-z0-9-]+\.[a-z]{2,}$'),
  path text not null,
  body text not null default '',
  primary key (domain, path)
);
alter table wiki_page enable row level security;
create policy d on wiki_page for select to authenticated
-- leaky:
  using (right(auth.jwt() ->> 'email', length(domain)) = domain);
-- safe:
  using (split_part(auth.jwt() ->> 'email', '@', 2) = domain);
-- attack: someone at notacme.com reads acme.com
insert into wiki_page values ('acme.com', '/', 'x');
-- as: authenticated B {"email": "b@notacme.com"}
select count(*) from wiki_page;
-- control:
-- as: authenticated A {"email": "a@acme.com"}
select count(*) from wiki_page;
