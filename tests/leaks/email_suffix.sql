-- title: A company's wiki for everybody with its address
-- class: email domain compared by its end
-- leak: public.wiki_pages select authenticated
-- tenant: wiki_pages.company_id
-- because: what follows the @ is compared whole, so evilexample.org is not example.org

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table companies (
    id integer generated always as identity primary key,
    domain text not null unique check (domain ~ '^[a-z0-9-]+(\.[a-z]{2,})+$')
);
create table wiki_pages (
    id bigint generated always as identity primary key,
    company_id integer not null references companies on delete cascade,
    title text not null,
    body text not null,
    unique (company_id, title)
);
alter table companies enable row level security;
alter table wiki_pages enable row level security;
create policy mine on companies for select to authenticated
-- leaky:
    using (auth.jwt() ->> 'email' like '%' || domain);
-- safe:
    using (split_part(auth.jwt() ->> 'email', '@', 2) = domain);
-- both:
create policy mine on wiki_pages for select to authenticated using (company_id in (select c.id from companies c));

-- attack: register a domain that ends alike
insert into companies overriding system value values (1, 'example.org');
insert into wiki_pages (company_id, title, body) values (1, 'Passwords', 'canary');
-- as: authenticated A {"email": "a@evilexample.org"}
select count(*) from wiki_pages where body = 'canary';
-- control:
-- as: authenticated B
select count(*) from wiki_pages where body = 'canary';
