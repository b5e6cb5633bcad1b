-- EventTriggerPresent
create function guard_rls() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger guard_rls on ddl_command_end when tag in ('CREATE TABLE') execute function guard_rls();
-- broken
alter event trigger guard_rls disable;
