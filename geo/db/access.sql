-- Who may read and write what. Run by geo.db.access at the end of every migration and after every restore (a dump keeps
-- neither roles nor grants), so every statement may be repeated.
--
-- watch_app          the web process: signs people in, and takes one of the roles below for each transaction. Owns nothing.
-- watch_visitor       the public statistics: may only read what is published, and the names and shapes of places
-- watch_intake       a stranger's report: may only call the functions of the public form
-- watch_coordinator  what this person entered
-- watch_centre       the districts of this person, whole
-- watch_wide         every district; of what is not verified yet only counts and rough places
-- watch_planner      the same without any text
-- watch_agency       what was referred to this agency
--
-- The person, the districts and the agency are settings of the transaction (watch.person, watch.districts, watch.agency):
-- where they are missing there are no rows.

-- ---------------------------------------------------------------- who asks
create or replace function watch_person() returns integer language sql stable as $$
    select nullif(current_setting('watch.person', true), '')::integer $$;
create or replace function watch_districts() returns text[] language sql stable as $$
    select string_to_array(coalesce(current_setting('watch.districts', true), ''), ',') $$;
create or replace function watch_own_agency() returns text language sql stable as $$
    select nullif(current_setting('watch.agency', true), '') $$;

-- ---------------------------------------------------------------- nothing, to begin with
do $$
declare one record;
begin
    for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'spatial_ref_sys' loop
        execute format('revoke all on %I from public, watch_app, watch_visitor, watch_intake, watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency', one.tablename);
    end loop;
    for one in select polname, polrelid::regclass as of from pg_policy where polrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) loop
        execute format('drop policy %I on %s', one.polname, one.of);
    end loop;
end $$;

-- ---------------------------------------------------------------- what everybody may read: places, words, checkpoints, passes
grant select on area, area_part, border_section, crossing, crime_type, agency, setting, incident_count_level, alembic_version
    to watch_app, watch_intake, watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency;
grant select on checkpoint, border_segment, border_pass, road_file, road_node, road_edge to watch_centre, watch_wide, watch_planner;

-- ---------------------------------------------------------------- rows
drop view if exists incident_outline; -- its columns may be others now
drop view if exists public_release_shown;

do $$
declare one text;
begin
    foreach one in array array['incident', 'incident_count', 'incident_count_written', 'report', 'report_contact', 'report_question', 'case_file',
        'case_event', 'fact_check', 'evidence', 'referral', 'log_entry', 'quiet_month', 'notification', 'notification_choice',
        'person', 'person_district', 'sign_in', 'sign_in_attempt', 'api_key', 'audit_log',
        'meeting', 'meeting_sheet', 'decision', 'patrol_route', 'patrol', 'patrol_fix', 'patrol_event',
        'rota', 'rota_post', 'rota_shift', 'plan', 'plan_site', 'plan_step',
        'month_report', 'month_correction', 'month_reminder', 'quarter_report', 'public_release',
        'coordinator_contact', 'silence_call', 'district_pair', 'pair_contact',
        'activity', 'activity_attendance', 'activity_coordinator', 'activity_material', 'activity_follow_up', 'activity_target',
        'calendar_pass', 'meeting_item', 'meeting_attendance'] loop
        execute format('alter table %I enable row level security', one);
        execute format('alter table %I force row level security', one);
        execute format('create policy owner on %I to %I using (true) with check (true)', one, current_user);
    end loop;
end $$;

-- Each role's condition on incident uses columns of the map's indexes only: tiles are read without touching the table.
grant select, insert, update on incident to watch_centre;
create policy districts on incident to watch_centre
    using (district_code = any ((select watch_districts())::text[])) with check (district_code = any ((select watch_districts())::text[]));
grant select on incident to watch_wide;
grant select (id, public_id, crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel,
    district_code, district_stated, point_district_code, district_conflict, location_check, snap_distance_m, geom, day, zkey,
    is_demo, created_at) on incident to watch_planner;
create policy verified on incident to watch_wide, watch_planner using (status not in ('received', 'verifying'));
grant select on incident to watch_agency;
-- Of the case that their report became a part of: what it is called and how far it is; not what others told of it.
grant select (id, public_id, crime_type, occurred_at, occurred_day_only, reported_at, status, channel, district_code, day, is_demo)
    on incident to watch_coordinator;
