-- The store. Columns are named for people who open it in QGIS or SQL; geometry is WGS 84 (EPSG:4326).

create extension if not exists postgis;

-- ---------------------------------------------------------------- places
create table area (
    code          text primary key,
    level         text not null check (level in ('country', 'province', 'district', 'subdistrict', 'village')),
    country       text not null check (country in ('TH', 'LA', 'KH')),
    parent_code   text references area (code) deferrable initially deferred,
    name_th       text,
    name_en       text,
    is_border     boolean not null default false,
    target        text not null default 'no' check (target in ('named', 'likely', 'unknown', 'no')),
    target_source text,
    neighbours    text[] not null default '{}',
    population    integer check (population > 0),
    rep_point     geometry(Point, 4326),
    geom          geometry(MultiPolygon, 4326),
    geom_source   text,
    is_approximate boolean not null default false,
    updated_at    timestamptz not null default now()
);
create index area_geom on area using gist (geom);
create index area_level on area (level, country);
create index area_parent on area (parent_code);

-- Districts cut into small pieces: a point is found in a piece of 64 vertices ten times faster than in the whole.
create table area_part (
    area_code text not null references area (code) on delete cascade deferrable initially deferred,
    geom      geometry(Polygon, 4326) not null
);
create index area_part_geom on area_part using gist (geom);
create index area_part_area on area_part (area_code);

create table border_section (
    code          text primary key,
    district_code text not null references area (code) deferrable initially deferred,
    neighbour     text not null check (neighbour in ('LA', 'KH')),
    undetermined  boolean not null default false,
    note          text,
    length_km     double precision not null,
    geom          geometry(MultiLineString, 4326) not null,
    unique (district_code, neighbour)
);
create index border_section_geom on border_section using gist (geom);

create table crossing (
    id            integer generated always as identity primary key,
    code          text not null unique,
    name_th       text not null,
    name_en       text not null,
    kind          text not null check (kind in ('permanent', 'temporary', 'border_trade_relaxed', 'natural_route')),
    neighbour     text not null check (neighbour in ('LA', 'KH')),
    district_code text references area (code) deferrable initially deferred,
    accuracy      text not null check (accuracy in ('good', 'approx', 'poor')),
    source        text not null,
    geom          geometry(Point, 4326) not null
);
create index crossing_geom on crossing using gist (geom);

-- ---------------------------------------------------------------- words that administrators extend
create table crime_type (
    code      text primary key,
    id        smallint generated always as identity unique,
    name_th   text not null,
    name_en   text not null,
    name_lo   text,
    name_km   text,
    iccs_code text,
    colour    text check (colour ~ '^#[0-9a-f]{6}$'),
    is_crime  boolean not null default true,
    sort      smallint not null default 100,
    is_public boolean not null default true,
    active    boolean not null default true
);
comment on column crime_type.is_public is 'Offered in the public form.';
comment on column crime_type.active is 'Offered for what is reported from now on; old cases keep a type that was retired.';

create table agency (
    code      text primary key,
    name_th   text not null,
    name_en   text not null,
    abbrev_th text,
    active    boolean not null default true
);
comment on column agency.active is 'Offered for what is referred from now on; old cases keep an agency that was retired.';

-- ---------------------------------------------------------------- incidents
create function zkey(lon double precision, lat double precision) returns bigint
language plpgsql immutable strict parallel safe as $$
-- Z-order (Morton) key of a Web Mercator cell at zoom 26, about 0.6 m: the x bit of each pair is the lower one.
-- A map tile of any zoom is one contiguous range of keys.
declare
    x bigint := least(67108863, greatest(0, floor((lon + 180) / 360 * 67108864)::bigint));
    y bigint := least(67108863, greatest(0, floor(
        (1 - ln(tan(pi() / 4 + radians(case when abs(lat) < 1e-12 then 0 else least(85.05, greatest(-85.05, lat)) end) / 2))
         / pi()) / 2 * 67108864)::bigint)); -- what is next to nothing would be an underflow
begin
    x := (x | (x << 16)) & 281470681808895;
    x := (x | (x << 8)) & 71777214294589695;
    x := (x | (x << 4)) & 1085102592571150095;
    x := (x | (x << 2)) & 3689348814741910323;
    x := (x | (x << 1)) & 6148914691236517205;
    y := (y | (y << 16)) & 281470681808895;
    y := (y | (y << 8)) & 71777214294589695;
    y := (y | (y << 4)) & 1085102592571150095;
    y := (y | (y << 2)) & 3689348814741910323;
    y := (y | (y << 1)) & 6148914691236517205;
    return x | (y << 1);
