-- title: Reviews that are handed to somebody else
-- class: WITH CHECK (true) beside a narrow USING
-- leak: public.reviews update authenticated
-- owner: reviews.author_id
-- public: products
-- because: without WITH CHECK an update falls back to USING, which asks for the author

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table products (id integer primary key, name text not null unique);
create table reviews (
    id uuid primary key default gen_random_uuid(),
    product_id integer not null references products,
    author_id uuid not null references auth.users on delete cascade,
    stars smallint not null check (stars between 1 and 5),
    body text not null check (length(body) between 3 and 2000),
    published boolean not null default false,
    unique (product_id, author_id)
);
alter table products enable row level security;
alter table reviews enable row level security;
create policy catalogue on products for select using (true);
create policy published on reviews for select using (published or author_id = auth.uid());
create policy write on reviews for insert to authenticated with check (author_id = auth.uid());
create policy withdraw on reviews for delete to authenticated using (author_id = auth.uid());
-- leaky:
create policy edit on reviews for update to authenticated using (author_id = auth.uid()) with check (true);
-- safe:
create policy edit on reviews for update to authenticated using (author_id = auth.uid());
-- both:

-- attack: put one's own libel under another's name
insert into products values (1, 'Kettle');
insert into reviews (product_id, author_id, stars, body, published) values (1, :A, 1, 'libel', true);
-- as: authenticated A
update reviews set author_id = :B;
-- as: superuser
select count(*) from reviews where author_id = :B;
-- control:
-- as: authenticated A
update reviews set stars = 2;
select count(*) from reviews where stars = 2;
