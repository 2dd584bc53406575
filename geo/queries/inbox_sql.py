"""The statement behind the inbox: what is open, its clocks, what calls for somebody, and the order."""

from __future__ import annotations

from collections.abc import Mapping

from geo.model.clock import ClockName

__all__ = ["OVERDUE", "WHY", "inbox_sql"]

OVERDUE = tuple(ClockName)
WHY = (
    "disputed",
    "answered",
    "closing_waiting",
    "referral_returned",
    "referral_lapsed",
    "check_done",
    "referral_done",
    "new",
    "recheck",
)
"""Columns that say what calls for somebody, beside clocks that ran out."""

_COLUMNS = (
    "i.id, i.public_id, i.crime_type, i.status, i.channel, i.district_code, i.occurred_at, i.occurred_day_only, i.reported_at,"
    " f.incident_id as filed, f.source_grade, f.info_grade, f.officer_id, f.first_look_at, f.verified_at, f.reopened_at,"
    " f.closing_by, f.closing_at, f.closed_at, coalesce(f.recheck and f.rechecked_at is null, false) as recheck"
)

# Indexes find what is open, however many incidents there are: what nobody verified (incident_waiting); what is handled here
# and has not ended (incident_case, case_file_open); what was drawn for a re-check (case_file_recheck). Verified incidents that
# were imported without ever being handled here are records, not work.
_WAITING = (
    f"select {_COLUMNS}, false as ended from incident i left join case_file f on f.incident_id = i.id"
    " where i.status in ('received', 'verifying') and i.status = any(:statuses)"
)
_FILED = (
    f"select {_COLUMNS}, false as ended from case_file f join incident i on i.id = f.incident_id where f.closed_at is null"
    " and i.status in ('verified', 'referred') and i.status = any(:statuses)"
)
_RECHECK = (
    f"select {_COLUMNS}, false as ended from case_file f join incident i on i.id = f.incident_id"
    " where f.recheck and f.rechecked_at is null and i.status = 'closed'"
)
_ENDED = (
    f"select {_COLUMNS}, true as ended from case_file f join incident i on i.id = f.incident_id"
    " where f.closed_at is not null and i.status = any(:ended)"
)

# The newest are found along case_file_ended: a district has far more cases that ended than anybody turns pages for.
_AFTER = (
    " and (f.closed_at < timestamptz 'epoch' - :sort * interval '1 microsecond'"
    " or f.closed_at = timestamptz 'epoch' - :sort * interval '1 microsecond' and f.incident_id > :id)"
)
_NEWEST = " order by f.closed_at desc, f.incident_id limit :limit"
_SEARCHED = (
    f"select {_COLUMNS}, i.status in ('unfounded', 'duplicate', 'closed')"
    " or f.incident_id is null and i.status not in ('received', 'verifying') as ended"
    " from incident i left join case_file f on f.incident_id = i.id where true"
)
_SAID = (
    " and (i.location_note ilike :{word} or exists (select from report r where r.incident_id = i.id"
    " and (r.description ilike :{word} or r.village ilike :{word} or r.location_note ilike :{word})))"
)

