-- The roles of the store. They belong to the whole cluster, so that a dump does not hold them: made before a restore too.
do $$
declare name text;
begin
    perform pg_advisory_xact_lock(7341193); -- roles belong to the whole cluster
    foreach name in array array['watch_visitor', 'watch_intake', 'watch_coordinator', 'watch_centre', 'watch_wide', 'watch_planner', 'watch_agency'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin noinherit', name);
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'watch_app') then
        create role watch_app login noinherit;
    end if;
    grant watch_visitor, watch_intake, watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency to watch_app;
    if not pg_has_role(session_user, 'watch_app', 'member') then
        execute format('grant watch_app, watch_visitor, watch_intake, watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency to %I', session_user);
    end if;
end $$;