end $$;

create function zkey_axis(key bigint) returns bigint
language plpgsql immutable strict parallel safe as $$
-- The even bits of a key put together again: x of ``key``, or y of ``key >> 1``.
declare v bigint := key & 6148914691236517205;
begin
    v := (v | (v >> 1)) & 3689348814741910323;
    v := (v | (v >> 2)) & 1085102592571150095;
    v := (v | (v >> 4)) & 71777214294589695;
    v := (v | (v >> 8)) & 281470681808895;
    return (v | (v >> 16)) & 4294967295;
end $$;

create table incident (
    id                  bigint generated always as identity primary key,
    public_id           text not null unique,
    crime_type          text not null references crime_type (code),
    other_crime_types   text[] not null default '{}',
    occurred_at         timestamptz not null,
    occurred_day_only   boolean not null default false,
    reported_at         timestamptz not null default now(),
    status              text not null default 'received' check (status in
        ('received', 'verifying', 'verified', 'unfounded', 'duplicate', 'referred', 'closed')),
    channel             text not null check (channel in ('coordinator', 'online', 'patrol', 'agency')),
    district_code       text references area (code) deferrable initially deferred,
    district_stated     boolean not null default false,
    point_district_code text references area (code) deferrable initially deferred,
    district_conflict   boolean not null default false,
    location_check      text not null default 'no_point' check (location_check in
        ('inside', 'snapped', 'outside', 'no_point')),
    snap_distance_m     real,
    location_note       text,
    geom                geometry(Point, 4326) check (not st_isempty(geom)),
    day                 date not null generated always as ((timezone('Asia/Bangkok', occurred_at))::date) stored,
    zkey                bigint generated always as (zkey(st_x(geom), st_y(geom))) stored,
    source              text,
    source_key          text unique,
    is_demo             boolean not null default false,
    created_at          timestamptz not null default now()
);
comment on column incident.district_code is 'District as stated by the reporter, else the one found from the point. A stated one is never overwritten.';
comment on column incident.point_district_code is 'District that the point lies in, or the nearest within 600 m.';
comment on column incident.district_conflict is 'The stated district is not the one of the point.';
comment on column incident.snap_distance_m is 'Metres to the district where the point lies outside all of them but within 600 m of one.';
comment on column incident.day is 'Day of occurred_at in Asia/Bangkok.';
create index incident_geom on incident using gist (geom);
create index incident_tile on incident (zkey) include (day, crime_type, status, channel, district_code);
create index incident_day on incident (day, zkey) include (crime_type, status, channel, district_code);
create index incident_newest on incident (reported_at desc, id desc) include (day, crime_type, status, channel, district_code);
create index incident_demo on incident (id) where is_demo;

create table report (
    id             bigint generated always as identity primary key,
    public_id      text not null unique default replace(gen_random_uuid()::text, '-', ''),
    incident_id    bigint references incident (id) on delete cascade,
    channel        text not null check (channel in ('coordinator', 'online', 'patrol', 'agency')),
    received_at    timestamptz not null default now(),
    description    text,
    location_note  text,
    geom           geometry(Point, 4326),
    source         text,
    is_demo        boolean not null default false
);
create index report_incident on report (incident_id);
create index report_geom on report using gist (geom);

create function incident_locate() returns trigger language plpgsql as $$
-- Every incident gets its district on the way in, whoever writes it: covered by a Thai district, else the nearest
-- within 600 m (boundaries are simplified to about 500 m), else none. A stated district stays as it was stated.
declare found_code text; metres double precision;
begin
    if tg_op = 'INSERT' then
        new.district_stated := new.district_code is not null;
    elsif new.district_code is distinct from old.district_code then
        new.district_stated := new.district_code is not null;
    end if;
    new.snap_distance_m := null;
    new.point_district_code := null;
    if new.geom is null then
        new.location_check := 'no_point';
    else
        select p.area_code into found_code from area_part p
            where p.geom && new.geom and st_intersects(p.geom, new.geom) order by p.area_code limit 1;
        if found_code is not null then
            new.location_check := 'inside';
        else
            -- In these latitudes 600 m are less than 0.0065 degrees: the cheap test first, metres for what is left.
            select c.area_code, c.m into found_code, metres from (
                select p.area_code, st_distance(p.geom::geography, new.geom::geography) as m
                from area_part p where st_dwithin(p.geom, new.geom, 0.0065) offset 0) c
            where c.m <= 600 order by c.m, c.area_code limit 1;
            if found_code is not null then
                new.location_check := 'snapped';
                new.snap_distance_m := metres;
            else
                new.location_check := 'outside';
            end if;
        end if;
        new.point_district_code := found_code;
    end if;
    if not new.district_stated then
        new.district_code := new.point_district_code;
    end if;
    new.district_conflict := new.district_stated and new.location_check <> 'no_point'
        and new.point_district_code is distinct from new.district_code;
    if new.public_id is null then
        new.public_id := 'NTS' || lpad(((extract(year from timezone('Asia/Bangkok', new.occurred_at))::int + 543) % 100)::text, 2, '0')
            || '-' || lpad(new.id::text, greatest(7, length(new.id::text)), '0');
    end if;
    return new;
