-- Figures for the public. Who may read and write what stands in geo/db/access.sql.

set local check_function_bodies = off;

create table public_release (
    id               integer generated always as identity primary key,
    quarter          text not null check (quarter ~ '^20[0-9]{2}-Q[1-4]$'),
    version          smallint not null check (version > 0),
    state            text not null default 'prepared' check (state in ('prepared', 'published', 'withdrawn')),
    figures          jsonb not null,
    counts           jsonb not null,
    reason           text check (char_length(reason) <= 2000),
    note             jsonb not null default '{}' check (jsonb_typeof(note) = 'object' and octet_length(note::text) <= 40000),
    made_by          integer references person (id),
    made_at          timestamptz not null default now(),
    note_approved_by integer references person (id),
    note_approved_at timestamptz,
    published_by     integer references person (id),
    published_at     timestamptz,
    withdrawn_by     integer references person (id),
    withdrawn_at     timestamptz,
    is_demo          boolean not null default false,
    constraint public_release_version unique (quarter, version, is_demo),
    -- Whatever made it: a figure under ten is in no release. Hidden ones are null.
    constraint no_small_figure check (jsonb_path_exists(figures, '$.cells[*][*]') and not jsonb_path_exists(figures, '$.cells[*][*] ? (@ < 10)')),
    constraint says_why_again check (version = 1 or reason is not null),
    check ((state = 'prepared') = (published_at is null)),
    check ((state = 'withdrawn') = (withdrawn_at is not null))
);
comment on table public_release is 'What is told to the public of a quarter, as it was when it was made; never computed again.';
comment on column public_release.figures is 'What is shown: geo.model.release.Figures; hidden figures are null.';
comment on column public_release.counts is 'The whole table, to keep later versions apart from it. Not for the public.';
comment on column public_release.note is 'Words beside the figures, by language; shown once they are approved.';

create function quarter_opens(quarter text) returns date language sql immutable as $$
-- The day from which a quarter may be told: 30 days after its last.
    select (make_date(left(quarter, 4)::int, (right(quarter, 1)::int - 1) * 3 + 1, 1) + interval '3 months')::date + 29 $$;

create function release_maker() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks makes and publishes releases: geo.model.release.MAKES.
    select exists (select from person p where p.id = watch_person() and p.active and p.role = 'national') $$;

create function release_stays() returns trigger language plpgsql as $$
-- The figures stay as they were made. A release goes forward only, not before its day, and its words are approved anew when they change.
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a release is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if tg_op = 'INSERT' then
        if timezone('Asia/Bangkok', now())::date < quarter_opens(new.quarter) then
            raise exception 'a quarter is told 30 days after its end' using errcode = 'insufficient_privilege';
        end if;
        return new;
    end if;
    if to_jsonb(new) - '{state,note,note_approved_by,note_approved_at,published_by,published_at,withdrawn_by,withdrawn_at}'::text[]
       <> to_jsonb(old) - '{state,note,note_approved_by,note_approved_at,published_by,published_at,withdrawn_by,withdrawn_at}'::text[] then
        raise exception 'the figures of a release are not changed' using errcode = 'insufficient_privilege';
    end if;
    if new.state <> old.state and old.state || ' ' || new.state not in ('prepared published', 'published withdrawn') then
        raise exception 'a release does not go from % to %', old.state, new.state using errcode = 'insufficient_privilege';
    end if;
    if old.state <> 'prepared' and (new.published_by, new.published_at) is distinct from (old.published_by, old.published_at) then
        raise exception 'when a release was published is not changed' using errcode = 'insufficient_privilege';
    end if;
    if current_setting('role') <> 'none' and exists (
           select from (values (new.published_by, old.published_by), (new.withdrawn_by, old.withdrawn_by),
                               (new.note_approved_by, old.note_approved_by)) as said (now, before)
           where said.now is distinct from said.before and said.now is distinct from watch_person()) then
        raise exception 'nobody acts in the name of another' using errcode = 'insufficient_privilege';
    end if;
    if new.note <> old.note then
        new.note_approved_by := null;
        new.note_approved_at := null;
    end if;
    return new;
end $$;
create trigger release_stays before insert or update or delete on public_release for each row execute function release_stays();
create trigger release_all_stay before truncate on public_release for each statement execute function release_stays();
create trigger tell_change after insert or update or delete or truncate on public_release for each statement execute function tell_change();
