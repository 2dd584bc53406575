-- Work with people that no incident shows: training, outreach, meetings with agencies, visits across the border. People are
-- counted, never named. Who may read and write what stands in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create table activity (
    id               integer generated always as identity primary key,
    district_code    text not null references area (code) deferrable initially deferred,
    kind             text not null check (kind in ('training', 'news_tower', 'local_radio', 'school', 'online_post', 'publicity',
                         'agency_meeting', 'visit_to', 'visit_from')),
    title            text not null check (title <> '' and char_length(title) <= 200),
    state            text not null default 'held' check (state in ('planned', 'held', 'cancelled')),
    first_day        date not null,
    last_day         date not null,
    begins           time,
    ends             time,
    area_code        text references area (code) deferrable initially deferred,
    village          text check (village <> '' and char_length(village) <= 200),
    place            text check (place <> '' and char_length(place) <= 200),
    geom             geometry(Point, 4326),
    agency           text references agency (code),
    partner_code     text references area (code) deferrable initially deferred,
    partner          text check (partner <> '' and char_length(partner) <= 200),
    reach            integer check (reach between 0 and 100000000),
    baht             numeric(12, 2) check (baht >= 0),
    baht_source      text check (baht_source <> '' and char_length(baht_source) <= 200),
    score_before     real check (score_before between 0 and 100),
    score_after      real check (score_after between 0 and 100),
    scored           integer check (scored between 1 and 100000),
    satisfaction     real check (satisfaction between 1 and 5),
    answered         integer check (answered between 1 and 100000),
    note             text check (note <> '' and char_length(note) <= 4000),
    revision         integer not null default 1,
    made_by          integer references person (id),
    made_at          timestamptz not null default now(),
    changed_by       integer references person (id),
    changed_at       timestamptz not null default now(),
    source           text,
    source_key       text unique,
    client_id        uuid unique,
    is_demo          boolean not null default false,
    check (last_day between first_day and first_day + 366),
    check (ends is null or begins is not null),
    check (num_nonnulls(score_before, score_after) <> 1 and (score_before is null) = (scored is null)),
    check ((satisfaction is null) = (answered is null))
);
comment on column activity.begins is 'On a clock in Bangkok; nothing where it takes whole days.';
comment on column activity.area_code is 'Sub-district or village of the district.';
comment on column activity.place is 'Hall, school or page, as somebody typed it.';
comment on column activity.agency is 'Who organises it, where it is not the centre itself.';
comment on column activity.partner_code is 'District or commune across the border.';
comment on column activity.partner is 'The office across the border, as somebody typed it.';
comment on column activity.reach is 'Views, listeners or copies, as they were told; never added to people who came.';
comment on column activity.score_before is 'Mean in per cent of a test before, of the number in scored.';
comment on column activity.satisfaction is 'Mean from 1 to 5, of the number in answered.';
comment on column activity.revision is 'Grows with every change: who saves says which one they saw.';
comment on column activity.source_key is 'By which a row of a spreadsheet is known again.';
comment on column activity.client_id is 'Made by the page: the same activity sent again is the same activity.';
create index activity_day on activity (district_code, first_day);
create index activity_month on activity (first_day, last_day);

create table activity_attendance (
    activity_id integer not null references activity (id) on delete cascade,
    role        text not null check (role in ('headman', 'official', 'volunteer', 'villager', 'student', 'counterpart', 'other')),
    men         integer not null default 0 check (men between 0 and 100000),
    women       integer not null default 0 check (women between 0 and 100000),
    unstated    integer not null default 0 check (unstated between 0 and 100000),
    primary key (activity_id, role),
    check (men + women + unstated > 0)
);
comment on table activity_attendance is 'How many came, by what they do; never who.';

create table activity_coordinator (
    activity_id integer not null references activity (id) on delete cascade,
    person_id   integer not null references person (id),
    primary key (activity_id, person_id)
);
comment on table activity_coordinator is 'Accounts of coordinators that were trained: by them the villages with a trained one are counted.';
create index activity_coordinator_person on activity_coordinator (person_id);

create table activity_material (
    id          bigint generated always as identity primary key,
    activity_id integer not null references activity (id) on delete cascade,
    media_type  text not null check (media_type in ('image/jpeg', 'application/pdf')),
    content     bytea not null check (octet_length(content) between 1 and 5000000),
    sha256      bytea not null check (octet_length(sha256) = 32),
    note        text check (note <> '' and char_length(note) <= 200),
    added_by    integer not null references person (id),
    added_at    timestamptz not null default now(),
    unique (activity_id, sha256)
);