end $$;
create trigger incident_locate before insert or update of geom, district_code, district_stated on incident
    for each row execute function incident_locate();

-- ---------------------------------------------------------------- counts kept beside the incidents
-- A tile far out would have to read every incident. It reads these instead: incidents by cell (a key shifted to a
-- level), by block of 1, 7 or 56 days counted from Monday 1 January 1900. A tier is a form and a length of block. The
-- form 'all' keeps all that a filter can ask. The form 'shown' is the short one for what is asked nearly always: no
-- unfounded, no duplicate, the rest as received (not yet verified) or verified, every channel together ('*'); it has
-- five times fewer rows and hardly grows once every cell has had every type. 'refuted' is the same for unfounded and
-- duplicate. Changes are appended as +1 and -1 (no row is contended, nothing can deadlock) and folded by incident_count_fold().
-- fx and fy are sums of the position inside the cell, from 0 to 1, so that a circle stands where its incidents are.
create table incident_count (
    level         smallint not null,
    tier          smallint not null,
    block         integer not null,
    cell          bigint not null,
    district_code text,
    crime_type    text not null,
    status        text not null,
    channel       text not null,
    n             integer not null,
    fx            real not null,
    fy            real not null
);
create index incident_count_tile on incident_count (level, tier, block, cell)
    include (district_code, crime_type, status, channel, n, fx, fy);
-- A tile is read from indexes alone only where PostgreSQL knows that all can see a page: it has to be told often, however
-- large the tables are. Where nothing was deleted that is a matter of the new pages.
alter table incident set (autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_scale_factor = 0.01);
alter table incident_count set (autovacuum_vacuum_insert_threshold = 50000, autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0);

create table incident_count_written (
    day date not null
);
comment on table incident_count_written is 'Days whose counts were written to since the last fold.';

create view incident_count_level as
    select level, tier, days, form, 2 * (26 - level) as shift, (1::bigint << (26 - level)) - 1 as mask,
           (1::bigint << (26 - level))::float8 as size
    from (values (9::smallint, 1::smallint, 7, 'all'), (9, 2, 56, 'all'), (12, 1, 7, 'all'), (12, 2, 56, 'all'), (14, 2, 56, 'all'),
                 (9, 7, 1, 'shown'), (9, 3, 7, 'shown'), (9, 4, 56, 'shown'),
                 (12, 7, 1, 'shown'), (12, 3, 7, 'shown'), (12, 4, 56, 'shown'),
                 (14, 3, 7, 'shown'), (14, 4, 56, 'shown'), (16, 4, 56, 'shown'),
                 (9, 5, 7, 'refuted'), (9, 6, 56, 'refuted'), (12, 5, 7, 'refuted'), (12, 6, 56, 'refuted'), (14, 6, 56, 'refuted')
         ) v (level, tier, days, form);

create function incident_look(status text) returns text
language sql immutable parallel safe as $$ -- not strict: only so is it put into the query that calls it
    select case when status in ('received', 'verifying') then 'received'
                when status in ('verified', 'referred', 'closed') then 'verified' else status end $$;

create function day_block(day date, days integer) returns integer
language sql immutable strict parallel safe as $$ select (day - date '1900-01-01') / days $$;

