"""What an administrator can set in numbers: rows of ``setting``, their defaults and the bounds within which they make sense."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import WatchError
from geo.model.clock import RECHECK_SHARE, ClockName, Targets
from geo.model.month_report import DUE_DAY
from geo.model.quarter_report import TARGETS, target_key

__all__ = ["SETTINGS", "Setting"]

_YEAR_H = 366 * 24


@dataclass(frozen=True, slots=True)
class Setting:
    """One number.

    Attributes
    ----------
    kind
        ``hours`` or ``day`` of a month (whole ones), or ``share``: from 0 to 1.
    default
        What counts where nobody set anything.
    """

    key: str
    kind: str
    default: float
    least: float
    most: float

    def refuse_unfit(self, value: float) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        geo.errors.WatchError
            ``setting.out_of_range`` with ``least`` and ``most``; ``setting.whole_hours``: it is not a whole number.
        """
        if not self.least <= value <= self.most:  # so is what is not a number
            raise WatchError("setting.out_of_range", least=f"{self.least:g}", most=f"{self.most:g}")
        if self.kind != "share" and value != int(value):
            raise WatchError("setting.whole_hours")


SETTINGS = {
    one.key: one
    for one in (
        *(
            Setting(Targets.key(clock), "hours", getattr(Targets(), f"{clock}_hours"), 1, _YEAR_H)
            for clock in ClockName
        ),
        Setting(RECHECK_SHARE[0], "share", RECHECK_SHARE[1], 0, 1),
        Setting(DUE_DAY[0], "day", DUE_DAY[1], 1, 28),
        *(Setting(target_key(one), "share", share, 0, 1) for one, share in TARGETS.items()),
    )
}
"""By key, in the order in which a case meets them."""
