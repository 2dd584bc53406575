-- Silence: which places have told nothing, who of the district centre called them, and how a coordinator is reached. And pairs:
-- a Thai district and its counterpart across the border. Who may read and write what stands in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

-- The last report of each coordinator is found without reading the others.
drop index report_entered;
create index report_entered on report (entered_by, received_at) where entered_by is not null;
create index report_online on report (left(area_code, 4), received_at, area_code) where channel = 'online' and area_code is not null;

-- ---------------------------------------------------------------- silence
create table coordinator_contact (
    person_id integer primary key references person (id) on delete cascade,
    sealed    bytea not null,
    kept_by   integer references person (id) on delete set null,
    kept_at   timestamptz not null default now()
);
comment on table coordinator_contact is 'Telephone of a coordinator. Encrypted by the application; every opening is logged.';

create table silence_call (
    id         bigint generated always as identity primary key,
    person_id  integer not null references person (id),
    area_code  text not null references area (code) deferrable initially deferred,
    village    text not null default '',
    called_by  integer not null references person (id),
    called_at  timestamptz not null default now(),
    outcome    text not null check (outcome in ('will_report', 'nothing', 'unreachable', 'replaced')),
    month      date check (extract(day from month) = 1),
    note       text check (note <> '' and char_length(note) <= 1000),
    entered_at timestamptz not null default now(),
    is_demo    boolean not null default false,
    check ((outcome = 'nothing') = (month is not null))
);
comment on table silence_call is 'Somebody of the district centre called a coordinator of whom nothing was heard.';
comment on column silence_call.person_id is 'The coordinator; place and village are theirs at that time.';
comment on column silence_call.month is 'For which month they said that there was nothing to report.';
create index silence_call_place on silence_call (area_code, village, called_at desc);

create function silence_call_rules() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Officers and chiefs call the coordinators of their own districts, in their own name; what was noted stays. The owner of the
-- tables acts for nobody (commands, demonstrations).
declare
    acting boolean := current_setting('role') <> 'none';
    home record;
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo or tg_op = 'UPDATE' then
        raise exception 'a call is kept as it was noted' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    select p.area_code, coalesce(p.village, '') as village into home from person p
        where p.id = new.person_id and p.role = 'coordinator' and p.active and length(p.area_code) >= 6;
    if not found then
        raise exception 'only coordinators of a place are called' using errcode = 'insufficient_privilege';
    end if;
    new.area_code := home.area_code;
    new.village := home.village;
    if acting then
        if current_setting('role') <> 'watch_centre' or left(home.area_code, 4) <> all (watch_districts())
           or not exists (select from person p join person_district d on d.person_id = p.id
                          where p.id = watch_person() and p.active and p.role in ('officer', 'chief')
                            and d.district_code = left(home.area_code, 4)) then
            raise exception 'only the district''s own centre calls its coordinators' using errcode = 'insufficient_privilege';
        end if;
        new.called_by := watch_person();
        new.entered_at := now();
        new.is_demo := (select p.is_demo from person p where p.id = watch_person());
    end if;
    return new;
end $$;
create trigger silence_call_rules before insert or update or delete on silence_call
    for each row execute function silence_call_rules();
create trigger silence_calls_stay before truncate on silence_call for each statement execute function silence_call_rules();

create function silence_call_confirms() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Nothing to report, said on the telephone, is said.
begin
    insert into quiet_month (area_code, village, month, person_id, said_at)
    values (new.area_code, new.village, new.month, new.person_id, new.called_at) on conflict do nothing;
    return null;
end $$;
create trigger silence_call_confirms after insert on silence_call
    for each row when (new.outcome = 'nothing') execute function silence_call_confirms();
create trigger tell_office after insert or update or delete on silence_call for each statement execute function tell_office();

