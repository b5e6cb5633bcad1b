-- title: A procedure that archives any project
-- class: security definer procedure that deletes
-- leak: public.project_files delete authenticated via public.archive_project(bigint)
-- owner: projects.lead_id
-- because: the procedure raises unless the caller leads the project

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table projects (
    id bigint generated always as identity primary key,
    lead_id uuid not null default auth.uid(),
    code text not null unique check (code ~ '^P-[0-9]{3,5}$'),
    archived_on date
);
create table project_files (
    project_id bigint not null references projects,
    name text not null,
    bytes bytea not null,
    primary key (project_id, name)
);
alter table projects enable row level security;
alter table project_files enable row level security;
create policy own on projects for select to authenticated using (lead_id = auth.uid());
create policy own on project_files for select to authenticated using (project_id in (select p.id from projects p));
create procedure archive_project(project bigint) language plpgsql security definer set search_path = '' as $$
begin
-- leaky:
    perform from public.projects p where p.id = project and archived_on is null;
-- safe:
    perform from public.projects p where p.id = project and archived_on is null and p.lead_id = auth.uid();
-- both:
    if not found then
        raise exception 'no such project';
    end if;
    delete from public.project_files f where f.project_id = project;
    update public.projects p set archived_on = current_date where p.id = project;
end
$$;

-- attack: archive another's
insert into projects overriding system value values (8, :B, 'P-008');
insert into project_files values (8, 'canary', 'x');
-- as: authenticated A
call archive_project(8);
-- as: superuser
select 1 - count(*) from project_files;
-- control:
-- as: authenticated B
call archive_project(8);
select count(*) from projects where archived_on is not null;