create policy referred on incident to watch_agency
    using (exists (select from referral r where r.incident_id = incident.id));
create policy entered on incident to watch_coordinator
    using (exists (select from report r where r.incident_id = incident.id));

grant select on incident_count to watch_centre, watch_wide, watch_planner;
create policy districts on incident_count to watch_centre using (district_code = any ((select watch_districts())::text[]));
create policy rough on incident_count to watch_wide, watch_planner
    using (level <= 12 or status not in ('received', 'verifying'));

-- How many places told of what is verified is a measure of how much was told.
grant select (incident_id, area_code) on report to watch_planner;
create policy counted on report to watch_planner using (exists (select from incident i where i.id = incident_id));

-- What stands on a case is read by whoever reads the case.
grant select, insert, update on report, case_file, fact_check, referral, report_question to watch_centre;
grant select, insert on case_event, evidence, log_entry to watch_centre;
grant update (incident_id) on evidence to watch_centre; -- photos go where their report goes
grant select on report, case_file, case_event, fact_check, referral, evidence, log_entry to watch_wide;
do $$
declare one text;
begin
    foreach one in array array['report', 'case_file', 'case_event', 'fact_check', 'referral', 'evidence'] loop
        execute format('create policy of_case on %I to watch_centre, watch_wide'
            ' using (exists (select from incident i where i.id = incident_id))'
            ' with check (exists (select from incident i where i.id = incident_id))', one);
    end loop;
end $$;
create policy of_report on report_question to watch_centre
    using (exists (select from report r where r.id = report_id)) with check (exists (select from report r where r.id = report_id));
create policy of_district on log_entry to watch_centre
    using (district_code = any ((select watch_districts())::text[])) with check (district_code = any ((select watch_districts())::text[]));
create policy of_everywhere on log_entry to watch_wide -- what was said of a case is read by whoever reads the case
    using (incident_id is null or exists (select from incident i where i.id = incident_id));

grant select (id, incident_id, channel, received_at, description, location_note, geom, crime_type, ongoing, area_code, village, is_demo)
    on report to watch_agency;
create policy referred on report to watch_agency using (exists (select from referral r where r.incident_id = report.incident_id));
grant select on referral to watch_agency;
grant update (state, accepted_by, accepted_at, accepted_name, return_reason, outcome_due, outcome, outcome_note, ended_by, ended_at, ended_name) on referral to watch_agency;
-- What was sent in error and taken back is not theirs any more; so with the case, for what they may read hangs on the referral.
create policy own on referral to watch_agency using (agency = watch_own_agency() and state <> 'withdrawn')
    with check (agency = watch_own_agency());
grant insert (incident_id, person_id, kind, detail) on case_event to watch_agency;
create policy answered on case_event for insert to watch_agency with check (
    person_id = watch_person() and kind in ('referral_accepted', 'referral_returned', 'referral_done')
    and exists (select from referral r where r.incident_id = case_event.incident_id));
grant select on evidence to watch_agency;
create policy referred on evidence to watch_agency using (exists (select from referral r where r.incident_id = evidence.incident_id));

grant select on report to watch_coordinator;
create policy entered on report to watch_coordinator using (entered_by = watch_person());
grant select, insert on quiet_month to watch_coordinator;
create policy own on quiet_month to watch_coordinator using (person_id = watch_person()) with check (person_id = watch_person());
grant select on quiet_month to watch_centre, watch_wide, watch_planner;
create policy of_district on quiet_month to watch_centre using (left(area_code, 4) = any ((select watch_districts())::text[]));
create policy of_everywhere on quiet_month to watch_wide, watch_planner using (true);

-- People: signing in is the web process's own business; everybody else sees names and what they do.
grant select, insert, update on person to watch_app;
grant select, insert, delete on person_district to watch_app;
grant select, insert, update, delete on sign_in, sign_in_attempt to watch_app;
grant select, insert, update on api_key to watch_app;
grant insert, update, delete on setting to watch_app;
grant insert, update on agency, crime_type to watch_app;
grant update (target, target_source, population, updated_at) on area to watch_app;
grant update (undetermined, note) on border_section to watch_app;
create policy sign_in on person to watch_app using (true) with check (true);
create policy sign_in on person_district to watch_app using (true) with check (true);
create policy sign_in on sign_in to watch_app using (true) with check (true);
create policy sign_in on sign_in_attempt to watch_app using (true) with check (true);
create policy sign_in on api_key to watch_app using (true) with check (true);
grant select (id, name, role, agency, active, is_demo) on person to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency;
create policy names on person to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency using (true);

