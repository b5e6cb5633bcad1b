-- A content system: trees, a cycle between two tables, slugs, translations, versions, ltree, xml.
create schema cms;
set search_path = cms, public;
create extension if not exists ltree with schema public;
create extension if not exists hstore with schema public;

create table authors (
    id serial primary key,
    handle varchar(15) not null unique check (handle ~ '^@[a-zA-Z0-9_]{1,14}$'),
    bio text,
    links public.hstore not null default ''
);
create table sections (
    path public.ltree primary key,
    title text not null,
    parent public.ltree references sections deferrable initially deferred
);
create table pages (
    id bigserial primary key,
    section public.ltree not null references sections,
    slug text not null,
    current_version_id bigint,
    template text not null default 'default' check (template in ('default', 'landing', 'article')),
    hero_image text,
    sort real not null default 0,
    publish tstzrange,
    unique (section, slug),
    check (slug !~ '[^a-z0-9-]' and slug !~ '^-' and slug !~ '-$' and slug <> ''),
    check (template <> 'landing' or hero_image is not null)
);
create table versions (
    id bigserial primary key,
    page_id bigint not null references pages on delete cascade,
    number int not null check (number >= 1),
    author_id int not null references authors,
    body jsonb not null check (body -> 'blocks' is not null and jsonb_typeof(body -> 'blocks') = 'array'),
    checksum text not null check (checksum ~ '^[a-f0-9]{64}$'),
    previous_id bigint references versions,
    unique (page_id, number)
);
alter table pages add foreign key (current_version_id) references versions deferrable initially deferred;
create table translations (
    version_id bigint references versions,
    locale text check (locale ~ '^(de|fr|es|it)$'),
    title text not null check (octet_length(title) <= 255),
    machine boolean not null,
    reviewed_by int references authors,
    check (not machine or reviewed_by is null),
    primary key (version_id, locale)
);
create table redirects (
    id int primary key,
    source text not null unique check (source like '/%' and source not like '% %'),
    target text not null check (target like '/%' or target like 'https://%'),
    code int not null default 301 check (code in (301, 302, 307, 308)),
    check (source <> target)
);
create table media (
    id uuid primary key,
    mime text not null check (mime ~ '^(image|video|audio)/[a-z0-9.+-]+$'),
    bytes bigint not null check (bytes > 0 and bytes < 5368709120),
    width int, height int, duration interval,
    check ((mime like 'image/%' and width is not null and height is not null) or (mime like 'video/%' and duration is not null) or mime like 'audio/%'),
    exif jsonb,
    hash bit(64) not null,
    palette text[] check (array_length(palette, 1) between 1 and 5)
);
create table menus (
    id int primary key,
    parent_id int references menus,
    page_id bigint references pages,
    url text,
    label text not null check (label = btrim(label) and label <> ''),
    depth int not null check (depth between 0 and 3),
    constraint one_target check (num_nonnulls(page_id, url) <= 1),
    constraint root check ((depth = 0) = (parent_id is null))
);
create table tags (
    name text primary key check (name = lower(name)),
    synonym_of text references tags check (synonym_of <> name)
);
create table page_tags (
    page_id bigint references pages,
    tag text references tags,
    weight double precision not null default 1 check (weight > 0 and weight <= 1),
    primary key (page_id, tag)
);