create function silence_days(since date) returns table (area_code text, village text, channel text, day date)
language sql stable security definer set search_path = public, pg_temp as $$
-- On which days a place told something: by its coordinators, now or formerly ('coordinator'), that there was nothing ('quiet'),
-- or online from its sub-district ('online'). Not what.
    with asked as materialized (
        select a.code from area a where a.level = 'district' and a.country = 'TH' and watch_may_count(a.code)
           and (a.is_border or current_setting('role') = 'watch_centre')
    )
    select distinct p.area_code, coalesce(p.village, ''), 'coordinator', timezone('Asia/Bangkok', r.received_at)::date
    from person p join report r on r.entered_by = p.id
    where p.role = 'coordinator' and length(p.area_code) >= 6 and left(p.area_code, 4) in (select code from asked)
      and r.received_at >= since::timestamp at time zone 'Asia/Bangkok'
    union all
    select distinct q.area_code, q.village, 'quiet', timezone('Asia/Bangkok', q.said_at)::date
    from quiet_month q
    where left(q.area_code, 4) in (select code from asked) and q.said_at >= since::timestamp at time zone 'Asia/Bangkok'
    union all
    select distinct left(r.area_code, 6), '', 'online', timezone('Asia/Bangkok', r.received_at)::date
    from report r
    where r.channel = 'online' and r.area_code is not null and left(r.area_code, 4) = any (array(select code from asked))
      and length(r.area_code) >= 6 and r.received_at >= since::timestamp at time zone 'Asia/Bangkok' $$;

create function silence_coordinators() returns table (id integer, name text, area_code text, village text, has_contact boolean)
language sql stable security definer set search_path = public, pg_temp as $$
-- Who can be called, for those who work in their district.
    select p.id, p.name, p.area_code, coalesce(p.village, ''), c.person_id is not null
    from person p left join coordinator_contact c on c.person_id = p.id
    where p.role = 'coordinator' and p.active and length(p.area_code) >= 6
      and current_setting('role') = 'watch_centre' and left(p.area_code, 4) = any (watch_districts())
    order by p.area_code, 4, p.name, p.id $$;

create function may_call(coordinator integer) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks is an officer or chief of the district of this coordinator.
    select current_setting('role') = 'watch_centre' and exists (
        select from person p join person_district d on d.district_code = left(p.area_code, 4) join person o on o.id = d.person_id
        where p.id = coordinator and p.role = 'coordinator' and p.active and o.id = watch_person() and o.active
          and o.role in ('officer', 'chief') and d.district_code = any (watch_districts())) $$;

create function keep_coordinator_contact(coordinator integer, sealed bytea) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
-- Keep how a coordinator is reached, or forget it. Call it last in a transaction.
begin
    if not may_call(coordinator) then
        raise exception 'only officers of the district keep a contact' using errcode = 'insufficient_privilege';
    end if;
    if keep_coordinator_contact.sealed is null then
        delete from coordinator_contact c where c.person_id = coordinator;
    else
        insert into coordinator_contact (person_id, sealed, kept_by) values (coordinator, keep_coordinator_contact.sealed, watch_person())
        on conflict (person_id) do update set sealed = excluded.sealed, kept_by = excluded.kept_by, kept_at = now();
    end if;
    perform audit('coordinator_contact.keep', 'person:' || coordinator,
        jsonb_build_object('removed', keep_coordinator_contact.sealed is null));
end $$;

create function open_coordinator_contact(coordinator integer) returns bytea
language plpgsql security definer set search_path = public, pg_temp as $$
-- The sealed contact of a coordinator, for an officer or chief of their district alone; nothing where none was left. Every
-- opening stands in the audit log. Call it last in a transaction.
declare found_sealed bytea;
begin
    if not may_call(coordinator) then
        raise exception 'only officers of the district open a contact' using errcode = 'insufficient_privilege';
    end if;
    select c.sealed into found_sealed from coordinator_contact c where c.person_id = coordinator;
    if found_sealed is not null then
        perform audit('coordinator_contact.open', 'person:' || coordinator, '{}');
    end if;
    return found_sealed;
end $$;

-- ---------------------------------------------------------------- paired districts
create table district_pair (
    id                integer generated always as identity primary key,
    district_code     text not null references area (code) deferrable initially deferred,
    neighbour         text not null check (neighbour in ('LA', 'KH')),
    name_th           text check (name_th <> '' and char_length(name_th) <= 200),
    name_en           text not null check (name_en <> '' and char_length(name_en) <= 200),
    name_local        text check (name_local <> '' and char_length(name_local) <= 200),
    counterpart_codes text[] not null default '{}' check (cardinality(counterpart_codes) <= 60),
    from_day          date not null,
    to_day            date check (to_day >= from_day),
    source            text check (source <> '' and char_length(source) <= 300),
    made_by           integer references person (id),
    made_at           timestamptz not null default now(),
    changed_by        integer references person (id),
    changed_at        timestamptz not null default now(),
    is_demo           boolean not null default false
);
comment on table district_pair is 'A Thai district and its counterpart across the border, from one day to another.';
comment on column district_pair.name_local is 'In the neighbour''s own letters, Lao or Khmer.';
comment on column district_pair.counterpart_codes is 'Areas of the neighbour that the counterpart is made of: a Lao district, Cambodian communes.';
comment on column district_pair.source is 'Where the pairing is written down.';
create unique index district_pair_once on district_pair (district_code, neighbour, lower(name_en)) where to_day is null;