create table activity_follow_up (
    id          integer generated always as identity primary key,
    activity_id integer not null references activity (id) on delete cascade,
    words       text not null check (words <> '' and char_length(words) <= 1000),
    owner_id    integer references person (id),
    agency      text references agency (code),
    due         date not null,
    made_by     integer references person (id),
    made_at     timestamptz not null default now(),
    done_by     integer references person (id),
    done_at     timestamptz,
    check (num_nonnulls(owner_id, agency) <= 1),
    check (done_at is not null or done_by is null)
);
comment on column activity_follow_up.owner_id is 'Who does it; neither a person nor an agency means the centre.';
create index activity_follow_up_of on activity_follow_up (activity_id);
create index activity_follow_up_open on activity_follow_up (due) where done_at is null;

create table activity_target (
    indicator     text not null check (indicator in ('trained_villages', 'people_reached', 'places_heard', 'hours_to_verify')),
    district_code text references area (code) deferrable initially deferred,
    since         date not null check (extract(day from since) = 1 and extract(month from since) in (1, 4, 7, 10)),
    value         double precision not null check (value >= 0 and value <= 1000000),
    set_by        integer references person (id),
    set_at        timestamptz not null default now(),
    is_demo       boolean not null default false,
    constraint activity_target_one unique nulls not distinct (indicator, district_code, since)
);
comment on table activity_target is 'What the national centre aims at, from a quarter on; without a district for all that have none of their own.';

create table calendar_pass (
    person_id  integer primary key references person (id) on delete cascade,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    made_at    timestamptz not null default now()
);
comment on table calendar_pass is 'Opens the calendar of a person to their telephone. The secret itself is kept nowhere.';

create table meeting_item (
    meeting_id integer not null references meeting (id) on delete cascade,
    place      smallint not null check (place between 1 and 50),
    words      text not null check (words <> '' and char_length(words) <= 300),
    note       text check (note <> '' and char_length(note) <= 4000),
    primary key (meeting_id, place)
);
comment on table meeting_item is 'Agenda of a meeting and what was said of each item; no figure of its snapshot.';

create table meeting_attendance (
    meeting_id integer not null references meeting (id) on delete cascade,
    place      smallint not null check (place between 1 and 100),
    agency     text references agency (code),
    office     text check (office <> '' and char_length(office) <= 200),
    present    smallint not null check (present between 1 and 1000),
    primary key (meeting_id, place),
    check (num_nonnulls(agency, office) = 1)
);
comment on table meeting_attendance is 'How many came to a meeting, by agency or office; never who.';

-- ---------------------------------------------------------------- who may do what
create function activity_writer() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may write activities: geo.model.activity.WRITES.
    select exists (select from person p where p.id = watch_person() and p.active and p.role in ('officer', 'chief', 'national')) $$;

create function national_centre() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from person p where p.id = watch_person() and p.active and p.role = 'national') $$;

create function home_districts() returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
-- Districts of who asks: a coordinator's transaction has none of its own.
    select coalesce(array_agg(d.district_code), '{}') from person_district d where d.person_id = watch_person() $$;

create function activity_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Where an activity belongs and who wrote it first stays; none is taken away: what was wrong is cancelled.
declare
    moves text[] := '{kind,title,state,first_day,last_day,begins,ends,area_code,village,place,geom,agency,partner_code,partner,reach,baht,baht_source,score_before,score_after,scored,satisfaction,answered,note,revision,changed_by,changed_at}';
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'an activity is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if to_jsonb(new) - moves <> to_jsonb(old) - moves then
        raise exception 'where an activity belongs and who wrote it is not changed' using errcode = 'insufficient_privilege';
    end if;
    new.revision := old.revision + 1;
    new.changed_by := coalesce(watch_person(), new.changed_by);
    new.changed_at := now();
    return new;
end $$;
create trigger activity_stays before update or delete on activity for each row execute function activity_stays();
create trigger activity_all_stay before truncate on activity for each statement execute function activity_stays();
create trigger tell_office after insert or update or delete on activity for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on activity_follow_up for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on meeting_item for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on meeting_attendance for each statement execute function tell_office();

-- ---------------------------------------------------------------- people and counts of districts
create function district_coordinators(district text)
returns table (id integer, name text, area_code text, village text)
language sql stable security definer set search_path = public, pg_temp as $$
-- Coordinators at work in a district that who asks may write of.
    select p.id, p.name, p.area_code, p.village from person p
    where p.role = 'coordinator' and p.active and left(p.area_code, 4) = district and activity_writer()
      and (current_setting('role') <> 'watch_centre' or district = any (watch_districts()))
    order by p.area_code, p.village, p.name $$;

