"""What incidents refer to: crime types, districts and agencies. Read once, then shared by everybody: values only."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CRIME_COLOURS", "Agency", "CrimeType", "District"]

CRIME_COLOURS = ("#d55e00", "#cc79a7", "#0072b2", "#009e73", "#e69f00", "#56b4e9", "#785028", "#8c50f0")
"""All colours that a crime type can have: told apart by the colour-blind and on a poor projector. What has none of them is
drawn among the other types."""


@dataclass(frozen=True, slots=True)
class CrimeType:
    """A kind of incident.

    Attributes
    ----------
    id
        Its number in tiles.
    colour
        One of `CRIME_COLOURS`; missing: it is drawn among the other types.
    iccs_code
        Of the UNODC classification of crime, where it is known.
    sort
        Place in lists, the smallest first.
    is_public
        Whether the public form offers it.
    active
        Whether it is offered for what is reported from now on.
    """

    code: str
    id: int
    name_th: str
    name_en: str
    name_lo: str | None = None
    name_km: str | None = None
    colour: str | None = None
    is_crime: bool = True
    iccs_code: str | None = None
    sort: int = 100
    is_public: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True)
class District:
    """A Thai district, with the names of its province.

    Attributes
    ----------
    neighbours
        ``LA`` and ``KH``, where it touches them.
    target
        Whether the operation targets it: ``named``, ``likely``, ``unknown`` or ``no``.
    """

    code: str
    name_th: str | None = None
    name_en: str | None = None
    province_th: str | None = None
    province_en: str | None = None
    neighbours: tuple[str, ...] = ()
    target: str = "no"

    @property
    def province_code(self) -> str:
        """Two-digit code of its province."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Agency:
    """An office that runs checkpoints and patrols, and to which cases are referred.

    ``active``: whether it is offered for what is referred from now on.
    """

    code: str
    name_th: str
    name_en: str
    abbrev_th: str | None = None
    active: bool = True