_ABOUT = """
checks as materialized (
    select c.incident_id, min(c.due_at) filter (where c.done_at is null) as fact_check_due, max(c.done_at) as check_done_at
    from fact_check c where c.incident_id = any(array(select id from cases)) group by 1
), sent as materialized (
    select r.incident_id, min(r.answer_due) filter (where r.state = 'sent') as referral_answer_due,
           min(r.outcome_due) filter (where r.state = 'accepted') as referral_outcome_due,
           max(r.ended_at) filter (where r.state = 'done') as referral_done_at,
           max(r.ended_at) filter (where r.state in ('returned', 'lapsed')) as orphan_at,
           bool_or(r.state in ('sent', 'accepted')) as somebody,
           (array_agg(r.state order by r.id desc) filter (where r.state <> 'withdrawn'))[1] as last_state
    from referral r where r.incident_id = any(array(select id from cases)) group by 1
), disputes as materialized (
    select r.incident_id, max(r.disputed_at) as disputed_at from report r
    where r.disputed_at is not null and r.incident_id = any(array(select id from cases)) group by 1
), answers as materialized (
    {answers}
), facts as (
    select c.*, coalesce(c.reopened_at, c.reported_at) as began,
        c.status in ('received', 'verifying') as unverified,
        not c.ended and c.status in ('received', 'verifying', 'verified', 'referred') as open,
        k.fact_check_due, k.check_done_at, s.referral_answer_due, s.referral_outcome_due, s.referral_done_at, s.orphan_at,
        s.somebody, s.last_state, d.disputed_at, a.answered_at
    from cases c left join checks k on k.incident_id = c.id left join sent s on s.incident_id = c.id
    left join disputes d on d.incident_id = c.id left join answers a on a.incident_id = c.id
), clocks as (
    select *,
        case when status = 'received' and first_look_at is null and reopened_at is null
            then reported_at + :first_look_span end as first_look_due,
        case when unverified then began + :verification_span end as verification_due,
        case when open then began + :closure_span end as closure_due,
        disputed_at is not null and unverified and disputed_at > coalesce(verified_at, '-infinity') as disputed,
        answered_at is not null as answered,
        closing_by is not null and closed_at is null and open as closing_waiting,
        open and not coalesce(somebody, false) and last_state = 'returned' as referral_returned,
        open and not coalesce(somebody, false) and last_state = 'lapsed' as referral_lapsed,
        check_done_at is not null and status = 'verifying' and check_done_at > began as check_done,
        open and not coalesce(somebody, false) and last_state = 'done' and closing_by is null as referral_done,
        status = 'received' and first_look_at is null and reopened_at is null as new
    from facts
), judged as (
    select *, {late}, least({due}) as due from clocks
), ranked as (
    select *,
        case when ended then 8
             when {any_late} then 0
             when disputed or answered then 1
             when closing_waiting then 2
             when referral_returned or referral_lapsed then 3
             when check_done or referral_done then 4
             when new then 5
             when recheck then 6
             when open then 7
             else 8 end as rank
    from judged
), listed as (
    select *, (case when rank = 8 then -1 else 1 end * extract(epoch from case rank
        when 0 then due
        when 1 then least(case when disputed then disputed_at end, answered_at)
        when 2 then closing_at
        when 3 then orphan_at
        when 4 then greatest(case when check_done then check_done_at end, case when referral_done then referral_done_at end)
        when 6 then closed_at
        when 7 then due
        when 8 then coalesce(closed_at, reported_at)
        else reported_at end) * 1000000)::bigint as sort
    from ranked{kept}
)"""

_ANSWERS = """select r.incident_id, min(q.answered_at) as answered_at
    from report_question q join report r on r.id = q.report_id
    where q.answered_at is not null and q.read_at is null and r.incident_id = any(array(select id from cases)) group by 1"""
_NO_ANSWERS = "select null::bigint as incident_id, null::timestamptz as answered_at where false"


def inbox_sql(
    values: Mapping[str, object], *, questions: bool, recheck: bool, waiting: bool, newest: bool = False
) -> str:
    """Common table expressions that end in ``listed``: a row a case, with ``rank``, ``sort``, ``due`` and columns of `WHY`.

    Parameters
    ----------
    values
        What will be bound; conditions stand only on what is there. ``numbers`` or ``word_0``, ``word_1`` ... look for cases in
        any state, in place of what is open.
    questions
        Whether the viewer may read questions to reporters.
    recheck, waiting
        Whether to list closed cases drawn for a re-check, and what is not verified.
    newest
        Only ended states are asked for: read no more of them than ``limit``, after ``sort`` and ``id`` if those are there.
    """
    where = "".join(
        condition
        for name, condition in (
            ("scope", " and i.district_code = any(:scope)"),
            ("districts", " and i.district_code = any(:districts)"),
            ("types", " and i.crime_type = any(:types)"),
            ("mine", " and f.officer_id = :mine"),
            ("officer", " and f.officer_id = :officer"),
            ("nobodys", " and f.officer_id is null"),
        )
        if name in values
    )
    words = sorted(name for name in values if name.startswith("word_"))
    if "numbers" in values:
        parts = [_SEARCHED + " and i.public_id = any(:numbers)" + where]
    elif words:
        parts = [_SEARCHED + where + "".join(_SAID.format(word=word) for word in words)]
    elif newest:
        parts = [f"({_ENDED}{where}{_AFTER if 'sort' in values else ''}{_NEWEST})"]
    else:
        parts = [_FILED, *([_WAITING] if waiting else []), *([_RECHECK] if recheck else [])]
        if values["ended"]:
            parts.append(_ENDED)
        parts = [part + where for part in parts]
    late = ", ".join(f"coalesce({name}_due < :now, false) as {name}_late" for name in OVERDUE)
    return f"cases as materialized ({' union all '.join(parts)}), " + _ABOUT.format(
        answers=_ANSWERS if questions else _NO_ANSWERS,
        late=late,
        due=", ".join(f"{name}_due" for name in OVERDUE),
        any_late=" or ".join(f"{name}_late" for name in OVERDUE),
        kept=" where rank = any(:groups)" if "groups" in values else "",
    )
