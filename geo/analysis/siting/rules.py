"""What may be chosen: how many, which are kept, forced or forbidden, budgets, and at least so many in each district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Bools, Floats, Ints, finite, positive
from geo.analysis.simulation import whole
from geo.errors import AnalysisRefused

__all__ = ["Budget", "Rules", "rules"]


@dataclass(frozen=True, slots=True, eq=False)
class Budget:
    """New sites may cost (money, staff) so much in all: ``cost`` of each, shape (sites,), and ``limit``."""

    cost: Floats
    limit: float


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Checked rules; make them with `rules`.

    Attributes
    ----------
    number
        New sites: exactly so many, at most so many where there is a budget; nothing: no such limit.
    existing, forced, free
        Kept and counted in nothing; always chosen and counted; may be chosen. Shape (sites,) each.
    district, least_each
        Code of each site's district, 0 …; the least number in each, existing ones too.
    """

    number: int | None
    existing: Bools
    forced: Bools
    free: Bools
    district: Ints | None = None
    least_each: int = 0
    budgets: tuple[Budget, ...] = ()

    @property
    def always(self) -> Ints:
        """Positions of the sites in every choice."""
        return np.flatnonzero(self.existing | self.forced)

    @property
    def slots(self) -> int:
        """How many are still to be chosen after those, at most."""
        most = int(self.free.sum())
        return most if self.number is None else min(most, self.number - int(self.forced.sum()))

    def needs(self, chosen: Bools) -> Ints:
        """How many each district still lacks, shape (districts,)."""
        if self.district is None:
            return np.zeros(1, dtype=np.int64)
        here = np.bincount(self.district[chosen], minlength=int(self.district.max()) + 1)
        return np.maximum(0, self.least_each - here)

    def spent(self, chosen: Bools, budget: Budget) -> float:
        """What the new sites cost."""
        return float(budget.cost[chosen & ~self.existing].sum())

    def addable(self, chosen: Bools) -> Bools:
        """Which sites can be added to a choice so that what the districts lack still finds room, shape (sites,)."""
        can = self.free & ~chosen
        left = len(chosen) if self.number is None else self.number - int((chosen & ~self.existing).sum())
        if left <= 0:
            return np.zeros_like(can)
        needs = self.needs(chosen)
        if self.district is not None and needs.sum() >= left:
            can &= needs[self.district] > 0
        for budget in self.budgets:
            can &= budget.cost <= budget.limit - self.spent(chosen, budget) + 1e-9
        return can

    def swappable(self, chosen: Bools, out: Ints) -> Bools:
        """Which sites can take the place of which chosen one, shape (sites, len(out))."""
        can = np.repeat((self.free & ~chosen)[:, None], len(out), axis=1)
        if self.district is not None and self.least_each:
            here = np.bincount(self.district[chosen], minlength=int(self.district.max()) + 1)
            spare = here[self.district[out]] > self.least_each
            can &= spare | (self.district[:, None] == self.district[out])
        for budget in self.budgets:
            spent = self.spent(chosen, budget)
            can &= spent - budget.cost[out] + budget.cost[:, None] <= budget.limit + 1e-9
        return can

    def kept_to(self, chosen: Bools) -> bool:
        """Whether a choice keeps to the rules."""
        new = chosen & ~self.existing
        few = self.number is None or (new.sum() <= self.number if self.budgets else new.sum() == self.number)
        return bool(
            few
            and not self.needs(chosen).any()
            and all(self.spent(chosen, budget) <= budget.limit + 1e-6 for budget in self.budgets)
            and chosen[self.existing | self.forced].all()
            and not (new & ~self.forced & ~self.free).any()
        )

    def best(self, score: Floats) -> tuple[float, Ints]:
        """The choice with the highest sum of scores, or for budgets a sum that none can exceed; and its new positions.

        Scores are at least 0 where there is a budget or no number.
        """
        always = self.always
        kept = float(score[always].sum())
        free = np.flatnonzero(self.free)
        picked: list[Ints] = []
        slots = self.slots
        if self.district is not None and self.least_each:
            needs = self.needs(self.existing | self.forced)
            for district in np.flatnonzero(needs):
                inside = free[self.district[free] == district]
                picked.append(inside[np.argsort(-score[inside], kind="stable")[: needs[district]]])
            free = np.setdiff1d(free, np.concatenate(picked)) if picked else free
            slots = max(0, slots - sum(map(len, picked)))
        if slots < len(free):
            free = free[np.argpartition(-score[free], slots - 1)[:slots]] if slots else free[:0]
        chosen = np.concatenate([*picked, free])
        most = float(score[chosen].sum())
        for budget in self.budgets:
            limit, whole_part = self._knapsack(score, budget)
            if limit < most:
                most, chosen = limit, whole_part
        return kept + most, np.concatenate([always, chosen])

    def _knapsack(self, score: Floats, budget: Budget) -> tuple[float, Ints]:
        """The most that the money buys if a part of a site could be bought, and the sites bought whole."""
        left = budget.limit - float(budget.cost[self.forced].sum())
        free = np.flatnonzero(self.free & (score > 0))
        free = free[np.argsort(-score[free] / np.maximum(budget.cost[free], 1e-12), kind="stable")]
        until = np.cumsum(budget.cost[free])
        whole_ones = int(np.searchsorted(until, left + 1e-12, "right"))
        value = float(score[free[:whole_ones]].sum())
        if whole_ones < len(free):
            rest = left - (until[whole_ones - 1] if whole_ones else 0.0)
            value += float(score[free[whole_ones]] * max(rest, 0) / budget.cost[free[whole_ones]])
        return value, free[:whole_ones]


