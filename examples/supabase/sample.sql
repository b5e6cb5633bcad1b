-- A few rows in every table, for demonstrations and for checks that need rows to look at. Running it again changes
-- nothing. Ada owns the organization Acme and Ben is a member of it; Cleo belongs to neither, and has her own.

begin;

set local search_path = '';

insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
values
    ('a0000000-0000-4000-8000-000000000001', 'authenticated', 'authenticated', 'ada@example.com', '2026-01-05 09:00Z',
     '{"provider": "email", "providers": ["email"]}', '{"full_name": "Ada"}', '2026-01-05 09:00Z', '2026-01-05 09:00Z'),
    ('b0000000-0000-4000-8000-000000000002', 'authenticated', 'authenticated', 'ben@example.com', '2026-01-06 09:00Z',
     '{"provider": "email", "providers": ["email"]}', '{"full_name": "Ben"}', '2026-01-06 09:00Z', '2026-01-06 09:00Z'),
    ('c0000000-0000-4000-8000-000000000003', 'authenticated', 'authenticated', 'cleo@example.com', '2026-01-07 09:00Z',
     '{"provider": "email", "providers": ["email"]}', '{"full_name": "Cleo"}', '2026-01-07 09:00Z', '2026-01-07 09:00Z')
on conflict (id) do nothing;

-- A trigger has made the profiles of new users.
insert into public.user_profiles (user_id, display_name)
values
    ('a0000000-0000-4000-8000-000000000001', 'Ada'),
    ('b0000000-0000-4000-8000-000000000002', 'Ben'),
    ('c0000000-0000-4000-8000-000000000003', 'Cleo')
on conflict (user_id) do nothing;

update public.user_profiles
set plan = 'team', subscription_status = 'active', stripe_customer_id = 'cus_sample_ada'
where user_id = 'a0000000-0000-4000-8000-000000000001' and stripe_customer_id is null;

-- ---------------------------------------------------------------------------------------------------------------
-- Core
-- ---------------------------------------------------------------------------------------------------------------

insert into public.prompt_atoms (id, user_id, name, kind, content, tags)
values
    ('a1000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'Short answers', 'instruction',
     'Answer in at most three sentences.', '{style,length}'),
    ('a1000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000001', 'Reviewer', 'persona',
     'You review code for a living.', '{persona}'),
    ('b1000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'Cite sources', 'constraint',
     'Name the source of every number.', '{style,sources}'),
    ('c1000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'Plain words', 'instruction',
     'Avoid jargon.', '{style}')
on conflict (id) do nothing;

