-- Meetings: what they look at, frozen, and what they decide. Who may read and write what stands in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create table meeting (
    id            integer generated always as identity primary key,
    title         text not null check (title <> '' and char_length(title) <= 200),
    held_on       date not null,
    prepared_by   integer references person (id),
    state         text not null default 'prepared' check (state in ('prepared', 'running', 'held')),
    districts     text[] not null check (cardinality(districts) between 1 and 100),
    first_day     date not null,
    last_day      date not null check (last_day >= first_day),
    crime_types   text[] not null default '{}',
    channels      text[] not null default '{}',
    verified_only boolean not null default true,
    layers        text[] not null default '{}',
    hides_small   boolean not null default true,
    as_of         timestamptz not null default now(),
    created_at    timestamptz not null default now(),
    started_at    timestamptz,
    finished_at   timestamptz,
    is_demo       boolean not null default false,
    check ((state = 'held') = (finished_at is not null))
);
comment on column meeting.districts is 'In the order in which they are looked at.';
comment on column meeting.as_of is 'Moment of the snapshot: nothing that was reported later is in it.';
create index meeting_day on meeting (held_on desc, id desc);

create table meeting_sheet (
    meeting_id    integer not null references meeting (id) on delete cascade,
    place         smallint not null check (place >= 0),
    district_code text check ((place = 0) = (district_code is null)),
    content       jsonb not null,
    primary key (meeting_id, place)
);
comment on table meeting_sheet is 'What screen and papers show of one district, as geo.model.meeting_sheet; place 0 is the overview.';

create table decision (
    id            integer generated always as identity primary key,
    meeting_id    integer not null references meeting (id) on delete cascade,
    district_code text not null references area (code) deferrable initially deferred,
    words         text not null check (words <> '' and char_length(words) <= 2000),
    owner_id      integer references person (id),
    agency        text references agency (code),
    due           date not null,
    geom          geometry(Point, 4326),
    area_code     text references area (code) deferrable initially deferred,
    checkpoint_id integer references checkpoint (id) on delete set null,
    state         text not null default 'open' check (state in ('open', 'done', 'dropped')),
    reason        text check (char_length(reason) <= 2000),
    decided_by    integer not null references person (id),
    decided_at    timestamptz not null default now(),
    ended_by      integer references person (id),
    ended_at      timestamptz,
    is_demo       boolean not null default false,
    check (num_nonnulls(owner_id, agency) = 1),
    check (num_nonnulls(geom, area_code) <= 1),
    check ((state = 'open') = (ended_at is null)),
    check (state <> 'dropped' or reason is not null)
);
comment on column decision.words is 'What was decided, as somebody typed it.';
comment on column decision.reason is 'Why it was dropped, or what was done.';
create index decision_meeting on decision (meeting_id);
create index decision_district on decision (district_code, state);
create index decision_owner on decision (owner_id) where state = 'open';
create index decision_checkpoint on decision (checkpoint_id) where checkpoint_id is not null;

alter table notification add column decision_id integer references decision (id) on delete cascade;
comment on column notification.decision_id is 'The decision that somebody was given, where it is not about a case.';
create index notification_decision on notification (decision_id) where decision_id is not null;

-- ---------------------------------------------------------------- what is frozen stays
create function meeting_stays() returns trigger language plpgsql as $$
-- Of a meeting only its state moves, and only forward.
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a meeting is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if to_jsonb(new) - '{state,started_at,finished_at}'::text[] <> to_jsonb(old) - '{state,started_at,finished_at}'::text[]
       or old.state || ' ' || new.state not in ('prepared running', 'running held') then
        raise exception 'a meeting is not changed, only held' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger meeting_stays before update or delete on meeting for each row execute function meeting_stays();
create trigger meeting_all_stay before truncate on meeting for each statement execute function meeting_stays();

create function meeting_sheet_stays() returns trigger language plpgsql as $$
-- Sheets are written in the transaction that writes their meeting, and go with it.
begin
    if tg_op = 'INSERT' and exists (select from meeting m where m.id = new.meeting_id and m.created_at = now()) then
        return new;
    end if;
    if tg_op = 'DELETE' then
        if not exists (select from meeting m where m.id = old.meeting_id) then return old; end if;
    end if;
    raise exception 'what a meeting looked at is not changed' using errcode = 'insufficient_privilege';
