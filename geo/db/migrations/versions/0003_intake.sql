-- The public form's way in. Whoever may call these functions (geo/db/access.sql) can read and write nothing else: they act
-- as the owner of the tables, and what they answer is all that a reporter may know.

create function submit_report(
    client_id uuid, receipt_hash bytea, channel text, language text, crime_type text, when_said text, occurred_at timestamptz,
    ongoing boolean, lon double precision, lat double precision, area_code text, village text, description text,
    contact_sealed bytea default null, photos bytea[] default '{}', api_key_id integer default null,
    content_hash bytea default null
) returns table (public_id text, is_new boolean, similar_near boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
-- One report with its case, at once and once only: the same client_id again answers as the first time.
-- Of the time 'now' is said to the minute, 'today' and 'date' to the day; 'unsure' is put at the day of the report.
declare
    mine report%rowtype;
    made incident%rowtype;
    place geometry := case when lon is not null and lat is not null then st_setsrid(st_makepoint(lon, lat), 4326) end;
    district text;
    placed text := 'point';
    kind text := coalesce(submit_report.crime_type, 'suspicious_activity');
    moment timestamptz := coalesce(submit_report.occurred_at, now());
    day_only boolean := coalesce(submit_report.when_said, 'unsure') <> 'now'
        and (submit_report.occurred_at is null or submit_report.when_said in ('today', 'unsure')
             or submit_report.occurred_at = date_trunc('day', submit_report.occurred_at, 'Asia/Bangkok'));
    near boolean := false;
    photo bytea;
begin
    if not exists (select from crime_type c where c.code = kind) then
        raise exception 'unknown_crime_type' using errcode = 'WR001';
    end if;
    if submit_report.area_code is not null then
        select d.code into district from area a join area d on d.code = left(a.code, 4) and d.level = 'district'
            where a.code = submit_report.area_code and a.country = 'TH' and a.level in ('district', 'subdistrict', 'village');
        if district is null then
            raise exception 'unknown_area' using errcode = 'WR001';
        end if;
    elsif place is null then
        raise exception 'no_place' using errcode = 'WR001';
    end if;
    if (submit_report.channel = 'coordinator') <> (watch_person() is not null) then
        raise exception 'channel' using errcode = 'WR001';
    end if;

    insert into report (client_id, receipt_hash, channel, language, crime_type, when_said, ongoing, area_code, village,
                        description, geom, source, entered_by, api_key_id, content_hash)
    values (submit_report.client_id, submit_report.receipt_hash, submit_report.channel, submit_report.language,
            submit_report.crime_type, submit_report.when_said, submit_report.ongoing, submit_report.area_code,
            submit_report.village, submit_report.description, place,
            case when submit_report.api_key_id is not null then 'api' when submit_report.channel = 'online' then 'form'
                 else submit_report.channel end,
            watch_person(), submit_report.api_key_id, submit_report.content_hash)
    on conflict do nothing returning * into mine;
    if mine.id is null then
        select r.* into mine from report r where r.client_id = submit_report.client_id;
        -- A partner may have changed keys between two sendings.
        if mine.id is null or mine.entered_by is distinct from watch_person()
                or (select k.partner from api_key k where k.id = mine.api_key_id)
                   is distinct from (select k.partner from api_key k where k.id = submit_report.api_key_id) then
            raise exception 'client_id_taken' using errcode = 'WR001';
        end if;
        if mine.content_hash is distinct from submit_report.content_hash then
            raise exception 'content_differs' using errcode = 'WR001';
        end if;
        return query select mine.public_id, false, false;
        return;
    end if;

    if place is not null then
        near := exists (
            select from incident i
            where i.crime_type = kind and i.reported_at > now() - interval '24 hours'
              and i.geom && st_expand(place, 0.012) and st_distance(i.geom::geography, place::geography) <= 1000);
    end if;
    if day_only then
        moment := date_trunc('day', moment, 'Asia/Bangkok');
    end if;
    if district is not null then
        placed := case when place is null then 'area' else 'point_and_area' end;
    end if;
    insert into incident (crime_type, occurred_at, occurred_day_only, channel, district_code, location_note, geom, source)
    values (kind, moment, day_only, submit_report.channel, district, submit_report.village, place, mine.source)
    returning * into made;
    if made.district_code is null then
        select a.code into district from area a where a.level = 'district' and a.is_border
            and coalesce(a.geom, a.rep_point) is not null
            order by coalesce(a.geom, a.rep_point) <-> place limit 1;
        placed := case when district is null then 'nowhere' else 'nearest' end;
        update incident i set district_code = district where i.id = made.id;
    end if;
    update report r set incident_id = made.id where r.id = mine.id;
    if contact_sealed is not null then
        insert into report_contact (report_id, sealed) values (mine.id, contact_sealed);
    end if;
    foreach photo in array coalesce(photos, '{}') loop
        insert into evidence (incident_id, report_id, media_type, content, sha256)
        values (made.id, mine.id, 'image/jpeg', photo, sha256(photo));
    end loop;
    insert into case_event (incident_id, person_id, kind, to_status, detail)
    values (made.id, watch_person(), 'received', 'received',
            jsonb_build_object('report', mine.id, 'placed', placed, 'similar_near', near));
    perform audit('report.receive', 'incident:' || made.public_id, jsonb_build_object(
        'channel', submit_report.channel, 'photos', coalesce(cardinality(photos), 0), 'contact', contact_sealed is not null));
    return query select mine.public_id, true, near;
end $$;

create function report_state(receipt_hash bytea) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
-- What the reporter may know: how far it is, what the centre asks, and the outcome. No note, no name, no other report.
    select jsonb_build_object(
        'status', i.status, 'received_at', r.received_at,
        'outcome', case when i.status = 'closed' then f.outcome end,
        'closed_at', case when i.status = 'closed' then f.closed_at end,
        'disputed_at', r.disputed_at,
        'may_dispute', i.status in ('closed', 'unfounded'),
        'questions', coalesce((
            select jsonb_agg(jsonb_build_object('id', q.id, 'question', q.question, 'asked_at', q.asked_at,
                                                'answer', q.answer, 'answered_at', q.answered_at) order by q.id)
            from report_question q where q.report_id = r.id), '[]'))
    from report r join incident i on i.id = r.incident_id left join case_file f on f.incident_id = i.id
    where r.receipt_hash = report_state.receipt_hash $$;

create function answer_question(receipt_hash bytea, question_id bigint, answer text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- Whether the answer was taken: the question is one of this report's, and has none yet.
declare asked record;
begin
    update report_question q set answer = answer_question.answer, answered_at = now()
        from report r join incident i on i.id = r.incident_id
        where q.id = question_id and q.report_id = r.id and q.answered_at is null
          and r.receipt_hash = answer_question.receipt_hash
        returning q.id, r.id as report, i.id as incident, i.public_id into asked;
    if not found then return false; end if;
    insert into case_event (incident_id, kind, detail)
        values (asked.incident, 'answered', jsonb_build_object('report', asked.report, 'question', asked.id));
    perform pg_notify('watch_office', 'report_question');
    perform audit('report.answer', 'incident:' || asked.public_id, jsonb_build_object('question', asked.id));
    return true;
end $$;

create function dispute_report(receipt_hash bytea, note text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
-- "This is not right": a closed or unfounded case is looked at again. Whether it was.
declare mine record; before case_file%rowtype;
begin
    select r.id, i.id as incident, i.public_id, i.status into mine
        from report r join incident i on i.id = r.incident_id
        where r.receipt_hash = dispute_report.receipt_hash for update of i;
    if not found or mine.status not in ('closed', 'unfounded') then return false; end if;
    select * into before from case_file f where f.incident_id = mine.incident;
    update report r set disputed_at = now(), dispute_note = note where r.id = mine.id;
    update incident i set status = 'verifying' where i.id = mine.incident;
    insert into case_file (incident_id, reopened_at) values (mine.incident, now())
        on conflict (incident_id) do update set reopened_at = now(), outcome = null, closing_by = null, closing_at = null,
            closed_by = null, closed_at = null;
    insert into case_event (incident_id, kind, from_status, to_status, detail)
        values (mine.incident, 'disputed', mine.status, 'verifying', jsonb_strip_nulls(jsonb_build_object(
            'report', mine.id, 'outcome', before.outcome, 'closed_at', before.closed_at, 'closed_by', before.closed_by,
            'closing_by', before.closing_by)));
    perform audit('report.dispute', 'incident:' || mine.public_id, jsonb_build_object('from', mine.status));
    return true;
end $$;
