"""What went wrong, as a sentence in the reader's language."""

from __future__ import annotations

from pydantic import ValidationError

from dashboard.i18n import has, t
from geo.errors import WatchError

__all__ = ["sentence"]


def sentence(error: BaseException, lang: str) -> str:
    """What happened, what was kept and what to do.

    Parameters
    ----------
    error
        A `WatchError` gives the sentence of its code, refused settings name the setting; anything else
        gives a general sentence, because its text may hold what nobody should read.
    lang
        Language code.
    """
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        setting = ".".join(map(str, first["loc"])) or "?"
        return t("errors.settings.wrong", lang, setting=_variable(setting), reason=first["msg"])
    if isinstance(error, WatchError) and has(key := f"errors.{error.code}"):
        return t(key, lang, **{name: _said(value, lang) for name, value in error.params.items()})
    return t("errors.unexpected", lang)


def _said(value: object, lang: str) -> object:
    """An error that is the reason of another, in words."""
    return sentence(value, lang) if isinstance(value, WatchError) else value


def _variable(setting: str) -> str:
    """The environment variable of a setting: pydantic names the field, or the variable if it has many."""
    return setting if setting.isupper() else f"WATCH_{setting.upper()}"