create function incident_counted() returns trigger language plpgsql as $$
-- Runs once a statement, and writes in the order of the index. Incidents without a point are counted at cell -1: they belong to figures, not to the map.
-- The sums of a change are floating point: what remains of equal positions taken and given back is below 1e-6.
begin
    if tg_op = 'INSERT' then
        insert into incident_count
        select l.level, l.tier, day_block(i.day, l.days), coalesce(i.zkey >> l.shift, -1) as cell, i.district_code,
               i.crime_type, case when l.form = 'all' then i.status else incident_look(i.status) end as status,
               case when l.form = 'all' then i.channel else '*' end as channel, count(*),
               sum(coalesce(((i.x & l.mask) + 0.5::float8) / l.size, 0)), sum(coalesce(((i.y & l.mask) + 0.5::float8) / l.size, 0))
        from (select *, zkey_axis(zkey) as x, zkey_axis(zkey >> 1) as y from came offset 0) i, incident_count_level l
        where l.form = 'all' or (l.form = 'refuted') = (i.status in ('unfounded', 'duplicate'))
        group by l.level, l.tier, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4;
        insert into incident_count_written select distinct day from came;
    elsif tg_op = 'DELETE' then
        insert into incident_count
        select l.level, l.tier, day_block(i.day, l.days), coalesce(i.zkey >> l.shift, -1) as cell, i.district_code,
               i.crime_type, case when l.form = 'all' then i.status else incident_look(i.status) end as status,
               case when l.form = 'all' then i.channel else '*' end as channel, -count(*),
               -sum(coalesce(((i.x & l.mask) + 0.5::float8) / l.size, 0)), -sum(coalesce(((i.y & l.mask) + 0.5::float8) / l.size, 0))
        from (select *, zkey_axis(zkey) as x, zkey_axis(zkey >> 1) as y from gone offset 0) i, incident_count_level l
        where l.form = 'all' or (l.form = 'refuted') = (i.status in ('unfounded', 'duplicate'))
        group by l.level, l.tier, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4;
        insert into incident_count_written select distinct day from gone;
    else
        insert into incident_count
        select * from (
            select l.level, l.tier, day_block(i.day, l.days) as block, coalesce(i.zkey >> l.shift, -1) as cell, i.district_code,
                   i.crime_type, case when l.form = 'all' then i.status else incident_look(i.status) end as status,
               case when l.form = 'all' then i.channel else '*' end as channel, sum(i.sign) as n,
                   sum(i.sign * coalesce(((i.x & l.mask) + 0.5::float8) / l.size, 0)) as fx,
                   sum(i.sign * coalesce(((i.y & l.mask) + 0.5::float8) / l.size, 0)) as fy
            from (select *, zkey_axis(zkey) as x, zkey_axis(zkey >> 1) as y from (
                      select -1 as sign, day, zkey, district_code, crime_type, status, channel from gone
                      union all
                      select 1, day, zkey, district_code, crime_type, status, channel from came) b offset 0) i,
                 incident_count_level l
            where l.form = 'all' or (l.form = 'refuted') = (i.status in ('unfounded', 'duplicate'))
            group by l.level, l.tier, 3, 4, 5, 6, 7, 8) c
        where n <> 0 or abs(fx) > 1e-6 or abs(fy) > 1e-6;
        if found then
            insert into incident_count_written select day from gone union select day from came;
        end if;
    end if;
    return null;
end $$;
create trigger incident_counted_insert after insert on incident
    referencing new table as came for each statement execute function incident_counted();
create trigger incident_counted_update after update on incident
    referencing old table as gone new table as came for each statement execute function incident_counted();
create trigger incident_counted_delete after delete on incident
    referencing old table as gone for each statement execute function incident_counted();

create function incident_emptied() returns trigger language plpgsql as $$
begin
    truncate incident_count, incident_count_written;
    perform pg_notify('watch', 'incident:*');
    return null;
end $$;
create trigger incident_emptied after truncate on incident for each statement execute function incident_emptied();

create function incident_count_fold() returns bigint language plpgsql
-- A plan made for any block would not know how many rows this one has; nested loops over a million rows take hours.
set plan_cache_mode = force_custom_plan set enable_nestloop = off set work_mem = '64MB' as $$
-- Puts rows of the same key together, in the blocks that were written to since the last time, and answers how many rows
-- it took. One at a time; whoever comes second leaves it to the first. What others write meanwhile stays for the next
-- time: a day that can be seen here has rows that can be seen below.
declare folded bigint := 0; taken_here bigint; one record;
begin
    if not pg_try_advisory_xact_lock(hashtext('incident_count_fold')) then return 0; end if;
    lock table incident_count, incident_count_written in row exclusive mode; -- in the order of all who write
    for one in
        with taken as (delete from incident_count_written returning day)
        select l.level, l.tier, day_block(d.day, l.days) as block
        from (select distinct day from taken) d, incident_count_level l group by 1, 2, 3 order by 1, 2, 3
    loop
        with several as (
            select cell, coalesce(district_code, '') as district, crime_type, status, channel from incident_count
            where level = one.level and tier = one.tier and block = one.block
            group by 1, 2, 3, 4, 5 having count(*) > 1
        ), taken as (
            delete from incident_count c using several s
            where c.level = one.level and c.tier = one.tier and c.block = one.block
                and (c.cell, coalesce(c.district_code, ''), c.crime_type, c.status, c.channel)
                  = (s.cell, s.district, s.crime_type, s.status, s.channel)
            returning c.*
        ), put as (
            insert into incident_count
            select level, tier, block, cell, district_code, crime_type, status, channel, sum(n), sum(fx::float8), sum(fy::float8)
            from taken group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0 order by 1, 2, 3, 4
        )
        select count(*) into taken_here from taken;
        folded := folded + taken_here;
    end loop;
    return folded;
