create function set_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at = now();
    return new;
end $$;

create table employees (
    id uuid primary key default gen_random_uuid(),
    email text not null unique,
    updated_at timestamptz not null default now()
);
create table projects (
    id uuid primary key default gen_random_uuid(),
    owner uuid not null default auth.uid(),
    title text not null,
    updated_at timestamptz not null default now()
);
create trigger keeps_updated_at before update on employees for each row execute function set_updated_at();
create trigger keeps_updated_at before update on projects for each row execute function set_updated_at();
insert into employees (email) values ('ann@acme.example'), ('Bob@ACME.example');

create function create_project(title text) returns void language plpgsql security definer set search_path = '' as $$
begin
    if (select count(*) from public.projects where owner = auth.uid()) >= 3 then
        raise exception 'the free plan has three projects';
    end if;
    insert into public.projects (title) values (create_project.title);
end $$;