create function pair_keeper() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may make and change pairs: geo.model.pair.KEEPS.
    select exists (select from person p where p.id = watch_person() and p.active and p.role in ('chief', 'national')) $$;

create function pair_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- A pair is ended, not deleted, and stays that of its district; who changed it last is who asks.
declare free text[] := '{name_th,name_en,name_local,counterpart_codes,from_day,to_day,source,changed_by,changed_at}';
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a pair is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if to_jsonb(new) - free <> to_jsonb(old) - free then
        raise exception 'a pair stays that of its district' using errcode = 'insufficient_privilege';
    end if;
    new.changed_by := coalesce(watch_person(), new.changed_by);
    new.changed_at := now();
    return new;
end $$;
create trigger pair_stays before update or delete on district_pair for each row execute function pair_stays();
create trigger pair_all_stay before truncate on district_pair for each statement execute function pair_stays();
create trigger tell_office after insert or update or delete on district_pair for each statement execute function tell_office();

create table pair_contact (
    id         integer generated always as identity primary key,
    pair_id    integer not null references district_pair (id) on delete cascade,
    side       text not null check (side in ('th', 'other')),
    office     text not null check (office <> '' and char_length(office) <= 200),
    way        text not null check (way in ('telephone', 'chat', 'radio', 'email', 'letter', 'in_person')),
    hours      text check (hours <> '' and char_length(hours) <= 100),
    agreed_on  date not null,
    ended_on   date check (ended_on >= agreed_on),
    sealed     bytea,
    consent_on date,
    has_person boolean not null generated always as (sealed is not null) stored,
    made_by    integer references person (id),
    made_at    timestamptz not null default now(),
    check (sealed is null or consent_on is not null)
);
comment on table pair_contact is 'An agreed contact point of a pair: which office, by which way, when.';
comment on column pair_contact.sealed is 'Name and number of a person who consented. Encrypted by the application; every opening is logged.';
create index pair_contact_of on pair_contact (pair_id, id);

create function pair_contact_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- A contact point ends, and who consented may take that back; everything else is another contact point.
begin
    if to_jsonb(new) - '{ended_on,sealed,consent_on,has_person}'::text[] <> to_jsonb(old) - '{ended_on,sealed,consent_on,has_person}'::text[]
       or new.sealed is distinct from old.sealed and new.sealed is not null then
        raise exception 'a contact point is not changed, only ended' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger pair_contact_stays before update on pair_contact for each row execute function pair_contact_stays();
create trigger tell_office after insert or update or delete on pair_contact for each statement execute function tell_office();

create function open_pair_contact(contact integer) returns bytea
language plpgsql security definer set search_path = public, pg_temp as $$
-- The sealed person of a contact point, for an officer or chief of the pair's district alone; nothing where none was left.
-- Every opening stands in the audit log. Call it last in a transaction.
declare mine record;
begin
    select c.sealed, c.pair_id into mine from pair_contact c join district_pair d on d.id = c.pair_id
        where c.id = contact and current_setting('role') = 'watch_centre' and d.district_code = any (watch_districts())
          and exists (select from person p join person_district o on o.person_id = p.id
                      where p.id = watch_person() and p.active and p.role in ('officer', 'chief')
                        and o.district_code = d.district_code);
    if not found then
        raise exception 'only officers of the district open a contact' using errcode = 'insufficient_privilege';
    end if;
    if mine.sealed is not null then
        perform audit('pair_contact.open', 'pair:' || mine.pair_id, jsonb_build_object('contact', contact));
    end if;
    return mine.sealed;
end $$;

alter table log_entry add column pair_id integer references district_pair (id) on delete set null;
comment on column log_entry.pair_id is 'The pair whose counterpart it was with.';
create index log_entry_pair on log_entry (pair_id, at) where pair_id is not null;