-- Written by the trigger case_event_told alone.
grant select, update (read_at) on notification to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency;
create policy own on notification to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency
    using (person_id = watch_person());
grant select, update (sent_at, tries, try_at), delete on notification to watch_app;
create policy sending on notification for select to watch_app using (true);
create policy sent on notification for update to watch_app using (true);
create policy forgotten on notification for delete to watch_app using (read_at < now() - interval '90 days');
grant select, insert, update, delete on notification_choice to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency;
create policy own on notification_choice to watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency
    using (person_id = watch_person()) with check (person_id = watch_person());
grant select on notification_choice to watch_app;
create policy sending on notification_choice to watch_app using (true);

grant select on audit_log to watch_app;
create policy verify on audit_log to watch_app using (true);

-- Meetings: whoever watches the border reads them; a district's people the sheets and decisions of their own districts.
grant select, insert, update (state, started_at, finished_at) on meeting to watch_centre, watch_wide, watch_planner;
create policy of_everywhere on meeting for select to watch_wide, watch_planner using (true);
create policy of_district on meeting for select to watch_centre using (districts && (select watch_districts())::text[]);
create policy prepared on meeting for insert to watch_centre, watch_wide, watch_planner
    with check ((select meeting_leader()) and prepared_by = watch_person()
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()));
create policy led on meeting for update to watch_centre, watch_wide, watch_planner
    using ((select meeting_leader()) and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()));
grant select, insert on meeting_sheet to watch_centre, watch_wide, watch_planner;
create policy of_everywhere on meeting_sheet for select to watch_wide, watch_planner using (true);
create policy of_district on meeting_sheet for select to watch_centre
    using (district_code = any ((select watch_districts())::text[])
           or district_code is null and exists (select from meeting m where m.id = meeting_id and m.districts <@ watch_districts()));
create policy prepared on meeting_sheet for insert to watch_centre, watch_wide, watch_planner
    with check (exists (select from meeting m where m.id = meeting_id and m.prepared_by = watch_person()));
grant select, insert, update (words, owner_id, agency, due, geom, area_code, checkpoint_id, plan_id, state, reason, ended_by, ended_at)
    on decision to watch_centre, watch_wide, watch_planner;
create policy of_everywhere on decision for select to watch_wide, watch_planner using (true);
create policy of_district on decision for select to watch_centre using (district_code = any ((select watch_districts())::text[]));
create policy decided on decision for insert to watch_centre, watch_wide, watch_planner
    with check ((select meeting_leader()) and decided_by = watch_person() and state = 'open'
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
create policy led on decision for update to watch_centre, watch_wide, watch_planner
    using (((select meeting_leader()) or owner_id = watch_person())
           and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())))
    with check (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts()));

-- Patrols: a district's people see the runs of their routes and those that came through, and plan their own; when the border was
-- last passed (border_pass, without who it was) is known to all of them.
grant select, insert, update (name, kind, agency, district_code, note, active) on patrol_route
    to watch_centre, watch_wide, watch_planner;
create policy of_everywhere on patrol_route for select to watch_wide, watch_planner using (true);
create policy of_district on patrol_route for select to watch_centre
    using (district_code = any ((select watch_districts())::text[]));