end $$;

-- ---------------------------------------------------------------- checkpoints and patrols
create table checkpoint (
    id            integer generated always as identity primary key,
    code          text not null unique,
    name          text not null,
    kind          text not null check (kind in ('checkpoint', 'interception', 'river')),
    agency        text references agency (code),
    status        text not null check (status in ('planned', 'active', 'closed')),
    valid_from    date,
    valid_to      date check (valid_to >= valid_from),
    district_code text references area (code) deferrable initially deferred,
    note          text,
    source        text,
    source_key    text unique,
    is_demo       boolean not null default false,
    geom          geometry(Point, 4326) not null
);
create index checkpoint_geom on checkpoint using gist (geom);

create table patrol_route (
    id            integer generated always as identity primary key,
    code          text not null unique,
    name          text not null,
    kind          text not null check (kind in ('land', 'river')),
    agency        text references agency (code),
    district_code text references area (code) deferrable initially deferred,
    is_demo       boolean not null default false,
    geom          geometry(MultiLineString, 4326) not null
);
create index patrol_route_geom on patrol_route using gist (geom);

create table patrol (
    id              bigint generated always as identity primary key,
    code            text not null unique,
    route_id        integer references patrol_route (id) on delete set null,
    agency          text references agency (code),
    unit            text,
    status          text not null check (status in
        ('scheduled', 'ready', 'start_overdue', 'active', 'done', 'cancelled')),
    scheduled_start timestamptz,
    scheduled_end   timestamptz check (scheduled_end >= scheduled_start),
    started_at      timestamptz,
    ended_at        timestamptz check (ended_at >= started_at),
    source          text,
    source_key      text unique,
    is_demo         boolean not null default false,
    geom            geometry(MultiLineString, 4326)
);
comment on column patrol.geom is 'Track as travelled, in pieces: broken where the speed between two fixes is impossible.';
create index patrol_geom on patrol using gist (geom);
create index patrol_start on patrol (scheduled_start);
create index patrol_route_of on patrol (route_id);

create table patrol_fix (
    patrol_id  bigint not null references patrol (id) on delete cascade,
    fixed_at   timestamptz not null,
    speed_kmh  real,
    impossible boolean not null default false,
    geom       geometry(Point, 4326) not null,
    primary key (patrol_id, fixed_at)
);
comment on column patrol_fix.speed_kmh is 'From the last possible fix to this one.';

create table import_batch (
    id            bigint generated always as identity primary key,
    kind          text not null,
    file_name     text not null,
    sha256        text not null,
    imported_at   timestamptz not null default now(),
    rows_read     integer not null,
    rows_added    integer not null,
    rows_already  integer not null,
    rows_refused  integer not null,
    rows_updated  integer not null default 0,
    check (rows_read = rows_added + rows_updated + rows_already + rows_refused)
);

-- ---------------------------------------------------------------- news of changes
create function tell_incident() returns trigger language plpgsql as $$
-- Carries ids, never content: up to 20 of them, else a star.
declare ids text;
begin
    if tg_op = 'DELETE' then
        if exists (select from gone) then perform pg_notify('watch', 'incident:*'); end if;
        return null;
    end if;
    select case when count(*) <= 20 then string_agg(id::text, ',') else '*' end into ids from came;
    if ids is not null then perform pg_notify('watch', 'incident:' || ids); end if;
    return null;
end $$;
create trigger tell_incident_insert after insert on incident
    referencing new table as came for each statement execute function tell_incident();
create trigger tell_incident_update after update on incident
    referencing new table as came for each statement execute function tell_incident();
create trigger tell_incident_delete after delete on incident
    referencing old table as gone for each statement execute function tell_incident();

create function tell_change() returns trigger language plpgsql as $$
begin perform pg_notify('watch', tg_table_name || ':*'); return null; end $$;
create trigger tell_change after insert or update or delete or truncate on area for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on border_section for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on crossing for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on checkpoint for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on patrol_route for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on patrol for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on crime_type for each statement execute function tell_change();
create trigger tell_change after insert or update or delete or truncate on agency for each statement execute function tell_change();
