-- Who is a member of which role. From version 16 inheritance is a property of the membership, before of the member;
-- one that was granted by several grantors counts by what any of them gave.
select
    member.rolname,
    role.rolname,
    pg_catalog.bool_or(${inherit_option}),
    pg_catalog.bool_or(${set_option}),
    pg_catalog.bool_or(m.admin_option)
from pg_catalog.pg_auth_members as m
join pg_catalog.pg_roles as member on member.oid = m.member
join pg_catalog.pg_roles as role on role.oid = m.roleid
group by member.rolname, role.rolname
order by member.rolname, role.rolname
