create schema auth;
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create extension pg_trgm schema public;
create schema app;
create type app.status as enum ('draft', 'open', 'done');
create domain app.email as text check (value like '%@%');
create function app.is_member(org uuid) returns boolean language sql stable as 'select false';
create table app.members (org uuid, user_id uuid, role text);
create table app.docs (
    id bigint primary key,
    org uuid,
    user_id uuid,
    title varchar(80),
    body text,
    status app.status default 'draft',
    price numeric(10, 2),
    score float8,
    at timestamptz,
    day date,
    tags text[],
    data jsonb,
    code char(3),
    "Odd Col" int,
    mail app.email
);
create table app.body (id int, body text, n int);
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create table app."Weird ""name"" <script>" (id int, owner uuid);
