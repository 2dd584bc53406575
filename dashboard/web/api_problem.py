"""What went wrong with a call of the interface for partners: RFC 9457, with a code for machines and a sentence for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from dashboard import store
from dashboard.i18n import LANGUAGES, has, t
from geo.errors import WatchError

__all__ = ["NO_STORE", "ApiRefused", "Fault", "Problem", "Refused", "fault_of", "problem", "wanted_language"]

NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
LONGEST_NAME = 80


class Refused(BaseModel):
    """One thing that is wrong."""

    field: str | None = Field(
        description="Where it is, in dots from the outside in: `place.lat`. Null: the whole call."
    )
    code: str = Field(description="For machines; does not change with the language.")
    sentence: str = Field(description="For people, in the language of `Accept-Language` (Thai or English).")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Always `about:blank`: `code` says more.")
    title: str
    status: int
    detail: str = Field(description="The first of `errors`, in words.")
    code: str = Field(description="The first of `errors`, for machines.")
    errors: list[Refused] = Field(min_length=1)


class ApiRefused(WatchError):
    """A call cannot be answered; ``code`` begins with ``api.``."""

    def __init__(self, code: str, status: int = 422, field: str | None = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.status = status
        self.field = field


class Fault:
    """One thing that is wrong, before it is said in a language."""

    __slots__ = ("code", "field", "params")

    def __init__(self, code: str, field: str | None = None, **params: object) -> None:
        self.code, self.field, self.params = code, field, params

    def said(self, lang: str) -> Refused:
        """In a language. Words for partners come first: who programs needs other words than who fills in a form."""
        first, second = f"api.refused.{self.code}", f"errors.{self.code}"
        key = first if has(first) else second if has(second) else "errors.unexpected"
        field = None if self.field is None else self.field[:LONGEST_NAME]
        return Refused(field=field, code=self.code, sentence=t(key, lang, **self.params))


def fault_of(error: WatchError, field: str | None = None) -> Fault:
    """An error as a fault."""
    return Fault(error.code, field or getattr(error, "field", None), **error.params)


def wanted_language(request: Request) -> str:
    """The language asked for by ``Accept-Language``, of those there are; else the installation's."""
    best, quality = store.settings().language, 0.0
    for part in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            wish = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        code = tag.split("-")[0].lower()
        if code in LANGUAGES and quality < wish <= 1:
            best, quality = code, wish
    return best


def problem(lang: str, status: int, faults: Sequence[Fault], headers: Mapping[str, str] | None = None) -> Response:
    """An answer that says what is wrong.

    Parameters
    ----------
    faults
        At least one.
    """
    said = [fault.said(lang) for fault in faults]
    body = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=said[0].sentence, code=said[0].code,
        errors=said,
    )  # fmt: skip
    return Response(
        json.dumps(body.model_dump(), ensure_ascii=False).encode("utf-8", "replace"),
        status,
        NO_STORE | {"Content-Language": lang} | dict(headers or {}),
        media_type="application/problem+json",
    )
