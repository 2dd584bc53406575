"""What places, kinds, quarters and days are called in the four languages of the public page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.i18n import dates, name
from dashboard.i18n.crime_types import type_name
from dashboard.i18n.four_languages import said
from geo.model import CrimeType, District
from geo.model.quarter import Quarter

__all__ = ["Names"]


@dataclass(frozen=True, slots=True)
class Names:
    """Codes in words.

    Attributes
    ----------
    lang
        One of `dashboard.i18n.four_languages.LANGUAGES`.
    """

    lang: str
    districts: Mapping[str, District]
    types: Mapping[str, CrimeType]

    def say(self, key: str, **params: object) -> str:
        """A sentence of the public page."""
        return said(f"public.{key}", self.lang, **params)

    def district(self, code: str) -> str:
        """A district: in Thai, else in English, for neither Lao nor Khmer names are known."""
        return name(self.districts.get(code), self.lang) or code

    def province(self, code: str) -> str:
        """A province, by its code of two digits."""
        found = next((one for key, one in self.districts.items() if key.startswith(code)), None)
        return name(found, self.lang, "province") or code

    def type(self, code: str) -> str:
        """A kind of crime."""
        return type_name(self.types[code], self.lang) if code in self.types else code

    def quarter(self, quarter: Quarter) -> str:
        """A quarter with its months."""
        months = self.say(f"months_{quarter.number}")
        return self.say("quarter", number=quarter.number, year=self._year(quarter), months=months)

    def quarter_short(self, quarter: Quarter) -> str:
        """A quarter, under a column."""
        return self.say("quarter_short", number=quarter.number, year=self._year(quarter))

    def _year(self, quarter: Quarter) -> str:
        return dates.year(quarter.year, self.lang)

    def day(self, when: datetime) -> str:
        """A day; in Lao and Khmer in numbers, which nobody misreads."""
        value: date = dates.local(when).date()
        return dates.day(value, self.lang) if self.lang in ("th", "en") else f"{value:%d/%m/%Y}"
