-- MemberOf
-- broken
grant anon to authenticator with inherit true;

-- NotMemberOf, apart
-- broken
grant service_role to anon;

-- RoleExists, apart
-- broken
alter role authenticated bypassrls;
