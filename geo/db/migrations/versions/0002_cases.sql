-- People, cases and the audit log. Who may read and write what stands in geo/db/access.sql, not here.

-- ---------------------------------------------------------------- people
create table person (
    id                   integer generated always as identity primary key,
    login                text not null unique check (login ~ '^[a-z0-9][a-z0-9._@+-]{1,99}$'),
    name                 text not null check (name <> ''),
    role                 text not null check (role in
        ('coordinator', 'officer', 'chief', 'commander', 'planner', 'agency', 'national', 'administrator')),
    agency               text references agency (code),
    area_code            text references area (code) deferrable initially deferred,
    village              text,
    language             text not null default 'th',
    email                text,
    webhook_url          text,
    password_hash        text,
    must_change_password boolean not null default false,
    totp_sealed          bytea,
    totp_last_step       bigint,
    subject              text unique,
    active               boolean not null default true,
    is_demo              boolean not null default false,
    created_at           timestamptz not null default now(),
    last_sign_in_at      timestamptz,
    check ((role = 'agency') = (agency is not null))
);
comment on column person.area_code is 'A coordinator''s sub-district or village.';
comment on column person.village is 'A coordinator''s village, where only sub-districts have codes.';
comment on column person.subject is 'Issuer and subject of an OpenID Connect account.';
comment on column person.totp_last_step is 'Time step of the last code taken: none is taken twice.';

create table person_district (
    person_id     integer not null references person (id) on delete cascade,
    district_code text not null references area (code) deferrable initially deferred,
    primary key (person_id, district_code)
);

create table sign_in (
    token_hash bytea primary key,
    person_id  integer not null references person (id) on delete cascade,
    began_at   timestamptz not null default now(),
    seen_at    timestamptz not null default now(),
    ends_at    timestamptz not null
);
create index sign_in_person on sign_in (person_id);

create table sign_in_attempt (
    login_key bytea not null,
    at        timestamptz not null default now()
);
comment on table sign_in_attempt is 'Charged before a password is checked; taken back when it was right. Keys are keyed hashes of logins.';
create index sign_in_attempt_login on sign_in_attempt (login_key, at);

create table api_key (
    id           integer generated always as identity primary key,
    partner      text not null,
    key_hash     bytea not null unique,
    created_at   timestamptz not null default now(),
    revoked_at   timestamptz,
    last_used_at timestamptz
);

create table setting (
    key        text primary key,
    value      jsonb not null,
    changed_by integer references person (id),
    changed_at timestamptz not null default now()
);

-- ---------------------------------------------------------------- what a report may carry
alter table report
    add column client_id    uuid unique,
    add column receipt_hash bytea unique,
    add column language     text,
    add column entered_by   integer references person (id),
    add column api_key_id   integer references api_key (id),
    add column content_hash bytea,
    add column crime_type   text references crime_type (code),
    add column when_said    text check (when_said in ('now', 'today', 'date', 'unsure')),
    add column ongoing      boolean,
    add column area_code    text references area (code) deferrable initially deferred,
    add column village      text,
    add column disputed_at  timestamptz,
    add column dispute_note text;
comment on column report.client_id is 'Made by the sender: the same report sent again is the same report.';
comment on column report.receipt_hash is 'Keyed hash of the receipt code; the code itself is kept nowhere.';
comment on column report.disputed_at is 'When the reporter said of the outcome: this is not right.';
comment on column report.content_hash is 'Keyed hash of what a partner''s system sent: the same identifier with another content is a mistake.';
create index report_entered on report (entered_by) where entered_by is not null;

create table report_contact (
    report_id bigint primary key references report (id) on delete cascade,
    sealed    bytea not null
);
comment on table report_contact is 'Encrypted by the application; every opening is logged.';

create table report_question (
    id          bigint generated always as identity primary key,
    report_id   bigint not null references report (id) on delete cascade,
    asked_by    integer references person (id),
    asked_at    timestamptz not null default now(),
    question    text not null check (question <> ''),
    answer      text,
    answered_at timestamptz,
    read_at     timestamptz
);
comment on column report_question.read_at is 'When somebody at the centre read the answer.';
create index report_question_report on report_question (report_id);

create table quiet_month (
    area_code text not null references area (code) deferrable initially deferred,
    village   text not null default '',
    month     date not null check (extract(day from month) = 1),
    person_id integer not null references person (id),
    said_at   timestamptz not null default now(),
    primary key (area_code, village, month)
);
comment on table quiet_month is 'Nothing to report this month, said by a coordinator.';

