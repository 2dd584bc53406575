"""The grade that corroboration suggests; a person decides."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.case import Grade

__all__ = ["FEW", "Corroboration", "SuggestedGrade", "suggest_grade"]

FEW = 5
"""Cases that ended, before a share of them says anything about who reported them."""
_SOURCES = ((0.95, 10, "A"), (0.75, FEW, "B"), (0.5, FEW, "C"), (0.25, FEW, "D"), (0.0, FEW, "E"))
"""Share of somebody's former reports that was verified, out of at least so many, and what it says of them."""


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What speaks for and against a case.

    Attributes
    ----------
    sources
        How many reports can come from different people: one for each coordinator and partner, and one for each report
        handed in by the form.
    channels
        How many ways they came in.
    official
        A patrol or an agency is among them.
    confirmed, not_found
        Checks on the spot that found it so, or did not.
    papers
        Photos and other evidence.
    history
        Of each coordinator among the sources: former cases verified, and found to be unfounded.
    """

    sources: int
    channels: int = 1
    official: bool = False
    confirmed: int = 0
    not_found: int = 0
    papers: int = 0
    history: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestedGrade:
    """A grade and why.

    Attributes
    ----------
    reasons
        Of the source: ``official_source``, ``source_history``, ``source_new`` (a coordinator with fewer than 5 former
        cases) or ``source_unknown``; then of the information: ``confirmed_on_spot``, ``findings_differ``, ``not_found_on_spot``,
        ``sources_agree`` (several, by different ways), ``two_sources``, ``evidence_only`` or ``single_source``.
    """

    grade: Grade
    reasons: tuple[str, str]


def suggest_grade(known: Corroboration) -> SuggestedGrade:
    """The grade that these facts suggest; what comes from nobody known is F, what nobody confirms is 6."""
    source, why = min(_sources(known))
    info, what = _info(known)
    return SuggestedGrade(Grade(source, info), (why, what))


def _sources(known: Corroboration) -> list[tuple[str, str]]:
    found = [("F", "source_unknown")]
    if known.official:
        found.append(("B", "official_source"))
    for verified, unfounded in known.history:
        ended = verified + unfounded
        if ended < FEW:
            found.append(("C", "source_new"))
        else:
            share = verified / ended
            found.append((next(s for least, n, s in _SOURCES if share >= least and ended >= n), "source_history"))
    return found


def _info(known: Corroboration) -> tuple[int, str]:
    if known.confirmed and known.not_found:
        return 3, "findings_differ"
    if known.confirmed:
        return 1, "confirmed_on_spot"
    if known.not_found:
        return (4 if known.sources > 1 else 5), "not_found_on_spot"
    if known.sources >= 3 or (known.sources == 2 and known.channels > 1):
        return 2, "sources_agree"
    if known.sources == 2:
        return 3, "two_sources"
    if known.papers:
        return 3, "evidence_only"
    return 6, "single_source"