end $$;
create trigger meeting_sheet_stays before insert or update or delete on meeting_sheet
    for each row execute function meeting_sheet_stays();
create trigger meeting_sheet_all_stay before truncate on meeting_sheet
    for each statement execute function meeting_sheet_stays();

create function meeting_leader() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may prepare meetings and decide in them: geo.model.meeting.PREPARES.
    select exists (select from person p where p.id = watch_person() and p.active
                   and p.role in ('chief', 'commander', 'planner', 'national')) $$;

create function decision_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- What was decided, where and when stays; what has ended stays as it ended; who only has to do it says how it ended, no more.
begin
    if to_jsonb(new) - '{words,owner_id,agency,due,geom,area_code,checkpoint_id,state,reason,ended_by,ended_at}'::text[]
       <> to_jsonb(old) - '{words,owner_id,agency,due,geom,area_code,checkpoint_id,state,reason,ended_by,ended_at}'::text[] then
        raise exception 'where and when something was decided is not changed' using errcode = 'insufficient_privilege';
    end if;
    if old.state <> 'open' and to_jsonb(new) - 'checkpoint_id' <> to_jsonb(old) - 'checkpoint_id' then
        raise exception 'what has ended is not changed' using errcode = 'insufficient_privilege';
    end if;
    if current_setting('role') <> 'none' and not meeting_leader()
       and to_jsonb(new) - '{state,reason,ended_by,ended_at}'::text[] <> to_jsonb(old) - '{state,reason,ended_by,ended_at}'::text[] then
        raise exception 'only who may decide changes a decision' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger decision_stays before update on decision for each row execute function decision_stays();

create function decision_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Who was given something to do by somebody else is told so.
begin
    if new.owner_id is null or new.state <> 'open' or tg_op = 'UPDATE' and new.owner_id is not distinct from old.owner_id then
        return null;
    end if;
    insert into notification (person_id, kind, decision_id)
    select p.id, 'decision_assigned', new.id from person p
    where p.id = new.owner_id and p.active and p.id is distinct from watch_person();
    return null;
end $$;
create trigger decision_told after insert or update on decision for each row execute function decision_told();

create trigger tell_office after insert or update or delete on meeting for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on decision for each statement execute function tell_office();

-- ---------------------------------------------------------------- counts of districts, never a case
create function watch_may_count(district text) returns boolean language sql stable as $$
-- Whether who asks may know how many cases a district has, verified or not.
    select current_setting('role') in ('watch_wide', 'watch_planner', 'none')
        or current_setting('role') = 'watch_centre' and district = any (watch_districts()) $$;

create function meeting_case_figures(
    districts text[], first_day date, last_day date, moment timestamptz, types text[], channels text[],
    first_look interval, verification interval, closure interval
) returns table (district_code text, reported bigint, verified bigint, median_hours double precision, open bigint, overdue bigint)
language sql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
-- Of each district, and of all of them together (without a code): incidents of the period that were known at a moment, how many of them were verified then and the median
-- hours that took; and the cases that were open then, with those whose time to be looked at, verified or closed was over.
    with asked as (select d.code from unnest(districts) d (code) where watch_may_count(d.code)),
    judged as (
        select i.district_code as code,
               i.status in ('verified', 'referred', 'closed') and coalesce(f.verified_at <= moment, true) as good,
               extract(epoch from f.verified_at - coalesce(f.reopened_at, i.reported_at)) / 3600 as hours
        from incident i left join case_file f on f.incident_id = i.id
        where i.day between first_day and last_day and i.reported_at <= moment
          and i.district_code = any (array(select code from asked)) and i.status not in ('unfounded', 'duplicate')
          and (types = '{}' or i.crime_type = any (types)) and (meeting_case_figures.channels = '{}' or i.channel = any (meeting_case_figures.channels))
    ), counted as (
        select j.code, count(*) as n, count(*) filter (where good) as good,
               percentile_cont(0.5) within group (order by hours::double precision) filter (where good and hours >= 0) as hours
        from judged j group by grouping sets ((j.code), ())
    ), waiting as (
        select i.id from incident i
        where i.status in ('received', 'verifying') and i.district_code = any (array(select code from asked))
        union
        select f.incident_id from case_file f join incident i on i.id = f.incident_id
        where (f.closed_at is null and i.status in ('verified', 'referred') or f.closed_at > moment)
          and i.district_code = any (array(select code from asked))
    ), left_open as (
        select i.district_code as code, count(*) as n, count(*) filter (where
            i.status = 'received' and f.first_look_at is null and f.reopened_at is null and i.reported_at + first_look < moment
            or coalesce(f.verified_at > moment, i.status in ('received', 'verifying'))
               and coalesce(f.reopened_at, i.reported_at) + verification < moment
            or coalesce(f.reopened_at, i.reported_at) + closure < moment) as late
        from waiting w join incident i on i.id = w.id left join case_file f on f.incident_id = i.id
        where i.reported_at <= moment
          and (types = '{}' or i.crime_type = any (types)) and (meeting_case_figures.channels = '{}' or i.channel = any (meeting_case_figures.channels))
        group by grouping sets ((i.district_code), ())
    )
    select a.code, coalesce(c.n, 0), coalesce(c.good, 0), c.hours, coalesce(o.n, 0), coalesce(o.late, 0)
    from (select code from asked union all select null) a left join counted c on c.code is not distinct from a.code
    left join left_open o on o.code is not distinct from a.code $$;