-- Open cases are few among many: inboxes and the outlines of what is not verified yet read this.
create index incident_unverified on incident ((zkey >> 28), day) include (crime_type, status, channel, district_code)
    where status in ('received', 'verifying');
create index incident_unverified_newest on incident (id) include (day, crime_type, status, channel, district_code)
    where status in ('received', 'verifying');

-- ---------------------------------------------------------------- cases: an incident is a case, its reports are grouped under it
create table case_file (
    incident_id   bigint primary key references incident (id) on delete cascade,
    source_grade  text check (source_grade in ('A', 'B', 'C', 'D', 'E', 'F')),
    info_grade    smallint check (info_grade between 1 and 6),
    graded_by     integer references person (id),
    officer_id    integer references person (id),
    merged_into   bigint references incident (id) check (merged_into <> incident_id),
    first_look_at timestamptz,
    verified_at   timestamptz,
    closed_at     timestamptz,
    outcome       text,
    outcome_note  text,
    closing_by    integer references person (id),
    closing_at    timestamptz,
    closed_by     integer references person (id) check (closed_by <> closing_by),
    recheck       boolean not null default false,
    rechecked_by  integer references person (id),
    rechecked_at  timestamptz,
    reopened_at   timestamptz,
    open_text     text,
    check ((source_grade is null) = (info_grade is null))
);
comment on column case_file.closing_by is 'Who asked to close; another person does it.';
comment on column case_file.recheck is 'Drawn for a re-check after it was closed.';
comment on column case_file.open_text is 'Text approved for a counterpart across the border.';
create index case_file_merged on case_file (merged_into) where merged_into is not null;
create index case_file_waiting on case_file (closing_at) where closing_by is not null and closed_at is null;

create table case_event (
    id          bigint generated always as identity primary key,
    incident_id bigint not null references incident (id) on delete cascade,
    at          timestamptz not null default clock_timestamp(),
    person_id   integer references person (id),
    kind        text not null,
    from_status text,
    to_status   text,
    note        text,
    detail      jsonb not null default '{}'
);
create index case_event_incident on case_event (incident_id, id);

create table fact_check (
    id          bigint generated always as identity primary key,
    incident_id bigint not null references incident (id) on delete cascade,
    unit_kind   text not null check (unit_kind in ('vdc', 'headman', 'village_security', 'patrol', 'checkpoint')),
    unit        text not null check (unit <> ''),
    due_at      timestamptz not null,
    asked_by    integer not null references person (id),
    asked_at    timestamptz not null default now(),
    instruction text,
    finding     text check (finding in ('confirmed', 'not_found', 'unclear')),
    found       text,
    done_by     integer references person (id),
    done_at     timestamptz check ((done_at is null) = (finding is null))
);
create index fact_check_incident on fact_check (incident_id);
create index fact_check_open on fact_check (due_at) where done_at is null;

create table evidence (
    id          bigint generated always as identity primary key,
    incident_id bigint not null references incident (id) on delete cascade,
    report_id   bigint references report (id) on delete cascade,
    media_type  text not null check (media_type in ('image/jpeg', 'application/pdf', 'text/plain')),
    content     bytea not null check (octet_length(content) between 1 and 5000000),
    sha256      bytea not null,
    note        text,
    added_by    integer references person (id),
    added_at    timestamptz not null default now()
);
create index evidence_incident on evidence (incident_id);
create index evidence_report on evidence (report_id);

create table referral (
    id            bigint generated always as identity primary key,
    incident_id   bigint not null references incident (id) on delete cascade,
    agency        text not null references agency (code),
    state         text not null default 'sent' check (state in ('sent', 'accepted', 'returned', 'lapsed', 'withdrawn', 'done')),
    note          text,
    sent_by       integer not null references person (id),
    sent_at       timestamptz not null default now(),
    answer_due    timestamptz not null,
    accepted_by   integer references person (id),
    accepted_at   timestamptz,
    accepted_name text,
    return_reason text check ((state = 'returned') = (return_reason is not null)),
    outcome_due   timestamptz,
    outcome       text check ((state = 'done') = (outcome is not null)),
    outcome_note  text,
    ended_by      integer references person (id),
    ended_at      timestamptz
);
comment on column referral.accepted_name is 'Who signed the acknowledgement on paper, of an agency without accounts.';
create index referral_incident on referral (incident_id);
create index referral_agency on referral (agency, state);

