-- title: A filter that is glued into a statement
-- class: security definer function open to injection
-- leak: public.recipes select authenticated via public.find_recipes(text)
-- owner: recipes.cook_id
-- because: the search text is bound as a parameter, so it cannot end the string

alter default privileges in schema public revoke truncate, references, trigger on tables from anon, authenticated;
create table recipes (
    id uuid primary key default gen_random_uuid(),
    cook_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null check (length(title) between 2 and 100),
    secret_ingredient text not null,
    minutes integer not null check (minutes between 1 and 1440)
);
alter table recipes enable row level security;
create policy own on recipes to authenticated using (cook_id = auth.uid());
create function find_recipes(search text) returns setof recipes
language plpgsql stable security definer set search_path = 'public'
as $$
begin
    return query execute
-- leaky:
        'select * from recipes where cook_id = auth.uid() and title ilike ''%' || search || '%''';
-- safe:
        'select * from recipes where cook_id = auth.uid() and title ilike ''%'' || $1 || ''%''' using search;
-- both:
end
$$;

-- attack: end the string and add a condition
insert into recipes (cook_id, title, secret_ingredient, minutes) values (:B, 'Pie', 'canary', 5);
-- as: authenticated A
select count(*) from find_recipes(''' or true --');
-- control:
-- as: authenticated B
select count(*) from find_recipes('pie');
