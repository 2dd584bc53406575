"""A suggested patrol as files for those who go: one outing for each team."""

from __future__ import annotations

from dashboard.documents.patrol_pack import Outing, Post
from dashboard.i18n import t
from dashboard.i18n.dates import distance
from dashboard.patrolling.suggestion import PlaceToGo, Suggestion, Team

__all__ = ["outing_of", "place_words", "post_words"]


def post_words(found: Suggestion, lang: str) -> str:
    """Where the teams set out."""
    return (found.post_th if lang == "th" else found.post_en) or found.post_th


def place_words(place: PlaceToGo, lang: str) -> str:
    """What lies near a place; empty where nothing is known."""
    said = (place.name_th if lang == "th" else place.name_en) or place.name_th
    return t("outing.near", lang, place=said, away=distance(place.away_m, lang)) if said and place.away_m else said


def outing_of(found: Suggestion, number: int, lang: str, *, is_demo: bool) -> Outing:
    """What one team does.

    Parameters
    ----------
    number
        Of the team, from 1.
    """
    team: Team = found.teams[number - 1]
    home = post_words(found, lang)
    stops = tuple(
        Post(
            place_words(stop.place, lang) or t("outing.place", lang, n=at), stop.place.lon, stop.place.lat, stop.arrive,
            note=t("outing.note", lang, n=stop.place.incidents, hours=stop.place.hours_since),
        )
        for at, stop in enumerate(team.stops, 1)
    )  # fmt: skip
    back = Post(t("outing.back_at", lang, place=home), found.lon, found.lat, team.back)
    return Outing(
        title=t("outing.paper_title", lang, post=home, team=number),
        posts=(Post(home, found.lon, found.lat, team.start), *stops, back),
        line=(team.line,),
        notes=t(f"outing.ways.{found.ways}", lang),
        reference=f"{found.post}-{number}",
        state=t("outing.suggested", lang),
        unit=t("outing.legend.team", lang, team=number),
        begins=team.start,
        ends=team.back,
        is_demo=is_demo,
    )