def rules(
    sites: int,
    number: int | None = None,
    *,
    existing: npt.ArrayLike | None = None,
    forced: npt.ArrayLike | None = None,
    forbidden: npt.ArrayLike | None = None,
    district: npt.ArrayLike | None = None,
    least_each: int = 0,
    budgets: tuple[tuple[npt.ArrayLike, float], ...] = (),
) -> Rules:
    """Check what is asked of a choice among ``sites`` candidates.

    Parameters
    ----------
    existing, forced, forbidden
        True or 1 for such sites, shape (sites,). Existing ones are kept and count in neither number nor budget.
    district, least_each
        Any code of each site's district, shape (sites,); at least so many in each that has a candidate.
    budgets
        Pairs of costs, shape (sites,), and what they may sum up to.

    Raises
    ------
    AnalysisRefused
        ``siting.no_candidates``, ``siting.number``, ``siting.too_many`` (more than can be chosen), ``siting.forced_forbidden``,
        ``siting.too_many_forced``, ``siting.spread`` (districts need more), ``siting.budget`` (forced ones cost more), as `finite`.
    """
    if sites == 0:
        raise AnalysisRefused("siting.no_candidates")
    kept, must, never = (_marks(name, marks, sites) for name, marks in
                         (("existing", existing), ("forced", forced), ("forbidden", forbidden)))  # fmt: skip
    if (bad := never & (kept | must)).any():
        raise AnalysisRefused("siting.forced_forbidden", row=int(bad.argmax()) + 1)
    must &= ~kept
    free = ~(kept | must | never)
    if number is not None:
        if int(number) != number or number <= 0:
            raise AnalysisRefused("siting.number", number=number)
        if number > int((free | must).sum()):
            raise AnalysisRefused("siting.too_many", number=number, sites=int((free | must).sum()))
        if must.sum() > number:
            raise AnalysisRefused("siting.too_many_forced", number=number, forced=int(must.sum()))
    codes = None
    if district is not None and least_each:
        whole("least-each", least_each, 0)
        names, codes = np.unique(np.asarray(district), return_inverse=True)
        can = np.bincount(codes[~never], minlength=len(names))
        if (can < least_each).any():
            worst = int(can.argmin())
            raise AnalysisRefused(
                "siting.spread_short", district=str(names[worst]), sites=int(can[worst]), least=least_each
            )
    limits = []
    for cost, limit in budgets:
        costs = finite("cost", cost, sites)
        if (costs < 0).any():
            raise AnalysisRefused("siting.negative_cost", row=int((costs < 0).argmax()) + 1)
        if costs[must].sum() > positive("budget", limit):
            raise AnalysisRefused("siting.budget", limit=limit, cost=float(costs[must].sum()))
        limits.append(Budget(costs, float(limit)))
    checked = Rules(number, kept, must, free, codes, least_each if codes is not None else 0, tuple(limits))
    lacking = int(checked.needs(kept | must).sum())
    if lacking > checked.slots:
        raise AnalysisRefused("siting.spread", least=least_each, needed=lacking, number=checked.slots)
    return checked


def _marks(name: str, values: npt.ArrayLike | None, sites: int) -> Bools:
    return np.zeros(sites, dtype=np.bool_) if values is None else finite(name, values, sites) != 0
