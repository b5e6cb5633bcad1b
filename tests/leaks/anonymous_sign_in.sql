-- title: Guests' baskets, seen by every guest
-- class: anonymous sign-ins counted as authenticated
-- leak: public.baskets select authenticated
-- leak: public.baskets delete authenticated
-- owner: baskets.user_id
-- public: articles
-- because: a guest is compared by his id as everybody is

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table articles (id integer primary key check (id > 0), name text not null);
create table baskets (
    id bigint generated always as identity primary key,
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    article_id integer not null references articles,
    quantity smallint not null check (quantity between 1 and 20),
    gift_for text,
    unique (user_id, article_id)
);
alter table articles enable row level security;
alter table baskets enable row level security;
create policy catalogue on articles for select using (true);
create policy own on baskets to authenticated using (user_id = auth.uid());
create policy guests on baskets to authenticated
-- leaky:
    using (coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false));
-- safe:
    using (coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false) and user_id = auth.uid());
-- both:

-- attack: sign in without an account
insert into articles values (1, 'Lamp');
insert into baskets (user_id, article_id, quantity, gift_for) values (:B, 1, 1, 'canary');
-- as: authenticated A {"is_anonymous": true}
select count(*) from baskets;
-- control:
-- as: authenticated B
select count(*) from baskets;
