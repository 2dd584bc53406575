-- Plans of checkpoints: a question, its answer, the sites, and who took the plan how far. Who may read and write what stands
-- in geo/db/access.sql.

-- Some functions call others that geo/db/access.sql makes after the migrations.
set local check_function_bodies = off;

create table plan (
    id          integer generated always as identity primary key,
    title       text not null check (title <> '' and char_length(title) <= 200),
    districts   text[] not null check (cardinality(districts) between 1 and 100),
    question    jsonb not null default '{}' check (jsonb_typeof(question) = 'object'),
    answer      jsonb not null default '{}' check (jsonb_typeof(answer) = 'object'),
    as_of       timestamptz not null default now(),
    state       text not null default 'draft'
        check (state in ('draft', 'proposed', 'approved', 'in_force', 'ended', 'withdrawn', 'rejected')),
    reason      text check (reason <> '' and char_length(reason) <= 2000),
    revision    integer not null default 1,
    made_by     integer references person (id),
    made_at     timestamptz not null default now(),
    changed_by  integer references person (id),
    changed_at  timestamptz not null default now(),
    proposed_by integer references person (id),
    decided_by  integer references person (id),
    copy_of     integer references plan (id) on delete set null,
    is_demo     boolean not null default false,
    check (state not in ('withdrawn', 'rejected') or reason is not null)
);
comment on column plan.question is 'What was asked, as dashboard.planning.question; empty where sites were only typed or read from a file.';
comment on column plan.answer is 'What was found, with bound, gap and status.';
comment on column plan.as_of is 'Moment of the demand that the figures count.';
comment on column plan.revision is 'Grows with every change of a draft: who saves says which one they saw.';
comment on column plan.decided_by is 'Who approved or rejected it: neither who made it nor who changed or proposed it.';
create index plan_newest on plan (changed_at desc, id desc);

create table plan_site (
    plan_id       integer not null references plan (id) on delete cascade,
    place         smallint not null check (place > 0),
    name          text not null check (name <> '' and char_length(name) <= 200),
    district_code text references area (code) deferrable initially deferred,
    role          text not null check (role in ('existing', 'chosen', 'forced')),
    kind          text not null default 'checkpoint' check (kind in ('checkpoint', 'interception', 'river')),
    checkpoint_id integer references checkpoint (id) on delete set null,
    cost          double precision check (cost >= 0 and cost < 'infinity'),
    staff         double precision check (staff >= 0 and staff < 'infinity'),
    moved         boolean not null default false,
    figures       jsonb not null default '{}' check (jsonb_typeof(figures) = 'object'),
    geom          geometry(Point, 4326) not null,
    primary key (plan_id, place)
);
comment on column plan_site.place is 'Number on map and list, from 1.';
comment on column plan_site.checkpoint_id is 'The checkpoint that is kept, or that the plan made once it was approved.';
comment on column plan_site.moved is 'A person put it elsewhere than the method did.';
comment on column plan_site.figures is 'What it covers, adds and would lose, and its second-best place.';
create index plan_site_checkpoint on plan_site (checkpoint_id) where checkpoint_id is not null;

create table plan_step (
    id        bigint generated always as identity primary key,
    plan_id   integer not null references plan (id) on delete cascade,
    state     text not null,
    person_id integer references person (id),
    at        timestamptz not null default now(),
    reason    text
);
comment on table plan_step is 'Who took a plan to which state, and when. Written by the trigger plan_told alone.';
create index plan_step_of on plan_step (plan_id, id);

alter table checkpoint add column plan_id integer references plan (id) on delete set null;
comment on column checkpoint.plan_id is 'The plan that it comes from.';
create index checkpoint_plan on checkpoint (plan_id) where plan_id is not null;

alter table decision add column plan_id integer references plan (id) on delete set null;
comment on column decision.plan_id is 'The plan of checkpoints that it is about.';
create index decision_plan on decision (plan_id) where plan_id is not null;

-- ---------------------------------------------------------------- who may do what
create function plan_maker() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may make, change and propose plans: geo.model.plan.MAKES.
    select exists (select from person p where p.id = watch_person() and p.active and p.role in ('planner', 'chief')) $$;

