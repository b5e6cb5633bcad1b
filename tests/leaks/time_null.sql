-- title: Drafts that count as published because they have no date
-- class: time condition with NULL
-- leak: public.articles select anon
-- leak: public.articles select authenticated
-- owner: articles.author_id
-- because: a draft has no date, and NULL <= now() is not true

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table articles (
    id uuid primary key default gen_random_uuid(),
    author_id uuid not null default auth.uid() references auth.users on delete cascade,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    body text not null check (length(body) >= 20),
    published_at timestamptz
);
create table article_views (
    article_id uuid not null references articles on delete cascade,
    day date not null,
    views integer not null default 0 check (views >= 0),
    primary key (article_id, day)
);
alter table articles enable row level security;
alter table article_views enable row level security;
create policy own on articles to authenticated using (author_id = auth.uid()) with check (author_id = auth.uid());
create policy own on article_views for select to authenticated
    using (exists (select from articles a where a.id = article_id and a.author_id = auth.uid()));
create policy published on articles for select
-- leaky:
    using (coalesce(published_at, now()) <= now());
-- safe:
    using (published_at <= now());
-- both:

-- attack: read a draft
insert into articles (author_id, slug, body) values (:B, 'canary', 'a draft of twenty characters');
-- as: anon
select count(*) from articles where slug = 'canary';
-- control:
-- as: authenticated B
select count(*) from articles where slug = 'canary';
