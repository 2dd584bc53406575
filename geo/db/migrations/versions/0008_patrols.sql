-- Patrols: routes that people draw, runs that they plan and move, and when each kilometre of border was last passed. Who may
-- read and write what stands in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

alter table patrol_route drop constraint patrol_route_kind_check;
alter table patrol_route add constraint patrol_route_kind_check check (kind in ('land', 'foot', 'vehicle', 'river'));
alter table patrol_route
    add column note    text check (char_length(note) <= 2000),
    add column active  boolean not null default true,
    add column made_by integer references person (id),
    add column made_at timestamptz not null default now();
comment on column patrol_route.note is 'What those who go have to know, as somebody typed it.';
comment on column patrol_route.active is 'Offered for new runs; old runs keep a route that was retired.';

alter table patrol
    add column districts   text[] not null default '{}',
    add column series      uuid,
    add column note        text check (char_length(note) <= 2000),
    add column contact     text check (char_length(contact) <= 200),
    add column reason      text check (char_length(reason) <= 2000),
    add column made_by     integer references person (id),
    add column km          double precision,
    add column hours       double precision,
    add column route_share real,
    add column off_mean_m  real,
    add column off_most_m  real;
comment on column patrol.districts is 'District of its route and those that its track touches: who of the districts may see it.';
comment on column patrol.series is 'Runs that were planned together.';
comment on column patrol.contact is 'How those who go are reached while they are out.';
comment on column patrol.reason is 'Why it is in the state it is in, as somebody typed it.';
comment on column patrol.km is 'Length of the track as drawn, on the ellipsoid; hours is the time it took, without the gaps.';
comment on column patrol.route_share is 'Share of the route''s length that the track passed; off_… are metres between track and route.';
create index patrol_districts on patrol using gin (districts);
create index patrol_series on patrol (series) where series is not null;
create index patrol_started on patrol (started_at);

create table patrol_event (
    id          bigint generated always as identity primary key,
    patrol_id   bigint not null references patrol (id) on delete cascade,
    at          timestamptz not null default now(),
    person_id   integer references person (id),
    from_status text,
    to_status   text not null,
    reason      text
);
comment on table patrol_event is 'Who moved a run to which state, when and why; without a person it was a file or the clock.';
create index patrol_event_of on patrol_event (patrol_id, id);

create table border_segment (
    id           integer generated always as identity primary key,
    section_code text not null references border_section (code) on delete cascade,
    part         smallint not null,
    number       smallint not null,
    km           double precision not null,
    middle       geometry(Point, 4326) not null,
    geom         geometry(LineString, 4326) not null,
    unique (section_code, part, number)
);
comment on table border_segment is 'The border in pieces of at most a kilometre, in their order along each part of a section.';
create index border_segment_middle on border_segment using gist (middle);

create table border_pass (
    segment_id integer not null references border_segment (id) on delete cascade,
    patrol_id  bigint not null references patrol (id) on delete cascade,
    agency     text,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    km         real not null,
    primary key (segment_id, patrol_id)
);
comment on table border_pass is 'Which patrol came near the middle of which piece of border, and when.';
comment on column border_pass.km is 'Kilometres of the track to which no other piece of border was nearer.';
create index border_pass_patrol on border_pass (patrol_id);
create index border_pass_last on border_pass (segment_id, last_at desc) include (agency, km);

-- ---------------------------------------------------------------- the border in pieces, and who passed them
create function border_cut() returns integer language plpgsql as $$
-- Cut the sections anew, and find the passes of all patrols again; how many pieces there are.
declare pieces integer;
begin
    delete from border_segment;
    insert into border_segment (section_code, part, number, km, middle, geom)
    select code, part, n, st_length(piece::geography) / 1000, st_lineinterpolatepoint(piece, 0.5), piece
    from (
        select s.code, d.path[1] as part, n, st_linesubstring(d.geom, n::float8 / count, (n + 1)::float8 / count) as piece
        from border_section s, st_dump(s.geom) d,
            lateral (select greatest(1, ceil(st_length(d.geom::geography) / 1000))::integer as count) c,
            generate_series(0, count - 1) n) cut
    order by code, part, n;
    get diagnostics pieces = row_count;
    analyze border_segment;
    perform border_pass_fill(array(select id from patrol where geom is not null));
    return pieces;
end $$;

create function border_pass_fill(patrols bigint[]) returns void
language sql security definer set search_path = public, pg_temp as $$
-- Find the passes of some patrols anew. Steps between two fixes that can be believed, at most half an hour apart, pass a piece
-- of border where they come within 1.5 km of its middle: the line lies in a river that is as wide in places.
    delete from border_pass where patrol_id = any (patrols);
    insert into border_pass (segment_id, patrol_id, agency, first_at, last_at, km)
    with step as (
        select f.patrol_id, f.fixed_at as left_at, f.impossible, f.geom as here, lead(f.fixed_at) over w as came_at,
               lead(f.impossible) over w as next_impossible, lead(f.geom) over w as there
        from patrol_fix f where f.patrol_id = any (patrols) window w as (partition by f.patrol_id order by f.fixed_at)
    ), way as (
        select patrol_id, left_at, came_at, st_makeline(here, there) as line from step
        where not impossible and not next_impossible and came_at - left_at <= interval '30 minutes'
    ), near as (
        select w.patrol_id, w.left_at, w.came_at, w.line, s.id, st_distance(s.middle::geography, w.line::geography) as m
        from way w join border_segment s on s.middle && st_expand(w.line, 0.0165)
    ), ranked as (
        select *, row_number() over (partition by patrol_id, left_at order by m) as rank from near where m <= 1500
    )
    select r.id, r.patrol_id, (select coalesce(p.agency, t.agency) from patrol p left join patrol_route t on t.id = p.route_id
                               where p.id = r.patrol_id),
           min(left_at), max(came_at), coalesce(sum(st_length(line::geography)) filter (where rank = 1), 0) / 1000
    from ranked r group by r.id, r.patrol_id $$;

