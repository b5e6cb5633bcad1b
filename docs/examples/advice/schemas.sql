-- NoCreateForApiRoles
-- broken
grant create on schema public to authenticated;