create function plan_approver() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
-- Whether who asks may approve or reject plans: geo.model.plan.APPROVES.
    select exists (select from person p where p.id = watch_person() and p.active and p.role in ('commander', 'national')) $$;

create function plan_moves() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- A plan is changed as a draft alone, moves by the steps there are, and nobody approves what they had a hand in. The owner of
-- the tables acts for nobody (commands, demonstrations); the steps bind them too.
declare
    acting boolean := current_setting('role') <> 'none';
    frozen text[] := '{state,reason,decided_by,proposed_by,revision,changed_at,changed_by}';
begin
    if tg_op = 'TRUNCATE' or tg_op = 'DELETE' and not old.is_demo then
        raise exception 'a plan is kept' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if to_jsonb(new) - '{title,districts,question,answer,as_of,state,reason,revision,changed_by,changed_at,proposed_by,decided_by}'::text[]
       <> to_jsonb(old) - '{title,districts,question,answer,as_of,state,reason,revision,changed_by,changed_at,proposed_by,decided_by}'::text[] then
        raise exception 'who made a plan and when is not changed' using errcode = 'insufficient_privilege';
    end if;
    if (old.state <> 'draft' or new.state <> 'draft') and to_jsonb(new) - frozen <> to_jsonb(old) - frozen then
        raise exception 'only a draft is changed' using errcode = 'insufficient_privilege';
    end if;
    if new.state = old.state then
        if old.state <> 'draft' or acting and not plan_maker() or new.decided_by is distinct from old.decided_by
           or new.proposed_by is distinct from old.proposed_by then
            raise exception 'only a draft is changed, by those who make plans' using errcode = 'insufficient_privilege';
        end if;
        new.revision := old.revision + 1;
        new.changed_by := case when acting then watch_person() else new.changed_by end;
        new.changed_at := now();
        return new;
    end if;
    if old.state || ' ' || new.state not in ('draft proposed', 'draft withdrawn', 'proposed approved', 'proposed rejected',
            'proposed withdrawn', 'approved in_force', 'approved withdrawn', 'in_force ended') then
        raise exception 'a plan does not go from % to %', old.state, new.state using errcode = 'insufficient_privilege';
    end if;
    if new.state = 'proposed' and not exists (select from plan_site s where s.plan_id = new.id and s.role <> 'existing') then
        raise exception 'a plan without a new site is not proposed' using errcode = 'insufficient_privilege';
    end if;
    if acting then
        if new.state in ('approved', 'rejected') then
            if not plan_approver() then
                raise exception 'only a commander or the national centre approves' using errcode = 'insufficient_privilege';
            end if;
            if watch_person() in (old.made_by, old.changed_by, old.proposed_by)
               or exists (select from plan_step s where s.plan_id = old.id and s.person_id = watch_person()) then
                raise exception 'nobody approves their own plan' using errcode = 'insufficient_privilege';
            end if;
        elsif not (plan_maker() or plan_approver() and old.state in ('approved', 'in_force')) then
            raise exception 'this step is not theirs' using errcode = 'insufficient_privilege';
        end if;
        new.proposed_by := case when new.state = 'proposed' then watch_person() else old.proposed_by end;
        new.decided_by := case when new.state in ('approved', 'rejected') then watch_person() else old.decided_by end;
        new.changed_by := old.changed_by;
    end if;
    new.revision := old.revision + 1;
    new.changed_at := now();
    return new;
end $$;
create trigger plan_moves before update or delete on plan for each row execute function plan_moves();
create trigger plan_all_stay before truncate on plan for each statement execute function plan_moves();

create function plan_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Notes who took the plan where; and what is published stands on the live map: planned once it is approved, active in force,
-- closed when it has ended. Nobody but this function makes such a checkpoint.
declare
    site record;
    made integer;
    today date := timezone('Asia/Bangkok', now())::date;
