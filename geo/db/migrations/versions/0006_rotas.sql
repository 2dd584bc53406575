-- Rotas: who is drawn to be where and when, with what chance, and what was changed by hand. Who may read and write what stands
-- in geo/db/access.sql; few may: a rota is a list of where nobody will be.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create table rota (
    id            integer generated always as identity primary key,
    title         text not null check (title <> '' and char_length(title) <= 200),
    districts     text[] not null check (cardinality(districts) between 1 and 100),
    first_day     date not null,
    days          smallint not null check (days between 7 and 92),
    starts        smallint[] not null check (cardinality(starts) between 1 and 12),
    ends          smallint[] not null check (cardinality(ends) = cardinality(starts)),
    teams         smallint[] not null check (cardinality(teams) = cardinality(starts)),
    floor         double precision not null check (floor between 0 and 1),
    reason        text not null check (reason <> '' and char_length(reason) <= 2000),
    asked         jsonb not null,
    seed          bigint not null check (seed >= 0),
    draws         smallint not null default 1 check (draws >= 1),
    state         text not null default 'draft' check (state in ('draft', 'published', 'withdrawn')),
    made_by       integer not null references person (id),
    made_at       timestamptz not null default now(),
    published_by  integer references person (id),
    published_at  timestamptz,
    withdrawn_by  integer references person (id),
    withdrawn_at  timestamptz,
    withdrawn_why text check (char_length(withdrawn_why) <= 2000),
    is_demo       boolean not null default false,
    check (num_nonnulls(published_by, published_at) in (0, 2)),
    check (state <> 'published' or published_at is not null),
    check ((state = 'withdrawn') = (withdrawn_at is not null)),
    check (num_nonnulls(withdrawn_by, withdrawn_at, withdrawn_why) in (0, 3))
);
comment on column rota.starts is 'Full hour at which each window of the day begins, Asia/Bangkok.';
comment on column rota.ends is 'Full hour at which each window ends; above 24 on the next day.';
comment on column rota.teams is 'Teams that are out at the same time in each window.';
comment on column rota.asked is 'What the demand was made from: period, kinds, radius.';
comment on column rota.seed is 'With the probabilities it draws the same shifts again.';
comment on column rota.draws is 'How often it was drawn: picking among draws bends the probabilities.';
create index rota_days on rota (first_day desc, id desc);

create table rota_post (
    rota_id       integer not null references rota (id) on delete cascade,
    place         smallint not null check (place >= 0),
    name          text not null check (name <> '' and char_length(name) <= 200),
    checkpoint_id integer references checkpoint (id) on delete set null,
    geom          geometry(Point, 4326) not null,
    value         double precision[] not null,
    probability   double precision[] not null,
    primary key (rota_id, place)
);
comment on table rota_post is 'Places of a rota; value and probability of each window of the day.';
create index rota_post_checkpoint on rota_post (checkpoint_id) where checkpoint_id is not null;

create table rota_shift (
    rota_id       integer not null references rota (id) on delete cascade,
    day           date not null,
    slot          smallint not null check (slot >= 0),
    team          smallint not null check (team >= 1),
    place         smallint not null,
    drawn         smallint not null,
    reason        text check (char_length(reason) <= 2000),
    changed_by    integer references person (id),
    changed_at    timestamptz,
    primary key (rota_id, day, slot, team),
    unique (rota_id, day, slot, place),
    foreign key (rota_id, place) references rota_post (rota_id, place) on delete cascade,
    check (num_nonnulls(reason, changed_by, changed_at) in (0, 3)),
    check (place = drawn or reason is not null)
);
comment on table rota_shift is 'One team at one place in one window of one day: when the checkpoint is to be manned.';
comment on column rota_shift.slot is 'Position of the window in rota.starts, from 0.';
comment on column rota_shift.drawn is 'Place that was drawn; place is another one where somebody changed it by hand.';

