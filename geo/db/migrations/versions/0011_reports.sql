-- Reports of a month and of a quarter. Who may read and write what stands in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create table month_report (
    id            integer generated always as identity primary key,
    district_code text not null references area (code) deferrable initially deferred,
    month         date not null check (extract(day from month) = 1),
    version       smallint not null default 1 check (version between 1 and 1000),
    state         text not null default 'draft' check (state in ('draft', 'signed')),
    content       jsonb not null,
    narrative     jsonb not null default '{}',
    reason        text check (char_length(reason) <= 2000),
    as_of         timestamptz not null default now(),
    made_by       integer references person (id),
    made_at       timestamptz not null default now(),
    signed_by     integer references person (id),
    signed_at     timestamptz,
    is_demo       boolean not null default false,
    unique (district_code, month, version),
    check ((state = 'signed') = (signed_at is not null)),
    check (version = 1 or reason is not null)
);
comment on column month_report.content is 'Figures and map as geo.model.month_report, frozen at as_of.';
comment on column month_report.reason is 'Why a signed report was made anew.';
create unique index month_report_draft on month_report (district_code, month) where state = 'draft';
create index month_report_month on month_report (month, district_code);

create table month_correction (
    month_report_id integer not null references month_report (id) on delete cascade,
    figure    text not null check (char_length(figure) <= 100),
    corrected double precision not null check (corrected >= 0 and corrected < 1e9),
    reason    text not null check (reason <> '' and char_length(reason) <= 1000),
    person_id integer references person (id),
    at        timestamptz not null default now(),
    primary key (month_report_id, figure)
);
comment on table month_correction is 'What a centre says instead of what was counted, and why; both are shown.';

create table month_reminder (
    district_code text not null references area (code) deferrable initially deferred,
    month         date not null check (extract(day from month) = 1),
    at            timestamptz not null default now(),
    person_id     integer references person (id),
    primary key (district_code, month, at)
);
comment on table month_reminder is 'That a centre was asked for its report; without a person it was the clock.';

create table quarter_report (
    id        integer generated always as identity primary key,
    quarter   date not null check (extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)),
    version   smallint not null default 1 check (version between 1 and 1000),
    state     text not null default 'draft' check (state in ('draft', 'signed')),
    content   jsonb not null,
    narrative jsonb not null default '{}',
    reason    text check (char_length(reason) <= 2000),
    as_of     timestamptz not null default now(),
    made_by   integer references person (id),
    made_at   timestamptz not null default now(),
    signed_by integer references person (id),
    signed_at timestamptz,
    is_demo   boolean not null default false,
    unique (quarter, version),
    check ((state = 'signed') = (signed_at is not null)),
    check (version = 1 or reason is not null)
);
comment on column quarter_report.content is 'Figures as geo.model.quarter_report, frozen at as_of.';
create unique index quarter_report_draft on quarter_report (quarter) where state = 'draft';

alter table notification add column month date;
comment on column notification.month is 'The month whose report is asked for, where it is not about a case.';

