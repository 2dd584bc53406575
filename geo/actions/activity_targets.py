"""What the national centre aims at: set a target from a quarter on, or take one back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.model.activity_figures import Indicator, quarter_of
from geo.model.person import Person, Role

__all__ = ["MOST", "set_target"]

MOST = {
    Indicator.TRAINED_VILLAGES: 100,
    Indicator.PEOPLE_REACHED: 1_000_000,
    Indicator.PLACES_HEARD: 100,
    Indicator.HOURS_TO_VERIFY: 10_000,
}
"""More than this is a slip of the finger."""


def set_target(
    connection: Connection, person: Person, indicator: Indicator, district: str | None, day: date, value: float | None
) -> None:
    """Aim at a value from the quarter of a day on; without a value the target of that quarter is taken back.

    Parameters
    ----------
    district
        Nothing for all districts that have no target of their own.

    Raises
    ------
    StepRefused
        ``activity.…``: ``not_national``, ``target_value``, ``unknown_district``; ``case.not_yours``.
    """
    if person.role is not Role.NATIONAL:
        raise StepRefused("activity.not_national")
    since, _ = quarter_of(day)
    if value is not None and not 0 <= value <= MOST[indicator]:
        raise StepRefused("activity.target_value", least=0, most=MOST[indicator])
    of = {"indicator": str(indicator), "district": district, "since": since}
    known = connection.execute(
        text("select cast(:district as text) is null or exists (select from area where code = :district and level = 'district')"),
        of,
    ).scalar()  # fmt: skip
    if not known:
        raise StepRefused("activity.unknown_district")
    with own_rows():
        if value is None:
            connection.execute(
                text(
                    "delete from activity_target where indicator = :indicator and since = :since"
                    " and district_code is not distinct from cast(:district as text)"
                ),
                of,
            )
        else:
            connection.execute(
                text(
                    "insert into activity_target (indicator, district_code, since, value, set_by, is_demo)"
                    " values (:indicator, :district, :since, :value, :by, :demo) on conflict on constraint activity_target_one"
                    " do update set value = excluded.value, set_by = excluded.set_by, set_at = now()"
                ),
                of | {"value": value, "by": person.id, "demo": person.is_demo},
            )
    audit(
        connection, "activity.target", f"district:{district or '*'}", indicator=str(indicator), since=str(since),
        to=None if value is None else str(value),
    )  # fmt: skip
