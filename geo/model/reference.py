"""What incidents refer to: crime types, districts and agencies. Read once, then shared by everybody: values only."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Agency", "CrimeType", "District"]


@dataclass(frozen=True, slots=True)
class CrimeType:
    """A kind of incident.

    Attributes
    ----------
    id
        Its number in tiles.
    colour
        ``#rrggbb``; missing: it is drawn among the other types.
    """

    code: str
    id: int
    name_th: str
    name_en: str
    name_lo: str | None = None
    name_km: str | None = None
    colour: str | None = None
    is_crime: bool = True


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
    """An office that runs checkpoints and patrols."""

    code: str
    name_th: str
    name_en: str
    abbrev_th: str | None = None