begin
    if tg_op = 'UPDATE' and new.state = old.state then
        if watch_person() is distinct from new.made_by and not exists (select from plan_step s
           where s.plan_id = new.id and s.state = 'draft' and s.person_id is not distinct from watch_person()) then
            insert into plan_step (plan_id, state, person_id) values (new.id, 'draft', watch_person());
        end if;
        return null;
    end if;
    insert into plan_step (plan_id, state, person_id, reason)
    values (new.id, new.state, coalesce(watch_person(), case when tg_op = 'INSERT' then new.made_by end), new.reason);
    if tg_op = 'INSERT' then return null; end if;
    if new.state = 'approved' then
        for site in select * from plan_site s where s.plan_id = new.id and s.role <> 'existing' order by s.place loop
            -- A checkpoint that was planned already and belongs to no plan is the one that is meant.
            update checkpoint c set plan_id = new.id
            where c.id = site.checkpoint_id and c.plan_id is null and c.status = 'planned';
            continue when found;
            insert into checkpoint (code, name, kind, status, district_code, source, is_demo, geom, plan_id)
            values ('PL' || lpad(new.id::text, 4, '0') || '-' || lpad(site.place::text, 2, '0'), site.name, site.kind, 'planned',
                    site.district_code, 'plan:' || new.id, new.is_demo, site.geom, new.id)
            returning id into made;
            update plan_site s set checkpoint_id = made where s.plan_id = new.id and s.place = site.place;
        end loop;
    elsif new.state = 'in_force' then
        update checkpoint c set status = 'active', valid_from = today where c.plan_id = new.id and c.status = 'planned';
    elsif new.state = 'ended' then
        update checkpoint c set status = 'closed', valid_to = greatest(today, c.valid_from) where c.plan_id = new.id and c.status <> 'closed';
    elsif new.state = 'withdrawn' then
        update checkpoint c set status = 'closed'
        where c.plan_id = new.id and c.status = 'planned' and c.source = 'plan:' || new.id;
        update checkpoint c set plan_id = null where c.plan_id = new.id and c.source is distinct from 'plan:' || new.id;
    end if;
    return null;
end $$;
create trigger plan_told after insert or update on plan for each row execute function plan_told();

create function plan_site_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- Sites are those of a draft, or go with their plan; a site that was published learns its checkpoint, and may lose it.
declare
    number integer := case when tg_op = 'DELETE' then old.plan_id else new.plan_id end;
    now_in text;
begin
    select p.state into now_in from plan p where p.id = number;
    if tg_op = 'DELETE' and now_in is null then return old; end if;
    if tg_op = 'UPDATE' then
        if new.plan_id = old.plan_id and to_jsonb(new) - 'checkpoint_id' = to_jsonb(old) - 'checkpoint_id'
           and (now_in = 'draft' or pg_trigger_depth() > 1 or new.checkpoint_id is null) then
            return new;
        end if;
    end if;
    if now_in is distinct from 'draft' then
        raise exception 'the sites of a plan are changed while it is a draft' using errcode = 'insufficient_privilege';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger plan_site_stays before insert or update or delete on plan_site
    for each row execute function plan_site_stays();

create trigger tell_office after insert or update or delete on plan for each statement execute function tell_office();

create or replace function decision_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
-- What was decided, where and when stays; what has ended stays as it ended; who only has to do it says how it ended, no more.
begin
    if to_jsonb(new) - '{words,owner_id,agency,due,geom,area_code,checkpoint_id,plan_id,state,reason,ended_by,ended_at}'::text[]
       <> to_jsonb(old) - '{words,owner_id,agency,due,geom,area_code,checkpoint_id,plan_id,state,reason,ended_by,ended_at}'::text[] then
        raise exception 'where and when something was decided is not changed' using errcode = 'insufficient_privilege';
    end if;
    if old.state <> 'open' and to_jsonb(new) - '{checkpoint_id,plan_id}'::text[] <> to_jsonb(old) - '{checkpoint_id,plan_id}'::text[] then
        raise exception 'what has ended is not changed' using errcode = 'insufficient_privilege';
    end if;
    if current_setting('role') <> 'none' and not meeting_leader()
       and to_jsonb(new) - '{state,reason,ended_by,ended_at}'::text[] <> to_jsonb(old) - '{state,reason,ended_by,ended_at}'::text[] then
        raise exception 'only who may decide changes a decision' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
