-- title: bookmarks; the user is a setting
-- class: comparison with oneself
-- leak: public.bookmark select mark_app
-- leak: public.bookmark delete mark_app
-- owner: bookmark.user_no
-- because: the twin compares with the setting
-- platform: none
do $$ begin
  if not exists (select from pg_roles where rolname = 'mark_app') then create role mark_app login; end if;
end $$;
grant usage on schema public to mark_app;
create table member (user_no int generated always as identity primary key, mail text not null unique);
create table bookmark (
  user_no int not null references member,
  url text not null check (url ~ '^https?://[a-z0-9.-]+'),
  tags text[] not null default '{}',
  primary key (user_no, url)
);
insert into member (mail) values ('x@example.com'), ('y@example.com');
insert into bookmark values (1, 'https://one.example', '{a}'), (2, 'https://two.example', '{}');
alter table bookmark enable row level security;
create function me() returns int language sql stable as $$ select nullif(current_setting('app.current_user_id', true), '')::int $$;
create policy b on bookmark
-- leaky:
  using (user_no = coalesce(user_no, me()));
-- safe:
  using (user_no = me());
-- both:
grant select, insert, update, delete on bookmark to mark_app;
-- attack: user 2 reads user 1
-- as: mark_app app.current_user_id=2
select count(*) from bookmark where user_no = 1;
-- control:
-- as: mark_app app.current_user_id=1
select count(*) from bookmark where user_no = 1;
