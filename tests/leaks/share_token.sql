-- title: Forms behind a secret link, secret no more
-- class: share link whose token is not compared
-- leak: public.forms select anon
-- owner: forms.owner_id
-- because: the row's token must equal the one in the request's header, and must not have expired

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table forms (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null,
    link_token text unique check (length(link_token) >= 32),
    link_expires timestamptz,
    check ((link_token is null) = (link_expires is null))
);
alter table forms enable row level security;
create policy own on forms to authenticated using (owner_id = auth.uid()) with check (owner_id = auth.uid());
create policy by_link on forms for select to anon, authenticated using (link_expires > now()
-- leaky:
    and link_token is not null);
-- safe:
    and link_token = nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-link-token');
-- both:

-- attack: come without the link
insert into forms (owner_id, title, link_token, link_expires) values (:B, 'canary', repeat('s', 40), now() + interval '1 day');
-- as: anon
select count(*) from forms;
-- control:
-- as: anon request.headers={"x-link-token":"ssssssssssssssssssssssssssssssssssssssss"}
select count(*) from forms where title = 'canary';
