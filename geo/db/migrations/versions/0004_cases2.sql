-- Handling of cases: what is open is found without reading what is not; everything that happens to a case tells whom it
-- concerns; and what only a function may do.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create index incident_waiting on incident (district_code, reported_at, id) where status in ('received', 'verifying');
create index incident_case on incident (district_code, status, reported_at);
create index case_file_open on case_file (incident_id) where closed_at is null;
create index case_file_ended on case_file (closed_at desc, incident_id) where closed_at is not null;
create index report_question_unread on report_question (report_id) where answered_at is not null and read_at is null;
create index case_file_recheck on case_file (incident_id) where recheck and rechecked_at is null;
create index referral_unanswered on referral (answer_due) where state = 'sent';
create index report_disputed on report (incident_id) where disputed_at is not null;
create unique index notification_once on notification (person_id, incident_id, kind) where read_at is null;

create function case_event_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Whatever happens to a case, whoever does it: those whom it concerns are told, but never who did it. A notification holds
-- the kind and the case, nothing else.
declare
    mine record;
    named integer;
    told integer[];
begin
    if new.kind not in ('received', 'answered', 'disputed', 'assigned', 'closing_proposed', 'closing_sent_back', 'closed',
                        'reopened', 'recheck_drawn', 'referred', 'referral_accepted', 'referral_returned',
                        'referral_lapsed', 'referral_withdrawn', 'referral_done') then
        return null;
    end if;
    named := (new.detail ->> 'to')::integer;
    select i.district_code, f.officer_id into mine
        from incident i left join case_file f on f.incident_id = i.id where i.id = new.incident_id;
    told := case
        when new.kind in ('referred', 'referral_withdrawn') then array(select p.id from person p where p.agency = new.detail ->> 'agency')
        when new.kind in ('assigned', 'closing_sent_back', 'closed') then array[named]
        when new.kind in ('closing_proposed', 'recheck_drawn') then array(select case_staff(mine.district_code, new.person_id, 'chief'))
        when mine.officer_id is not null then array[mine.officer_id, named]
        else array(select case_staff(mine.district_code, new.person_id, null)) || named end;
    insert into notification (person_id, kind, incident_id)
    select p.id, new.kind, new.incident_id from person p
    where p.id = any (told) and p.active and p.id is distinct from new.person_id and p.id is distinct from watch_person()
    on conflict do nothing; -- what is unread says it already
    return null;
end $$;

create function case_staff(district text, without integer, wanted text) returns setof integer
language sql stable security definer set search_path = public, pg_temp as $$
-- Officers and chiefs of a district; those of the wanted role where there is one beside ``without``.
    with staff as (
        select p.id, p.role from person p join person_district d on d.person_id = p.id
        where d.district_code = district and p.active and p.role in ('officer', 'chief') and p.id is distinct from without)
    select s.id from staff s
    where wanted is null or s.role = wanted or not exists (select from staff o where o.role = wanted) $$;

create trigger case_event_told after insert on case_event for each row execute function case_event_told();

create function referral_lapse() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
-- Lets lapse what no agency answered in time; how many. The hourly upkeep of the web process does it for all districts, a
-- district centre for its own. Of two who do it at once the second leaves to the first what it holds.
declare
    late record;
    told text[] := '{}';
    numbers bigint[] := '{}';
begin
    for late in
        select r.id, r.incident_id, r.agency, r.sent_by, i.public_id from referral r join incident i on i.id = r.incident_id
        where r.state = 'sent' and r.answer_due < now()
          and (current_setting('role') in ('watch_app', 'none') or i.district_code = any (watch_districts()))
        order by r.id for update of r skip locked
    loop
        update referral set state = 'lapsed', ended_at = now() where id = late.id;
        insert into case_event (incident_id, kind, detail) values (late.incident_id, 'referral_lapsed',
            jsonb_build_object('referral', late.id, 'agency', late.agency, 'to', late.sent_by));
        told := told || late.public_id;
        numbers := numbers || late.id;
    end loop;
    for n in 1 .. cardinality(numbers) loop
        perform audit('referral.lapse', 'incident:' || told[n], jsonb_build_object('referral', numbers[n]));
    end loop;
    return cardinality(numbers);
end $$;

create function district_staff(district text) returns table (id integer, name text, role text)
language sql stable security definer set search_path = public, pg_temp as $$
-- Who can be given a case of this district: for those who work in it, and for those who see all.
    select p.id, p.name, p.role from person p join person_district d on d.person_id = p.id
    where d.district_code = district and p.active and p.role in ('officer', 'chief')
      and (district = any (watch_districts()) or current_setting('role') in ('watch_wide', 'none'))
    order by p.role desc, p.name, p.id $$;

create function contact_left(incident bigint) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
-- The reports of a case of one's own district whose reporter left a contact; not the contact.
    select r.id from report r join incident i on i.id = r.incident_id join report_contact c on c.report_id = r.id
    where i.id = contact_left.incident and current_setting('role') = 'watch_centre'
      and i.district_code = any (watch_districts()) $$;

create function open_contact(report_id bigint) returns bytea
language plpgsql security definer set search_path = public, pg_temp as $$
-- The sealed contact of a report, for an officer or chief of its district alone; nothing where none was left. Every
-- opening stands in the case's history and in the audit log. Call it last in a transaction.
declare mine record;
begin
    select i.id, i.public_id, c.sealed into mine
        from report r join incident i on i.id = r.incident_id left join report_contact c on c.report_id = r.id
        where r.id = open_contact.report_id and current_setting('role') = 'watch_centre'
          and i.district_code = any (watch_districts())
          and exists (select from person p join person_district d on d.person_id = p.id
                      where p.id = watch_person() and p.active and p.role in ('officer', 'chief')
                        and d.district_code = i.district_code);
    if not found then
        raise exception 'only officers of the district open a contact' using errcode = 'insufficient_privilege';
    end if;
    if mine.sealed is null then return null; end if;
    insert into case_event (incident_id, person_id, kind, detail)
        values (mine.id, watch_person(), 'contact_opened', jsonb_build_object('report', open_contact.report_id));
    perform audit('contact.open', 'incident:' || mine.public_id, jsonb_build_object('report', open_contact.report_id));
    return mine.sealed;
end $$;

-- ---------------------------------------------------------------- what goes on paper
alter table case_file
    add column open_draft   text,
    add column open_text_by integer references person (id);
comment on column case_file.open_draft is 'Text for a counterpart that waits for the chief''s approval.';
comment on column case_file.open_text_by is 'The chief who approved the text for a counterpart.';
alter table referral add column ended_name text;
comment on column referral.ended_name is 'Who signed what ended it on paper, of an agency without accounts.';

create function open_text_approved() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- What goes across the border is approved by a chief of the district, whoever writes to this table. Roles of the web
-- process alone are asked: commands act as the owner.
begin
    if current_setting('role') <> 'none' and new.open_text is not null
       and (tg_op = 'INSERT' or new.open_text is distinct from old.open_text)
       and not exists (select from person p join person_district d on d.person_id = p.id
                       join incident i on i.id = new.incident_id and i.district_code = d.district_code
                       where p.id = watch_person() and p.active and p.role = 'chief') then
        raise exception 'only a chief of the district approves what goes across the border'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger open_text_approved before insert or update on case_file for each row execute function open_text_approved();
