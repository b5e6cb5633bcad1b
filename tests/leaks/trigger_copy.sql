-- title: A search index that repeats private texts
-- class: trigger that copies data to a readable table
-- leak: public.search_index select anon
-- leak: public.search_index select authenticated
-- owner: posts.author_id
-- because: only published posts are copied, and what is unpublished leaves the index

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table posts (
    id bigint generated always as identity primary key,
    author_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null check (length(title) between 3 and 90),
    body text not null,
    published boolean not null default false
);
create table search_index (
    post_id bigint primary key references posts on delete cascade,
    excerpt text not null,
    words tsvector generated always as (to_tsvector('simple', excerpt)) stored
);
create function index_post() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    delete from public.search_index where post_id = new.id;
-- leaky:
    insert into public.search_index (post_id, excerpt) values (new.id, left(new.title || ': ' || new.body, 200));
-- safe:
    insert into public.search_index (post_id, excerpt)
    select new.id, left(new.title || ': ' || new.body, 200) where new.published;
-- both:
    return null;
end
$$;
create trigger index_post after insert or update on posts for each row execute function index_post();
alter table posts enable row level security;
alter table search_index enable row level security;
create policy own on posts to authenticated using (author_id = auth.uid());
create policy published on posts for select using (published);
create policy search on search_index for select using (true);

-- attack: search in drafts
insert into posts (author_id, title, body) values (:B, 'Draft', 'canary');
-- as: anon
select count(*) from search_index where excerpt like '%canary%';
-- control:
-- as: authenticated B
select count(*) from posts where body = 'canary';