insert into public.vibe_configs (id, user_id, name, tone, formality, creativity, is_default)
values
    ('a2000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'Work', 'direct', 70, 0.30, true),
    ('b2000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'Work', 'friendly', 40, 0.60, true),
    ('c2000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'Stories', 'playful', 10, 0.95, true)
on conflict (id) do nothing;

insert into public.agent_runs
    (id, user_id, parent_run_id, agent_name, model, status, input, output, prompt_tokens, completion_tokens, cost_usd,
     started_at, finished_at)
values
    ('a3000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', null, 'summarize', 'large',
     'succeeded', '{"document": "minutes"}', '{"summary": "…"}', 812, 120, 0.004100, '2026-02-01 10:00Z', '2026-02-01 10:01Z'),
    ('a3000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000001',
     'a3000000-0000-4000-8000-000000000001', 'translate', 'small',
     'failed', '{"language": "fr"}', null, 130, 0, 0.000200, '2026-02-01 10:01Z', '2026-02-01 10:02Z'),
    ('b3000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', null, 'summarize', 'large',
     'running', '{"document": "contract"}', null, 0, 0, 0, '2026-02-02 08:30Z', null),
    ('c3000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', null, 'outline', 'large',
     'queued', '{"topic": "bridges"}', null, 0, 0, 0, null, null)
on conflict (id) do nothing;

insert into public.background_events (id, user_id, event_type, payload, status, run_at, processed_at)
values
    ('a4000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'run.finished',
     '{"run": "a3000000-0000-4000-8000-000000000001"}', 'done', '2026-02-01 10:01Z', '2026-02-01 10:01Z'),
    ('b4000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'profile.embed',
     '{}', 'pending', '2026-02-02 08:30Z', null),
    ('c4000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'profile.embed',
     '{}', 'pending', '2026-02-03 08:30Z', null),
    ('d4000000-0000-4000-8000-000000000001', null, 'metrics.rollup', '{"day": "2026-02-01"}', 'pending',
     '2026-02-02 00:00Z', null)
on conflict (id) do nothing;

-- ---------------------------------------------------------------------------------------------------------------
-- Billing and organizations
-- ---------------------------------------------------------------------------------------------------------------

insert into public.organizations (id, name, slug, plan, seats, stripe_customer_id, created_by)
values
    ('0a000000-0000-4000-8000-000000000001', 'Acme', 'acme', 'team', 10, 'cus_sample_acme',
     'a0000000-0000-4000-8000-000000000001'),
    ('0c000000-0000-4000-8000-000000000003', 'Cleo''s studio', 'cleos-studio', 'free', 2, null,
     'c0000000-0000-4000-8000-000000000003')
on conflict (id) do nothing;

insert into public.organization_members (organization_id, user_id, role, invited_by)
values
    ('0a000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'owner', null),
    ('0a000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'member',
     'a0000000-0000-4000-8000-000000000001'),
    ('0c000000-0000-4000-8000-000000000003', 'c0000000-0000-4000-8000-000000000003', 'owner', null)
on conflict (organization_id, user_id) do nothing;

-- The tokens are "sample token for Acme" and "sample token for the studio", which have long expired, and "sample token
-- for Ben", which has not: Ben may join the studio.
insert into public.invitations (id, organization_id, email, role, token_hash, invited_by, expires_at)
values
    ('0a100000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'dora@example.com', 'member',
     encode(sha256('sample token for Acme'), 'hex'), 'a0000000-0000-4000-8000-000000000001', '2026-02-08 09:00Z'),
    ('0c100000-0000-4000-8000-000000000001', '0c000000-0000-4000-8000-000000000003', 'emil@example.com', 'admin',
     encode(sha256('sample token for the studio'), 'hex'), 'c0000000-0000-4000-8000-000000000003', '2026-02-09 09:00Z'),
    ('0c100000-0000-4000-8000-000000000002', '0c000000-0000-4000-8000-000000000003', 'ben@example.com', 'member',
     encode(sha256('sample token for Ben'), 'hex'), 'c0000000-0000-4000-8000-000000000003', '2099-12-31 09:00Z')
on conflict (id) do nothing;

-- The keys are looked up first: a conflict would use up numbers of the identity.
insert into public.usage_metrics (organization_id, user_id, metric, quantity, idempotency_key, recorded_at)
select sample.*
from (
    values
        ('0a000000-0000-4000-8000-000000000001'::uuid, 'a0000000-0000-4000-8000-000000000001'::uuid,
         'tokens', 932.0, 'sample-1', '2026-02-01 10:01Z'::timestamptz),
        ('0a000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002',
         'runs', 1, 'sample-2', '2026-02-02 08:30Z'),
        ('0c000000-0000-4000-8000-000000000003', 'c0000000-0000-4000-8000-000000000003',
         'runs', 1, 'sample-1', '2026-02-03 08:30Z')
) sample (organization_id, user_id, metric, quantity, idempotency_key, recorded_at)
where not exists (
    select from public.usage_metrics u
    where u.organization_id = sample.organization_id and u.idempotency_key = sample.idempotency_key
);

-- ---------------------------------------------------------------------------------------------------------------
-- Template system
-- ---------------------------------------------------------------------------------------------------------------

insert into public.template_presets (id, template_id, name, category, settings, tags, is_public, sort_order)
values
    ('0e000000-0000-4000-8000-000000000001', 'newsletter', 'Weekly', 'marketing', '{"sections": 3}', '{mail}', true, 1),
    ('0e000000-0000-4000-8000-000000000002', 'newsletter', 'Launch', 'marketing', '{"sections": 5}', '{mail}', true, 2),
    ('0e000000-0000-4000-8000-000000000003', 'report', 'Unreleased', 'reporting', '{}', '{}', false, 1)
on conflict (id) do nothing;

-- A trigger writes the versions and the history.
insert into public.user_template_customizations (id, user_id, template_id, preset_id, name, customizations)
values
    ('a5000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'newsletter',
     '0e000000-0000-4000-8000-000000000001', 'Acme weekly', '{"color": "navy"}'),
    ('b5000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'newsletter',
     null, 'Draft', '{"color": "green"}'),
    ('c5000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'report',
     null, 'Studio', '{"color": "red"}')
on conflict (id) do nothing;

update public.user_template_customizations
set customizations = '{"color": "navy", "logo": true}'
where id = 'a5000000-0000-4000-8000-000000000001' and version = 1;

insert into public.template_usage_analytics (id, user_id, template_id, customization_id, event_type, usage_date, usage_count)
values
    ('a6000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'newsletter',
     'a5000000-0000-4000-8000-000000000001', 'applied', '2026-02-01', 4),
    ('a6000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000001', 'report', null, 'viewed',
     '2026-02-01', 1),
    ('b6000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'newsletter',
     'b5000000-0000-4000-8000-000000000001', 'applied', '2026-02-02', 2),
    ('c6000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'report',
     'c5000000-0000-4000-8000-000000000001', 'exported', '2026-02-03', 1)
on conflict (id) do nothing;

insert into public.template_feedback (id, user_id, template_id, preset_id, rating, comment)
values
    ('a7000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'newsletter',
     '0e000000-0000-4000-8000-000000000001', 5, 'Saves me an hour a week.'),
    ('b7000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002', 'newsletter', null, 3, null),
    ('c7000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000003', 'report', null, 4, 'Good charts.')
on conflict (id) do nothing;

insert into public.shared_template_customizations (id, customization_id, user_id, organization_id, name, customizations)
values
    ('a8000000-0000-4000-8000-000000000001', 'a5000000-0000-4000-8000-000000000001',
     'a0000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'Acme weekly', '{"color": "navy"}'),
    ('b8000000-0000-4000-8000-000000000001', 'b5000000-0000-4000-8000-000000000001',
     'b0000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'Ben''s draft', '{"color": "green"}'),
    ('c8000000-0000-4000-8000-000000000001', 'c5000000-0000-4000-8000-000000000001',
     'c0000000-0000-4000-8000-000000000003', '0c000000-0000-4000-8000-000000000003', 'Studio', '{"color": "red"}')
on conflict (id) do nothing;

commit;