create table log_entry (
    id            bigint generated always as identity primary key,
    incident_id   bigint references incident (id) on delete cascade,
    district_code text not null references area (code) deferrable initially deferred,
    at            timestamptz not null default now(),
    kind          text not null check (kind in ('message_sent', 'message_received', 'call', 'meeting', 'mission')),
    agency        text references agency (code),
    counterpart   text,
    said          text not null check (said <> ''),
    person_id     integer not null references person (id),
    entered_at    timestamptz not null default now(),
    check (agency is not null or counterpart is not null)
);
comment on column log_entry.counterpart is 'Office across the border.';
create index log_entry_incident on log_entry (incident_id);
create index log_entry_district on log_entry (district_code, at);

create table notification (
    id          bigint generated always as identity primary key,
    person_id   integer not null references person (id) on delete cascade,
    kind        text not null,
    incident_id bigint references incident (id) on delete cascade,
    at          timestamptz not null default now(),
    read_at     timestamptz,
    sent_at     timestamptz,
    tries       smallint not null default 0,
    try_at      timestamptz
);
comment on column notification.tries is 'How often sending it was begun.';
comment on column notification.try_at is 'Not to be sent before; whoever begins to send it moves this on, so that nobody else does.';
create index notification_unread on notification (person_id, at) where read_at is null;
create index notification_unsent on notification (person_id, kind, at) where sent_at is null and read_at is null;
create index notification_sent on notification (person_id, sent_at) where sent_at is not null;

create table notification_choice (
    person_id integer not null references person (id) on delete cascade,
    kind      text not null,
    way       text not null check (way in ('none', 'email', 'webhook', 'digest')),
    chosen_at timestamptz not null default now(),
    primary key (person_id, kind)
);

-- ---------------------------------------------------------------- the audit log: appended to, never changed
create table audit_log (
    id        bigint primary key,
    at        timestamptz not null,
    person_id integer,
    action    text not null,
    subject   text not null,
    detail    jsonb not null,
    previous  bytea not null,
    hash      bytea not null
);

create function audit_hash(id bigint, at timestamptz, person_id integer, action text, subject text, detail jsonb, previous bytea)
returns bytea language sql immutable as $$
    select sha256(previous || convert_to(jsonb_build_array(
        id, extract(epoch from at)::text, person_id, action, subject, detail)::text, 'UTF8')) $$;

create function audit(action text, subject text, detail jsonb default '{}') returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
-- Appends one entry. Call it last in a transaction: the next entry waits until this one is committed. Neither names nor
-- texts belong in detail: codes and numbers only.
declare
    number bigint; before bytea; moment timestamptz; who integer := nullif(current_setting('watch.person', true), '')::integer;
begin
    perform pg_advisory_xact_lock(7341192);
    select a.id, a.hash into number, before from audit_log a order by a.id desc limit 1;
    number := coalesce(number, 0) + 1;
    before := coalesce(before, sha256('NTS-Mekong Watch'::bytea));
    moment := clock_timestamp();
    insert into audit_log values (number, moment, who, audit.action, audit.subject, audit.detail, before,
        audit_hash(number, moment, who, audit.action, audit.subject, audit.detail, before));
    return number;
end $$;

create function audit_stays() returns trigger language plpgsql as $$
begin raise exception 'the audit log is appended to, never changed' using errcode = 'insufficient_privilege'; end $$;
create trigger audit_stays before update or delete or truncate on audit_log for each statement execute function audit_stays();

-- ---------------------------------------------------------------- news of changes
-- A channel of its own: an open map has nothing to do when a case moves on.
create function tell_office() returns trigger language plpgsql as $$
begin perform pg_notify('watch_office', coalesce(tg_argv[0], tg_table_name)); return null; end $$;
create trigger tell_office after insert or update or delete on person for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on person_district for each statement execute function tell_office();
create trigger tell_office after delete on sign_in for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on case_file for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on fact_check for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on referral for each statement execute function tell_office();
create trigger tell_office after insert or update or delete on report for each statement execute function tell_office();
create trigger tell_office after insert on notification for each statement execute function tell_office();
create trigger tell_read after update of read_at or delete on notification for each statement execute function tell_office('notification_read');
create trigger tell_office after insert or update or delete on setting for each statement execute function tell_office();

create function store_holds(out incidents boolean, out demo boolean) language sql stable security definer
set search_path = public, pg_temp as $$
-- Said to everybody, whatever incidents they may see.
    select exists (select from incident), exists (select from incident where is_demo) $$;
