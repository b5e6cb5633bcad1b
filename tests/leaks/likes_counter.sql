-- title: Likes that count on another's post, as they should
-- class: USING (true) for delete beside a counter kept by a trigger
-- leak: public.likes delete authenticated
-- owner: posts.author_id
-- owner: likes.user_id
-- because: one takes back one's own likes; that a like on a published post changes its counter is meant to be

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table posts (
    id bigint generated always as identity primary key,
    author_id uuid not null default auth.uid(),
    body text not null check (char_length(body) between 1 and 280),
    is_published boolean not null default false,
    likes_count integer not null default 0 check (likes_count >= 0)
);
create table likes (
    post_id bigint not null references posts on delete cascade,
    user_id uuid not null default auth.uid(),
    mood text,
    primary key (post_id, user_id)
);
create function count_likes() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    if tg_op = 'INSERT' then
        update public.posts set likes_count = likes_count + 1 where id = new.post_id;
    else
        update public.posts set likes_count = likes_count - 1 where id = old.post_id;
    end if;
    return null;
end
$$;
create trigger count_likes after insert or delete on likes for each row execute function count_likes();
alter table posts enable row level security;
alter table likes enable row level security;
create policy published on posts for select using (is_published or author_id = auth.uid());
create policy write on posts for insert to authenticated with check (author_id = auth.uid() and likes_count = 0);
create policy own on likes for select to authenticated using (user_id = auth.uid());
create policy give on likes for insert to authenticated
    with check (user_id = auth.uid() and post_id in (select p.id from posts p where p.is_published));
-- leaky:
create policy take_back on likes for delete to authenticated using (true);
-- safe:
create policy take_back on likes for delete to authenticated using (user_id = auth.uid());
-- both:

-- attack: take back everybody's likes
insert into posts overriding system value values (1, :A, 'Hello', true);
insert into likes values (1, :B);
-- as: authenticated A
delete from likes;
-- as: superuser
select 1 - count(*) from likes;
-- control:
-- as: authenticated A
insert into likes (post_id) values (1);
delete from likes where user_id = auth.uid();
select count(*) from posts where likes_count = 1;