-- ---------------------------------------------------------------- what is signed stays
create function report_stays() returns trigger language plpgsql as $$
-- Of months and quarters: a draft is worked on until it is signed; what is signed is not changed, a new version is made.
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a report is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if tg_op = 'UPDATE' and (old.state = 'signed'
       or to_jsonb(new) - '{state,content,narrative,as_of,signed_by,signed_at}'::text[]
       <> to_jsonb(old) - '{state,content,narrative,as_of,signed_by,signed_at}'::text[]) then
        raise exception 'what is signed is not changed' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and new.state = 'signed' and current_setting('role') <> 'none'
       and (new.signed_by is distinct from watch_person() or not report_signer(tg_table_name)) then
        raise exception 'only who answers for a report signs it' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create function report_signer(of text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may sign: a chief a month, the national centre a quarter.
    select exists (select from person p where p.id = watch_person() and p.active
                   and p.role = case when of = 'month_report' then 'chief' else 'national' end) $$;
create trigger report_stays before update or delete on month_report for each row execute function report_stays();
create trigger report_all_stay before truncate on month_report for each statement execute function report_stays();
create trigger report_stays before update or delete on quarter_report for each row execute function report_stays();
create trigger report_all_stay before truncate on quarter_report for each statement execute function report_stays();
create trigger tell_office after insert or update or delete on month_report for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on quarter_report for each statement execute function tell_office();

create function month_correction_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if not exists (select from month_report r where r.id = old.month_report_id and r.state = 'signed') then return old; end if;
    elsif exists (select from month_report r where r.id = new.month_report_id and r.state = 'draft') then
        return new;
    end if;
    raise exception 'what is signed is not changed' using errcode = 'insufficient_privilege';
end $$;
create trigger month_correction_stays before insert or update or delete on month_correction
    for each row execute function month_correction_stays();

create function month_reminded() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- The chiefs of a centre are told that its report is waited for; where it has none, its officers.
begin
    insert into notification (person_id, kind, month)
    select p.id, 'report_due', new.month from person p join person_district d on d.person_id = p.id
    where d.district_code = new.district_code and p.active and p.id is distinct from new.person_id
      and (p.role = 'chief' or p.role = 'officer' and not exists (
              select from person c join person_district e on e.person_id = c.id
              where e.district_code = new.district_code and c.role = 'chief' and c.active))
      and not exists (select from notification n where n.person_id = p.id and n.kind = 'report_due' and n.month = new.month
                      and n.read_at is null);
    return null;
end $$;
create trigger month_reminded after insert on month_reminder for each row execute function month_reminded();

create function remind_reports(due date) returns bigint
language sql security definer set search_path = public, pg_temp as $$
-- Once a month, on the day after its report was due: the centres in use that have not signed it. How many were reminded.
    with late as (
        select distinct d.district_code as code from person p join person_district d on d.person_id = p.id
        join area a on a.code = d.district_code and a.target in ('named', 'likely')
        where p.role = 'chief' and p.active
          and not exists (select from month_report r where r.district_code = d.district_code and r.month = due and r.state = 'signed')
          and not exists (select from month_reminder m where m.district_code = d.district_code and m.month = due and m.person_id is null)
    ), told as (insert into month_reminder (district_code, month) select code, due from late returning 1)
    select count(*) from told $$;

create function audit_head(out entries bigint, out head bytea)
language sql stable security definer set search_path = public, pg_temp as $$
-- How long the log is, and its last hash: what reports write down. Nothing of what the log says.
    select (select count(*) from audit_log), (select hash from audit_log order by id desc limit 1) $$;

-- ---------------------------------------------------------------- counts of districts, never a case
create function centre_figures(districts text[], first_day date, last_day date, moment timestamptz, verification interval, closure interval)
returns table (district_code text, figure text, value double precision)
language sql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
-- Of each district what its centre did in a period, as it was known at a moment: what happened then by state and sub-district;
-- what was verified, closed, referred and checked then, whenever it happened.
    with asked as (select d.code from unnest(districts) d (code) where watch_may_count(d.code)),
    span as (select first_day::timestamp at time zone 'Asia/Bangkok' as begins,
                    least((last_day + 1)::timestamp at time zone 'Asia/Bangkok', moment) as ends),
    happened as (
        select i.id, i.district_code as code, i.status from incident i
        where i.day between first_day and last_day and i.reported_at <= moment and i.district_code = any (array(select code from asked))
    ), placed as (
        select h.code, coalesce((select left(r.area_code, 6) from report r where r.incident_id = h.id and length(r.area_code) >= 6
                                 order by r.received_at, r.id limit 1), 'unknown') as place
        from happened h where h.status not in ('unfounded', 'duplicate')
    ), verified as (
        select i.district_code as code, f.verified_at - coalesce(f.reopened_at, i.reported_at) as took
        from case_file f join incident i on i.id = f.incident_id, span s
        where f.verified_at >= s.begins and f.verified_at < s.ends and i.district_code = any (array(select code from asked))
    ), closed as (
        select i.district_code as code, f.closed_at - coalesce(f.reopened_at, i.reported_at) as took, f.outcome
        from case_file f join incident i on i.id = f.incident_id, span s
        where f.closed_at >= s.begins and f.closed_at < s.ends and i.district_code = any (array(select code from asked))
    ), timed as (
        select 'verify' as what, code, took, verification as within from verified where took >= interval '0'
        union all select 'close', code, took, closure from closed where took >= interval '0'
    ), sent as (
        select i.district_code as code, r.agency, r.state from referral r join incident i on i.id = r.incident_id, span s
        where r.sent_at >= s.begins and r.sent_at < s.ends and i.district_code = any (array(select code from asked))
    ), checks as (
        select i.district_code as code, c.asked_at >= s.begins and c.asked_at < s.ends as asked,
               c.done_at >= s.begins and c.done_at < s.ends as done
        from fact_check c join incident i on i.id = c.incident_id, span s
        where i.district_code = any (array(select code from asked)) and (c.asked_at < s.ends and coalesce(c.done_at, s.ends) >= s.begins)
    )
    select code, 'states.' || status, count(*) from happened group by 1, 2
    union all select code, 'places.' || place, count(*) from placed group by 1, 2
    union all select code, 'times.' || what || '_n', count(*) from timed group by 1, 2
    union all select code, 'times.' || what || '_hours',
        percentile_cont(0.5) within group (order by extract(epoch from took)::float8 / 3600) from timed group by 1, what
    union all select code, 'times.' || what || '_in_time', count(*) filter (where took <= within) from timed group by 1, what
    union all select code, 'outcomes.' || coalesce(outcome, 'unknown'), count(*) from closed group by 1, 2
    union all select code, 'referrals.sent', count(*) from sent group by 1
    union all select code, 'referrals.' || case when state = 'sent' then 'waiting' else state end, count(*) from sent group by 1, 2
    union all select code, 'agencies.' || agency, count(*) from sent group by 1, 2
    union all select code, 'work.checks_asked', count(*) filter (where asked) from checks group by 1
    union all select code, 'work.checks_done', count(*) filter (where done) from checks group by 1 $$;