create policy drawn on patrol_route for insert to watch_centre, watch_wide, watch_planner
    with check ((select patrol_planner()) and made_by = watch_person()
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
create policy kept on patrol_route for update to watch_centre, watch_wide, watch_planner
    using ((select patrol_planner()) and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
grant select, insert, update (route_id, agency, unit, contact, note, status, reason, scheduled_start, scheduled_end, started_at,
    ended_at, source, source_key, geom, km, hours, route_share, off_mean_m, off_most_m) on patrol
    to watch_centre, watch_wide, watch_planner;
create policy of_everywhere on patrol for select to watch_wide, watch_planner using (true);
create policy of_district on patrol for select to watch_centre using (districts && (select watch_districts())::text[]);
create policy planned on patrol for insert to watch_centre, watch_wide, watch_planner
    with check ((select patrol_planner()) and made_by = watch_person()
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or districts && watch_districts()));
create policy moved on patrol for update to watch_centre, watch_wide, watch_planner
    using ((select patrol_planner()) and (current_setting('role') <> 'watch_centre' or districts && watch_districts()));
grant select, insert, update (speed_kmh, impossible) on patrol_fix to watch_centre, watch_wide, watch_planner;
create policy of_patrol on patrol_fix for select to watch_centre, watch_wide, watch_planner
    using (exists (select from patrol p where p.id = patrol_id));
create policy came on patrol_fix for insert to watch_centre, watch_wide, watch_planner
    with check ((select patrol_planner()) and exists (select from patrol p where p.id = patrol_id));
create policy judged on patrol_fix for update to watch_centre, watch_wide, watch_planner
    using ((select patrol_planner()) and exists (select from patrol p where p.id = patrol_id));
grant usage on sequence patrol_id_seq, patrol_route_id_seq to watch_centre, watch_wide, watch_planner; -- codes say the number
grant select on patrol_event to watch_centre, watch_wide, watch_planner;
create policy of_patrol on patrol_event for select to watch_centre, watch_wide, watch_planner
    using (exists (select from patrol p where p.id = patrol_id));

-- Rotas: a list of where nobody will be. Only those who make them read them, a chief those of the own districts; whoever goes
-- is told by them.
grant select, insert, update (state, seed, draws, published_by, published_at, withdrawn_by, withdrawn_at, withdrawn_why)
    on rota to watch_centre, watch_wide, watch_planner;
create policy led on rota for select to watch_centre, watch_wide, watch_planner
    using ((select meeting_leader()) and (current_setting('role') <> 'watch_centre' or districts <@ (select watch_districts())::text[]));
create policy made on rota for insert to watch_centre, watch_wide, watch_planner
    with check ((select meeting_leader()) and made_by = watch_person() and state = 'draft'
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()));
create policy moved on rota for update to watch_centre, watch_wide, watch_planner
    using ((select meeting_leader()) and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()));
grant select, insert on rota_post to watch_centre, watch_wide, watch_planner;
create policy of_rota on rota_post to watch_centre, watch_wide, watch_planner
    using (exists (select from rota r where r.id = rota_id));
grant select, insert, delete, update (place, reason, changed_by, changed_at) on rota_shift to watch_centre, watch_wide, watch_planner;
create policy of_rota on rota_shift to watch_centre, watch_wide, watch_planner
    using (exists (select from rota r where r.id = rota_id));

-- Who goes has to know where: of published rotas everybody in a centre reads the shifts of the next hours at places of the own
-- districts, and no more. Where nobody will be next week stays with those who make rotas.
create or replace function duty_shifts()
returns table (title text, place text, lon double precision, lat double precision, begins timestamptz, ends timestamptz, team integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select t.title, t.name, st_x(t.geom), st_y(t.geom), t.begins, t.ends, t.team from (
        select r.title, p.name, p.geom, s.team::integer as team,
               (s.day + make_interval(hours => r.starts[s.slot + 1])) at time zone 'Asia/Bangkok' as begins,
               (s.day + make_interval(hours => r.ends[s.slot + 1])) at time zone 'Asia/Bangkok' as ends
        from rota r join rota_shift s on s.rota_id = r.id join rota_post p on p.rota_id = r.id and p.place = s.place
        where r.state = 'published'
          and case current_setting('role')
              when 'watch_centre' then r.districts && watch_districts()
                   and exists (select from area_part a where a.area_code = any (watch_districts()) and st_dwithin(a.geom, p.geom, 0.0065))
              else meeting_leader() end) t
    where t.begins < now() + interval '36 hours' and t.ends > now() order by t.begins, t.name, t.team $$;
revoke execute on function duty_shifts() from public;
grant execute on function duty_shifts() to watch_centre, watch_wide, watch_planner;

-- Plans of checkpoints: read as meetings are; planners and chiefs make them, a chief for the districts that are theirs. What
-- nobody may do, whatever their role, stands in the trigger plan_moves.
grant select, insert, update (title, districts, question, answer, as_of, state, reason) on plan to watch_centre, watch_planner;
grant select, update (state, reason) on plan to watch_wide;
create policy of_everywhere on plan for select to watch_wide, watch_planner using (true);
create policy of_district on plan for select to watch_centre using (districts && (select watch_districts())::text[]);
create policy made on plan for insert to watch_centre, watch_planner
    with check ((select plan_maker()) and made_by = watch_person() and state = 'draft' and decided_by is null and proposed_by is null
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()));
create policy moved on plan for update to watch_centre, watch_wide, watch_planner
    using (((select plan_maker()) or (select plan_approver()))
           and (current_setting('role') <> 'watch_centre' or districts <@ watch_districts()))
    with check (current_setting('role') <> 'watch_centre' or districts <@ watch_districts());
