"""Twelve things that go astray on a live database without a migration, by name: as statements on the tracker."""

DRIFTS = {
    "FORCE off": "alter table public.api_keys no force row level security",
    "row-level security off": "alter table public.invitations disable row level security",
    "policy widened": "alter policy invoices_read on public.invoices using (true)",
    "trigger dropped": "drop trigger history on public.issues",
    "index dropped": "drop index public.issues_board_idx",
    "CHECK dropped": "alter table public.issues drop constraint issues_closed",
    "default dropped": "alter table public.organizations alter column plan drop default",
    "varchar widened": "alter table public.teams alter column key type varchar(60)",
    "grant to anon": "grant select on public.usage_daily to anon",
    "column grant revoked": "revoke select (prefix) on public.api_keys from authenticated",
    "SECURITY DEFINER": "alter function public.issue_totals(uuid) security definer",
    "view changed": "create or replace view public.overdue as "
    "select id, title, due_on from public.my_issues where due_on <= current_date",
}
"""Statements by what has gone astray."""

OBJECTS = {
    "FORCE off": "public.api_keys",
    "row-level security off": "public.invitations",
    "policy widened": "public.invoices",
    "trigger dropped": "public.issues",
    "index dropped": "public.issues",
    "CHECK dropped": "public.issues",
    "default dropped": "public.organizations",
    "varchar widened": "public.teams",
    "grant to anon": "public.usage_daily",
    "column grant revoked": "public.api_keys",
    "SECURITY DEFINER": "public.issue_totals",
    "view changed": "public.overdue",
}
"""The relation or function that each concerns."""
