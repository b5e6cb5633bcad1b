-- title: A view for writing that forgets what it filters
-- class: updatable view without CHECK OPTION
-- leak: public.preferences insert authenticated via public.my_preferences
-- leak: public.preferences update authenticated via public.my_preferences
-- owner: preferences.user_id
-- because: WITH CHECK OPTION refuses rows that the view would not show

alter default privileges in schema public revoke all on tables from anon, authenticated;
create table preferences (
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    key text not null check (key ~ '^[a-z]+(_[a-z]+)*$'),
    value jsonb not null,
    primary key (user_id, key)
);
alter table preferences enable row level security;
create view my_preferences as
    select p.user_id, p.key, p.value from preferences p where p.user_id = auth.uid()
-- leaky:
    ;
-- safe:
    with check option;
-- both:
grant select, insert, update, delete on my_preferences to authenticated;

-- attack: insert for another
-- as: authenticated A
insert into my_preferences values (:B, 'forward_mail_to', '"a@example.com"');
-- as: superuser
select count(*) from preferences where user_id = :B;
-- control:
-- as: authenticated B
insert into my_preferences (key, value) values ('theme', '"dark"');
select count(*) from my_preferences;
