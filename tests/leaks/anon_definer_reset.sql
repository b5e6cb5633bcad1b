-- title: survey answers, withdrawn by a code
-- class: definer function callable by everybody
-- leak: public.answer delete anon via function withdraw
-- leak: public.answer delete authenticated via function withdraw
-- owner: answer.respondent
-- because: the twin's function deletes the caller's answers only
-- platform: none
create schema if not exists auth;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
end $$;
create or replace function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant usage on schema auth to anon, authenticated;
create table answer (
  survey text not null,
  respondent uuid not null,
  reply jsonb not null,
  primary key (survey, respondent)
);
alter table answer enable row level security;
create policy own on answer for select to authenticated using (respondent = auth.uid());
create policy add on answer for insert to authenticated with check (respondent = auth.uid());
create function withdraw(p_survey text, p_person uuid) returns int language plpgsql security definer set search_path = public as $$
declare n int;
begin
  delete from answer where survey = p_survey and respondent = p_person
-- leaky:
  ;
-- safe:
  and p_person = auth.uid();
-- both:
  get diagnostics n = row_count;
  return n;
end $$;
grant usage on schema public to anon, authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;
grant usage on all sequences in schema public to authenticated;
-- attack: B withdraws A's answer
insert into answer values ('s1', :A, '{}');
-- as: authenticated B
select withdraw('s1', :A);
-- control:
-- as: authenticated A
select withdraw('s1', :A);