grant select on plan_site to watch_centre, watch_wide, watch_planner;
grant insert, update, delete on plan_site to watch_centre, watch_planner;
create policy of_everywhere on plan_site for select to watch_wide, watch_planner using (true);
create policy of_district on plan_site for select to watch_centre
    using (district_code = any ((select watch_districts())::text[])
           or exists (select from plan p where p.id = plan_id and p.districts <@ watch_districts()));
create policy drafted on plan_site to watch_centre, watch_planner
    using ((select plan_maker()) and exists (select from plan p where p.id = plan_id
               and (current_setting('role') <> 'watch_centre' or p.districts <@ watch_districts())))
    with check ((select plan_maker()) and exists (select from plan p where p.id = plan_id
                    and (current_setting('role') <> 'watch_centre' or p.districts <@ watch_districts() and district_code = any (watch_districts()))));
grant select on plan_step to watch_centre, watch_wide, watch_planner;
create policy of_plan on plan_step for select to watch_centre, watch_wide, watch_planner
    using (exists (select from plan p where p.id = plan_id));

-- Reports: a centre works on its own months, all who watch the whole border read what is signed, the national centre makes the
-- quarters. Who signs, and that nothing signed is changed, stands in the trigger report_stays.
grant select, insert, update (state, content, narrative, as_of, signed_by, signed_at) on month_report to watch_centre;
grant select on month_report to watch_wide;
create policy signed on month_report for select to watch_wide using (state = 'signed');
create policy of_district on month_report for select to watch_centre using (district_code = any ((select watch_districts())::text[]));
create policy made on month_report for insert to watch_centre
    with check (district_code = any (watch_districts()) and made_by = watch_person() and state = 'draft'
                and is_demo = (select p.is_demo from person p where p.id = watch_person()));
create policy worked_on on month_report for update to watch_centre using (district_code = any ((select watch_districts())::text[]));
grant select on month_correction to watch_centre, watch_wide;
grant insert, update (corrected, reason, person_id, at), delete on month_correction to watch_centre;
create policy of_report on month_correction for select to watch_centre, watch_wide
    using (exists (select from month_report r where r.id = month_report_id));
create policy made on month_correction for insert to watch_centre
    with check (person_id = watch_person() and exists (select from month_report r where r.id = month_report_id));
create policy changed on month_correction for update to watch_centre
    using (exists (select from month_report r where r.id = month_report_id)) with check (person_id = watch_person());
create policy taken_back on month_correction for delete to watch_centre
    using (exists (select from month_report r where r.id = month_report_id));
grant select on month_reminder to watch_centre, watch_wide;
grant insert on month_reminder to watch_wide;
create policy of_everywhere on month_reminder for select to watch_wide using (true);
create policy of_district on month_reminder for select to watch_centre using (district_code = any ((select watch_districts())::text[]));
create policy asked on month_reminder for insert to watch_wide
    with check (person_id = watch_person() and (select report_signer('quarter_report')));
grant select, insert, update (state, content, narrative, as_of, signed_by, signed_at) on quarter_report to watch_wide;
create policy of_everywhere on quarter_report for select to watch_wide using (true);
create policy made on quarter_report for insert to watch_wide
    with check ((select report_signer('quarter_report')) and made_by = watch_person() and state = 'draft'
                and is_demo = (select p.is_demo from person p where p.id = watch_person()));
create policy worked_on on quarter_report for update to watch_wide using ((select report_signer('quarter_report')));
-- Silence: who was called is the district centre's own. Contacts are opened by functions alone.
grant select, insert (person_id, called_at, outcome, month, note) on silence_call to watch_centre;
create policy of_district on silence_call for select to watch_centre
    using (left(area_code, 4) = any ((select watch_districts())::text[]));
create policy called on silence_call for insert to watch_centre with check (called_by = watch_person());

