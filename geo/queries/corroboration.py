"""What speaks for and against a case, for the grade that is suggested."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.analysis.grading import Corroboration, SuggestedGrade, suggest_grade
from geo.errors import NotFound

__all__ = ["corroboration", "suggested_grade"]

_FACTS = """
with recursive this (id) as (select id from incident where public_id = :public_id),
family (id) as (select id from this union select f.incident_id from case_file f join family on f.merged_into = family.id),
told as (select r.* from report r join this on r.incident_id = this.id)
select (select count(distinct coalesce('p' || entered_by, 'k' || api_key_id, 'r' || id)) from told) as sources,
    (select count(distinct channel) from told) as channels,
    (select coalesce(bool_or(channel in ('patrol', 'agency')), false) from told) as official,
    (select count(*) from fact_check c join family on c.incident_id = family.id where c.finding = 'confirmed') as confirmed,
    (select count(*) from fact_check c join family on c.incident_id = family.id where c.finding = 'not_found') as not_found,
    (select count(*) from evidence e join family on e.incident_id = family.id) as papers,
    (select count(*) from this) as there
"""
_HISTORY = """
select p.id, count(distinct i.id) filter (where i.status in ('verified', 'referred', 'closed')) as verified,
    count(distinct i.id) filter (where i.status = 'unfounded') as unfounded
from (select distinct r.entered_by as id from report r join incident i on i.id = r.incident_id
      where i.public_id = :public_id and r.entered_by is not null) p
left join report r on r.entered_by = p.id
left join incident i on i.id = r.incident_id and i.public_id <> :public_id
group by p.id order by p.id
"""


def corroboration(connection: Connection, public_id: str) -> Corroboration:
    """The facts, as far as this viewer sees them: a coordinator's history counts in the viewer's districts.

    Raises
    ------
    NotFound
        ``case.not_found``.
    """
    row = connection.execute(text(_FACTS), {"public_id": public_id}).one()
    if not row.there:
        raise NotFound("case.not_found", public_id=public_id)
    history = connection.execute(text(_HISTORY), {"public_id": public_id}).all()
    return Corroboration(
        sources=row.sources,
        channels=row.channels,
        official=row.official,
        confirmed=row.confirmed,
        not_found=row.not_found,
        papers=row.papers,
        history=tuple((one.verified, one.unfounded) for one in history),
    )


def suggested_grade(connection: Connection, public_id: str) -> SuggestedGrade:
    """The grade that the facts suggest, with its reasons; a person decides."""
    return suggest_grade(corroboration(connection, public_id))