-- ---------------------------------------------------------------- what was drawn stays
create function rota_stays() returns trigger language plpgsql as $$
-- Of a rota only its state moves, and only forward; the seed of a draft changes when it is drawn again.
declare free text[] := '{state,published_by,published_at,withdrawn_by,withdrawn_at,withdrawn_why}';
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a rota is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if old.state = 'draft' and new.state = 'draft' then free := free || '{seed,draws}'::text[]; end if;
    if to_jsonb(new) - free <> to_jsonb(old) - free
       or old.state || ' ' || new.state not in ('draft draft', 'draft published', 'draft withdrawn', 'published withdrawn')
       or old.published_at is not null and (new.published_by, new.published_at) is distinct from (old.published_by, old.published_at) then
        raise exception 'a rota is not changed, only published or withdrawn' using errcode = 'insufficient_privilege';
    end if;
    if current_setting('role') <> 'none' and new.state <> old.state
       and watch_person() is distinct from (case new.state when 'published' then new.published_by else new.withdrawn_by end) then
        raise exception 'a rota is published and withdrawn in one''s own name' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger rota_stays before update or delete on rota for each row execute function rota_stays();
create trigger rota_all_stay before truncate on rota for each statement execute function rota_stays();

create function rota_post_stays() returns trigger language plpgsql as $$
-- Places and probabilities are written in the transaction that writes their rota, and go with it. Where a checkpoint is removed
-- its place stays.
begin
    if tg_op = 'INSERT' and exists (select from rota r where r.id = new.rota_id and r.made_at = now()) then return new; end if;
    if tg_op = 'UPDATE' then
        if to_jsonb(new) - 'checkpoint_id' = to_jsonb(old) - 'checkpoint_id' and new.checkpoint_id is null then return new; end if;
    end if;
    if tg_op = 'DELETE' then
        if not exists (select from rota r where r.id = old.rota_id) then return old; end if;
    end if;
    raise exception 'places and probabilities of a rota are not changed' using errcode = 'insufficient_privilege';
end $$;
create trigger rota_post_stays before insert or update or delete on rota_post for each row execute function rota_post_stays();
create trigger rota_post_all_stay before truncate on rota_post for each statement execute function rota_post_stays();

create function rota_shift_stays() returns trigger language plpgsql as $$
-- Shifts are drawn while the rota is a draft. Afterwards one that is still to come goes to another place, with a reason and the
-- name of who says so.
declare held rota;
begin
    if tg_op = 'TRUNCATE' then raise exception 'a rota is kept' using errcode = 'insufficient_privilege'; end if;
    select * into held from rota r where r.id = coalesce(new.rota_id, old.rota_id);
    if tg_op = 'DELETE' then
        if held.id is null or held.state = 'draft' then return old; end if;
        raise exception 'what was published is not drawn again' using errcode = 'insufficient_privilege';
    end if;
    if held.state = 'withdrawn' or tg_op = 'INSERT' and (held.state <> 'draft' or new.place <> new.drawn) then
        raise exception 'a rota is drawn while it is a draft' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and (
        to_jsonb(new) - '{place,reason,changed_by,changed_at}'::text[] <> to_jsonb(old) - '{place,reason,changed_by,changed_at}'::text[]
        or new.changed_at is distinct from now() or new.changed_by is distinct from watch_person()
        or held.state = 'published'
           and (new.day + make_interval(hours => held.ends[new.slot + 1])) at time zone 'Asia/Bangkok' <= now()) then
        raise exception 'a shift is changed only by somebody, with a reason, before it is over' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger rota_shift_stays before insert or update or delete on rota_shift for each row execute function rota_shift_stays();
create trigger rota_shift_all_stay before truncate on rota_shift for each statement execute function rota_shift_stays();

create trigger tell_office after insert or update or delete on rota for each statement execute function tell_office();
create trigger tell_office after update on rota_shift for each statement execute function tell_office();