create function meeting_reporting(districts text[], first_day date, last_day date, moment timestamptz)
returns table (district_code text, reported bigint, silent bigint, watched bigint)
language sql stable security definer set search_path = public, pg_temp as $$
-- Of each district: how many sub-districts sent a report in the period; and of those that have a coordinator, how many sent
-- neither a report nor the word that there was nothing.
    with asked as (select d.code from unnest(districts) d (code) where watch_may_count(d.code)),
    span as (select first_day::timestamp at time zone 'Asia/Bangkok' as begins,
                    least((last_day + 1)::timestamp at time zone 'Asia/Bangkok', moment) as ends),
    heard as (
        select distinct left(r.area_code, 6) as code from report r, span s
        where r.received_at >= s.begins and r.received_at < s.ends and length(r.area_code) >= 6
          and left(r.area_code, 4) = any (array(select code from asked))
    ), quiet as (
        select distinct left(q.area_code, 6) as code from quiet_month q
        where q.month between date_trunc('month', first_day) and last_day and q.said_at <= moment
          and left(q.area_code, 4) = any (array(select code from asked))
    ), watched as (
        select distinct left(p.area_code, 6) as code from person p
        where p.role = 'coordinator' and p.active and length(p.area_code) >= 6
          and left(p.area_code, 4) = any (array(select code from asked))
    )
    select a.code, (select count(*) from heard h where left(h.code, 4) = a.code),
           (select count(*) from watched w where left(w.code, 4) = a.code
            and w.code not in (select code from heard) and w.code not in (select code from quiet)),
           (select count(*) from watched w where left(w.code, 4) = a.code)
    from asked a $$;

create function meeting_came(meeting integer) returns table (district_code text, n bigint)
language sql stable security definer set search_path = public, pg_temp as $$
-- What came to a meeting's districts within its choice after its snapshot, verified or not.
    select i.district_code, count(*) from meeting m
    join incident i on i.district_code = any (m.districts) and i.day between m.first_day and m.last_day
    where m.id = meeting_came.meeting and (i.reported_at > m.as_of or i.created_at > m.created_at)
      and i.status not in ('unfounded', 'duplicate')
      and (m.crime_types = '{}' or i.crime_type = any (m.crime_types)) and (m.channels = '{}' or i.channel = any (m.channels))
      and watch_may_count(i.district_code)
    group by 1 $$;

create function decided_districts(first_day date, last_day date) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
-- Districts for which something was decided on these days: they are no comparison for another. Not what was decided.
    select distinct d.district_code from decision d where timezone('Asia/Bangkok', d.decided_at)::date between first_day and last_day $$;

create function verified_by_day(first_day date, last_day date, types text[])
returns table (district_code text, day date, n bigint)
language sql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
-- Verified incidents of each border district by day, without those that patrols found themselves: what one's own district is
-- compared with.
    select i.district_code, i.day, count(*) from incident i join area a on a.code = i.district_code
    where i.day between first_day and last_day and i.status in ('verified', 'referred', 'closed') and i.channel <> 'patrol'
      and a.is_border and (types = '{}' or i.crime_type = any (types))
    group by 1, 2 $$;