-- ---------------------------------------------------------------- rules of a run
create function patrol_planner() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may draw routes and plan runs: geo.model.patrol.PLANS.
    select exists (select from person p where p.id = watch_person() and p.active
                   and p.role in ('officer', 'chief', 'commander', 'planner', 'national')) $$;

create function patrol_rules() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- A run moves only from a state to one that may follow (geo.model.patrol.FOLLOWS), with what the new state needs; and it is
-- known in which districts it is.
begin
    if tg_op = 'UPDATE' then
        if new.status <> old.status and (
            old.status || ' ' || new.status not in (
                'scheduled ready', 'scheduled start_overdue', 'scheduled active', 'scheduled done', 'scheduled cancelled',
                'ready scheduled', 'ready start_overdue', 'ready active', 'ready done', 'ready cancelled',
                'start_overdue ready', 'start_overdue active', 'start_overdue done', 'start_overdue cancelled',
                'active done', 'active cancelled', 'done active')
            or old.status = 'done' and not coalesce(new.ended_at > old.ended_at, false)) then -- only a longer track opens it again
            raise exception 'a patrol does not go from % to %', old.status, new.status using errcode = 'check_violation';
        end if;
        if old.status = 'cancelled' and (new.scheduled_start, new.reason, new.route_id)
                                        is distinct from (old.scheduled_start, old.reason, old.route_id) then
            raise exception 'what was called off stays so' using errcode = 'check_violation';
        end if;
    end if;
    if current_setting('role') <> 'none' and (tg_op = 'INSERT' or new.status <> old.status) and (
        new.status in ('active', 'done') and new.started_at is null and new.geom is null
        or new.status = 'done' and new.ended_at is null and new.geom is null
        or new.status = 'cancelled' and coalesce(new.reason, '') = '') then
        raise exception 'a patrol that is % says since when, or why', new.status using errcode = 'check_violation';
    end if;
    if tg_op = 'INSERT' or new.geom is distinct from old.geom or new.route_id is distinct from old.route_id
       or new.districts is distinct from old.districts or new.geom is null then
        new.districts := array(
            select r.district_code from patrol_route r where r.id = new.route_id and r.district_code is not null
            union select a.area_code from area_part a where new.geom is not null and st_intersects(a.geom, new.geom)
            union select a.area_code from patrol_fix f join area_part a on st_intersects(a.geom, f.geom)
                  where new.geom is null and f.patrol_id = new.id and not f.impossible
            order by 1);
    end if;
    return new;
end $$;
create trigger patrol_rules before insert or update on patrol for each row execute function patrol_rules();

create function patrol_moved() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- What happened to a run is written down by whoever moves it; passes go by the agency that it has now.
begin
    if tg_op = 'INSERT' and new.made_by is not null or tg_op = 'UPDATE' and new.status <> old.status then
        insert into patrol_event (patrol_id, person_id, from_status, to_status, reason)
        values (new.id, watch_person(), case when tg_op = 'UPDATE' then old.status end, new.status,
                case when tg_op = 'INSERT' or new.reason is distinct from old.reason then new.reason end);
    end if;
    if tg_op = 'UPDATE' and (new.agency, new.route_id) is distinct from (old.agency, old.route_id) then
        update border_pass set agency = coalesce(new.agency, (select r.agency from patrol_route r where r.id = new.route_id))
        where patrol_id = new.id;
    end if;
    return null;
end $$;
create trigger patrol_moved after insert or update on patrol for each row execute function patrol_moved();

create function patrol_route_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Where a route runs is not changed: runs were planned and judged along it. Its runs follow its district and agency.
begin
    if current_setting('role') <> 'none' and not st_orderingequals(new.geom, old.geom) then
        raise exception 'another way is another route' using errcode = 'insufficient_privilege';
    end if;
    if new.district_code is distinct from old.district_code then
        update patrol set districts = '{}' where route_id = new.id;
    end if;
    if new.agency is distinct from old.agency then
        update border_pass b set agency = new.agency from patrol p
        where p.id = b.patrol_id and p.route_id = new.id and p.agency is null;
    end if;
    return null;
end $$;
create trigger patrol_route_stays after update on patrol_route for each row execute function patrol_route_stays();

create function patrol_event_stays() returns trigger language plpgsql as $$
-- What happened stays, and goes with its run.
begin
    if tg_op = 'DELETE' then
        if not exists (select from patrol p where p.id = old.patrol_id) then return old; end if;
    end if;
    raise exception 'what happened to a patrol is not changed' using errcode = 'insufficient_privilege';
end $$;
create trigger patrol_event_stays before update or delete on patrol_event for each row execute function patrol_event_stays();

create trigger tell_office after insert or update or delete on patrol for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on patrol_route for each statement execute function tell_office();

-- ---------------------------------------------------------------- what there is already
update patrol set districts = '{}';
select border_cut();