-- Pairs: whoever watches the border reads them; a chief keeps those of the own districts, the national centre all. Persons of
-- contact points are opened by a function alone.
grant select, insert (district_code, neighbour, name_th, name_en, name_local, counterpart_codes, from_day, to_day, source, made_by, is_demo),
    update (name_th, name_en, name_local, counterpart_codes, from_day, to_day, source) on district_pair to watch_centre, watch_wide;
grant select on district_pair to watch_planner;
create policy of_everywhere on district_pair for select to watch_wide, watch_planner using (true);
create policy of_district on district_pair for select to watch_centre
    using (district_code = any ((select watch_districts())::text[]));
create policy made on district_pair for insert to watch_centre, watch_wide
    with check ((select pair_keeper()) and made_by = watch_person()
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
create policy kept on district_pair for update to watch_centre, watch_wide
    using ((select pair_keeper()) and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
grant select (id, pair_id, side, office, way, hours, agreed_on, ended_on, consent_on, has_person, made_by, made_at) on pair_contact
    to watch_centre, watch_wide, watch_planner;
grant insert (pair_id, side, office, way, hours, agreed_on, sealed, consent_on, made_by), update (ended_on, sealed, consent_on)
    on pair_contact to watch_centre, watch_wide;
create policy of_pair on pair_contact for select to watch_centre, watch_wide, watch_planner
    using (exists (select from district_pair d where d.id = pair_id));
create policy agreed on pair_contact for insert to watch_centre, watch_wide
    with check ((select pair_keeper()) and made_by = watch_person() and exists (select from district_pair d where d.id = pair_id));
create policy ended on pair_contact for update to watch_centre, watch_wide
    using ((select pair_keeper()) and exists (select from district_pair d where d.id = pair_id));
-- Activities: a district's people read and write their own, whoever watches the border reads all, the national centre writes all.
-- Coordinators see what is on in their district, without money, counts and notes.
grant select, insert, update (kind, title, state, first_day, last_day, begins, ends, area_code, village, place, geom, agency,
    partner_code, partner, reach, baht, baht_source, score_before, score_after, scored, satisfaction, answered, note)
    on activity to watch_centre, watch_wide;
grant select on activity to watch_planner;
grant select (id, district_code, kind, title, state, first_day, last_day, begins, ends, area_code, village, place, agency,
    partner_code, partner, changed_at, revision, is_demo) on activity to watch_coordinator;
create policy of_everywhere on activity for select to watch_wide, watch_planner using (true);
create policy of_district on activity for select to watch_centre using (district_code = any ((select watch_districts())::text[]));
create policy at_home on activity for select to watch_coordinator using (district_code = any ((select home_districts())::text[]));
create policy made on activity for insert to watch_centre, watch_wide
    with check ((select activity_writer()) and made_by = watch_person()
                and is_demo = (select p.is_demo from person p where p.id = watch_person())
                and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
create policy changed on activity for update to watch_centre, watch_wide
    using ((select activity_writer()) and (current_setting('role') <> 'watch_centre' or district_code = any (watch_districts())));
grant select, insert, delete on activity_attendance, activity_coordinator, activity_material to watch_centre, watch_wide;
grant select, insert, update (done_by, done_at) on activity_follow_up to watch_centre, watch_wide;
grant select on activity_attendance, activity_coordinator, activity_follow_up to watch_planner;
grant select (id, activity_id, media_type, note, added_by, added_at, sha256) on activity_material to watch_planner;
do $$
declare one text;
begin
    foreach one in array array['activity_attendance', 'activity_coordinator', 'activity_material', 'activity_follow_up'] loop
        execute format('create policy of_activity on %I for select to watch_centre, watch_wide, watch_planner'
            ' using (exists (select from activity a where a.id = activity_id))', one);
        execute format('create policy written on %I to watch_centre, watch_wide'
            ' using ((select activity_writer()) and exists (select from activity a where a.id = activity_id))'
            ' with check ((select activity_writer()) and exists (select from activity a where a.id = activity_id))', one);
    end loop;
end $$;
grant select on activity_target to watch_centre, watch_wide, watch_planner;
grant insert, update (value, set_by, set_at), delete on activity_target to watch_wide;
create policy known on activity_target for select to watch_centre, watch_wide, watch_planner using (true);
create policy aimed on activity_target for insert to watch_wide with check ((select national_centre()) and set_by = watch_person());
create policy aimed_again on activity_target for update to watch_wide
    using ((select national_centre())) with check (set_by = watch_person());
create policy taken_back on activity_target for delete to watch_wide using ((select national_centre()));
grant select, insert, update, delete on calendar_pass to watch_app;
create policy sign_in on calendar_pass to watch_app using (true) with check (true);

-- Agenda and attendance stand beside a meeting, also once it is held: they are no figures of its snapshot.
grant select, insert, delete on meeting_item, meeting_attendance to watch_centre, watch_wide, watch_planner;
do $$
declare one text;
begin
    foreach one in array array['meeting_item', 'meeting_attendance'] loop
        execute format('create policy of_meeting on %I for select to watch_centre, watch_wide, watch_planner'
            ' using (exists (select from meeting m where m.id = meeting_id))', one);
        execute format('create policy led on %I to watch_centre, watch_wide, watch_planner'
            ' using ((select meeting_leader()) and exists (select from meeting m where m.id = meeting_id'
            ' and (current_setting(''role'') <> ''watch_centre'' or m.districts <@ watch_districts())))', one);
    end loop;
end $$;

-- What is not verified yet, for those who see all districts: the day, and the middle of a cell of some 9 km, about a
-- sub-district. The view is its owner's: what it shows does not depend on the policies above, and it hides columns, not rows.
create or replace view incident_outline as
    select i.id, i.public_id, i.crime_type, i.other_crime_types, i.day, i.status, i.channel, i.district_code, i.is_demo,
           i.day::timestamp at time zone 'Asia/Bangkok' as occurred_at, true as occurred_day_only,
           date_trunc('day', i.reported_at, 'Asia/Bangkok') as reported_at,
           i.location_check, i.district_conflict, i.zkey >> 28 as cell,
           (i.zkey >> 28 << 28) + (3::bigint << 26) as zkey,
           (zkey_axis(i.zkey >> 28) + 0.5::float8) / 4096 * 360 - 180 as lon,
           degrees(atan(sinh(pi() * (1 - 2 * (zkey_axis(i.zkey >> 29) + 0.5::float8) / 4096)))) as lat
    from incident i where i.status in ('received', 'verifying');
grant select on incident_outline to watch_wide, watch_planner;

-- Releases: made and read by those who see every district; the public reads a view of what is published, and no table with a
-- case in it. The view is its owner's: of each quarter the newest version that is not withdrawn, with its words once approved.
grant select on area, border_section, crime_type to watch_visitor;
grant select, insert, update (state, note, note_approved_by, note_approved_at, published_by, published_at, withdrawn_by, withdrawn_at)
    on public_release to watch_wide;
create policy of_everywhere on public_release for select to watch_wide using (true);
create policy made on public_release for insert to watch_wide
    with check ((select release_maker()) and made_by = watch_person() and state = 'prepared' and note = '{}'
                and note_approved_at is null and is_demo = (select p.is_demo from person p where p.id = watch_person()));
create policy moved on public_release for update to watch_wide using ((select release_maker()));
create or replace view public_release_shown as
    select distinct on (quarter, is_demo) id, quarter, version, made_at, published_at, figures, is_demo,
           case when note_approved_at is null then '{}' else note end as note
    from public_release where state = 'published' and quarter_opens(quarter) <= timezone('Asia/Bangkok', now())::date
    order by quarter, is_demo, version desc;
grant select on public_release_shown to watch_visitor;

-- ---------------------------------------------------------------- functions
do $$
declare one record;
begin
    -- Counting and telling happen for whoever writes; they read and write what the writer may not.
    for one in select p.oid::regprocedure as f from pg_proc p where p.pronamespace = 'public'::regnamespace
               and p.proname in ('incident_counted', 'incident_emptied', 'incident_count_fold') loop
        execute format('alter function %s security definer', one.f);
        execute format('alter function %s set search_path = public, pg_temp', one.f);
    end loop;
    for one in select p.oid::regprocedure as f from pg_proc p where p.pronamespace = 'public'::regnamespace
               and p.proname in ('incident_count_fold', 'audit',
               'submit_report', 'report_state', 'answer_question', 'dispute_report') loop
        execute format('revoke execute on function %s from public', one.f);
    end loop;
end $$;
grant execute on function audit(text, text, jsonb)
    to watch_app, watch_coordinator, watch_centre, watch_wide, watch_planner, watch_agency;
grant execute on function incident_count_fold() to watch_app;

-- What a stranger may do is in these functions, and nowhere else; a coordinator hands in by the same one.
do $$
declare one record;
begin
    for one in select p.oid::regprocedure as f, p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace
               and p.proname in ('submit_report', 'report_state', 'answer_question', 'dispute_report') loop
        execute format('grant execute on function %s to watch_intake', one.f);
        if one.proname = 'submit_report' then execute format('grant execute on function %s to watch_coordinator', one.f); end if;
    end loop;
end $$;

revoke execute on function referral_lapse() from public;
grant execute on function referral_lapse() to watch_app, watch_centre;

-- Handling of cases: who is whose colleague, and what opens a contact.
revoke execute on function case_staff(text, integer, text), district_staff(text), contact_left(bigint), open_contact(bigint) from public;
grant execute on function district_staff(text), contact_left(bigint), open_contact(bigint) to watch_centre;
grant execute on function district_staff(text) to watch_wide;

-- Meetings: counts of districts, of no single case, and for a district's people their own alone; verified ones of all.
revoke execute on function meeting_leader(), watch_may_count(text), meeting_came(integer), verified_by_day(date, date, text[]),
    decided_districts(date, date),
    meeting_case_figures(text[], date, date, timestamptz, text[], text[], interval, interval, interval),
    meeting_reporting(text[], date, date, timestamptz) from public;
grant execute on function meeting_leader(), meeting_came(integer), verified_by_day(date, date, text[]),
    decided_districts(date, date),
    meeting_case_figures(text[], date, date, timestamptz, text[], text[], interval, interval, interval),
    meeting_reporting(text[], date, date, timestamptz) to watch_centre, watch_wide, watch_planner;

-- Patrols: who may plan them, and the passes of those that came in.
revoke execute on function patrol_planner(), border_cut(), border_pass_fill(bigint[]) from public;
grant execute on function patrol_planner(), border_pass_fill(bigint[]) to watch_centre, watch_wide, watch_planner;
revoke execute on function release_maker() from public;
grant execute on function release_maker() to watch_wide;
revoke execute on function plan_maker(), plan_approver() from public;
grant execute on function plan_maker(), plan_approver() to watch_centre, watch_wide, watch_planner;

-- Reports: counts of districts; who may sign; and the reminders of the clock.
revoke execute on function report_signer(text), remind_reports(date), audit_head(),
    centre_figures(text[], date, date, timestamptz, interval, interval) from public;
grant execute on function report_signer(text), centre_figures(text[], date, date, timestamptz, interval, interval)
    to watch_centre, watch_wide;
grant execute on function audit_head() to watch_app, watch_centre, watch_wide;
grant execute on function remind_reports(date) to watch_app;
-- Silence: dates of places, of no single report; names and contacts for the district's own people.
revoke execute on function silence_places(), silence_days(date), silence_coordinators(), may_call(integer),
    keep_coordinator_contact(integer, bytea), open_coordinator_contact(integer) from public;
grant execute on function silence_places(), silence_days(date) to watch_centre, watch_wide, watch_planner;
grant execute on function silence_coordinators(), keep_coordinator_contact(integer, bytea), open_coordinator_contact(integer)
    to watch_centre;
revoke execute on function pair_keeper(), open_pair_contact(integer) from public;
grant execute on function pair_keeper() to watch_centre, watch_wide;
grant execute on function open_pair_contact(integer) to watch_centre;
-- Activities: who may write them, whom they trained, and counts of districts as meetings have them.
revoke execute on function activity_writer(), national_centre(), home_districts(), district_coordinators(text),
    trained_places(text[], date), trained_districts(date, date), told_by_day(date, date) from public;
grant execute on function activity_writer(), district_coordinators(text) to watch_centre, watch_wide;
grant execute on function national_centre() to watch_wide;
grant execute on function home_districts() to watch_coordinator;
grant execute on function trained_places(text[], date), trained_districts(date, date), told_by_day(date, date)
    to watch_centre, watch_wide, watch_planner;

-- ---------------------------------------------------------------- a demonstration
-- The web process may not read incidents, and has to know whether anybody may come in as a demonstration person: there
-- are demonstration incidents, and nobody real works here yet.
create or replace function watch_demonstration() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from incident where is_demo) and not exists (select from person where active and not is_demo) $$;
revoke execute on function watch_demonstration() from public;
grant execute on function watch_demonstration() to watch_app;