create function trained_places(districts text[], until date)
returns table (district_code text, watched bigint, trained bigint)
language sql stable security definer set search_path = public, pg_temp as $$
-- Of each district: villages and sub-districts that have a coordinator now, and those of them one of whose coordinators was at a
-- training that was held by a day.
    with asked as (select d.code from unnest(districts) d (code) where watch_may_count(d.code)),
    known as (
        select left(p.area_code, 4) as code, p.area_code, coalesce(p.village, '') as village, bool_or(exists (
                   select from activity_coordinator c join activity a on a.id = c.activity_id
                   where c.person_id = p.id and a.kind = 'training' and a.state = 'held' and a.last_day <= until)) as trained
        from person p where p.role = 'coordinator' and p.active and left(p.area_code, 4) = any (array(select code from asked))
        group by 1, 2, 3
    )
    select a.code, count(k.area_code), count(k.area_code) filter (where k.trained)
    from asked a left join known k on k.code = a.code group by a.code $$;

create function trained_districts(first_day date, last_day date) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
-- Districts where a training was held on these days: they are no comparison for another. Not which.
    select distinct a.district_code from activity a
    where a.kind = 'training' and a.state = 'held' and a.last_day between trained_districts.first_day and trained_districts.last_day $$;

create function told_by_day(first_day date, last_day date) returns table (district_code text, day date, n bigint)
language sql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
-- Reports of coordinators and the public that proved true, of each border district by the day they came in: what one's own
-- district is compared with.
    select i.district_code, timezone('Asia/Bangkok', i.reported_at)::date, count(*)
    from incident i join area a on a.code = i.district_code
    where i.reported_at >= first_day::timestamp at time zone 'Asia/Bangkok'
      and i.reported_at < (last_day + 1)::timestamp at time zone 'Asia/Bangkok'
      and i.status in ('verified', 'referred', 'closed') and i.channel in ('coordinator', 'online') and a.is_border
    group by 1, 2 $$;

-- ---------------------------------------------------------------- silence: who was trained is known now
create function silence_places() returns table (
    district_code text, area_code text, village text, coordinators bigint, trained boolean, since timestamptz, last_report timestamptz,
    said_at timestamptz, said_month date, called_at timestamptz, called_outcome text)
language sql stable security definer set search_path = public, pg_temp as $$
-- Every place with a coordinator, and every sub-district without any, of the border districts that who asks may count: when
-- something was last heard from it, and whether one of its coordinators was trained; nothing where the district writes down no training.
-- Nobody's name.
    with asked as materialized (
        select a.code from area a where a.level = 'district' and a.country = 'TH' and watch_may_count(a.code)
           and (a.is_border or current_setting('role') = 'watch_centre')
    ), home as (
        select p.id, p.area_code, coalesce(p.village, '') as village, p.active, p.created_at from person p
        where p.role = 'coordinator' and length(p.area_code) >= 6 and left(p.area_code, 4) in (select code from asked)
    ), taught as (
        select distinct c.person_id, a.district_code from activity a join activity_coordinator c on c.activity_id = a.id
        where a.kind = 'training' and a.state = 'held' and a.district_code in (select code from asked)
    ), place as (
        select h.area_code, h.village, count(*) filter (where h.active) as n,
               bool_or(h.id in (select person_id from taught)) filter (where h.active) as trained, min(h.created_at) filter (where h.active) as since,
               max(last.at) as last_report
        from home h, lateral (select max(r.received_at) as at from report r where r.entered_by = h.id) last
        group by 1, 2 having count(*) filter (where h.active) > 0
        union all
        select a.code, '', 0, null, null, null from area a
        where a.level = 'subdistrict' and a.country = 'TH' and a.parent_code in (select code from asked)
          and not exists (select from home h where h.active and left(h.area_code, 6) = a.code)
    )
    select left(p.area_code, 4), p.area_code, p.village, p.n,
           case when left(p.area_code, 4) in (select district_code from taught) then p.trained end, p.since, p.last_report, said.said_at, said.month,
           called.called_at, called.outcome
    from place p
    left join lateral (select q.said_at, q.month from quiet_month q where q.area_code = p.area_code and q.village = p.village
                       order by q.month desc limit 1) said on true
    left join lateral (select c.called_at, c.outcome from silence_call c where c.area_code = p.area_code and c.village = p.village
                       order by c.called_at desc, c.id desc limit 1) called on true
    order by 1, 2, 3 $$;
