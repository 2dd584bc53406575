"""What partners' systems send and get: the one source of the checks and of the description at ``/api/openapi.json``."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from dashboard.web.api_problem import Fault
from geo.actions.intake import EAST, MAX_DESCRIPTION, MAX_PHOTOS, MAX_VILLAGE, NORTH, SOUTH, WEST
from geo.ingest.text import clean

__all__ = [
    "MAX_CONTACT",
    "UUID_FORM",
    "Accepted",
    "KoboSubmission",
    "Misfit",
    "Occurred",
    "Place",
    "Report",
    "State",
    "Told",
    "faults_of",
    "read",
]

MAX_CONTACT = 200
UUID_FORM = re.compile(r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"
EXAMPLE_ID = "7f0c1a52-2f0e-4a3e-9d57-0a4f2b6c9d11"

ClientId = Annotated[
    str,
    Field(
        pattern=UUID_FORM.pattern,
        description="Made by you, once for each report. Send the same one again when in doubt.",
    ),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": UUID_FORM.pattern}),
]
CrimeType = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,59}$",
        description="Code of the kind of incident, such as `drug_trafficking`. Leave it out where it is not sure.",
        examples=["drug_trafficking"],
    ),
]
Description = Annotated[
    str, Field(max_length=MAX_DESCRIPTION, description="What happened, in the reporter's words and language.")
]
AreaCode = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}([0-9]{2}([0-9]{2})?)?$",
        description="DOPA code of a Thai district (4 digits), sub-district (6) or village (8).",
        examples=["4301"],
    ),
]
Village = Annotated[str, Field(max_length=MAX_VILLAGE, description="Village, pier, road: as people there call it.")]
Contact = Annotated[
    str,
    Field(
        max_length=MAX_CONTACT,
        description="Only where the reporter wants it. Encrypted at once; each opening by an officer is logged.",
    ),
]
Language = Annotated[Literal["th", "en", "lo", "km"], Field(description="Language of the reporter.")]
When = Annotated[Literal["now", "today", "date", "unsure"], Field(description="As the reporter says it.")]
Moment = Annotated[
    str,
    Field(
        pattern=MOMENT,
        description="A day, or a moment with its offset. Needed where `when` is `date`; else the time at which the"
        " reporter said so, where the report waited before it was sent.",
        examples=["2026-11-20", "2026-11-20T21:30:00+07:00"],
    ),
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Place(_Strict):
    """Where: a point, or the code of an area, or both."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["lat", "lon"], "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}},
                {
                    "required": ["area_code"],
                    "properties": {"area_code": {"type": "string"}, "lat": {"type": "null"}, "lon": {"type": "null"}},
                },
            ],
            "examples": [{"lat": 17.8783, "lon": 102.742}, {"area_code": "4301", "village": "ท่าเสด็จ"}],
        }
    )
    lat: Annotated[float, Field(ge=SOUTH, le=NORTH, description="Degrees north (WGS 84).")] | None = None
    lon: Annotated[float, Field(ge=WEST, le=EAST, description="Degrees east (WGS 84).")] | None = None
    area_code: AreaCode | None = None
    village: Village | None = None


class Occurred(_Strict):
    """When."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"when": {"enum": ["now", "today", "unsure"]}}},
                {"required": ["at"], "properties": {"at": {"type": "string"}}},
            ],
            "examples": [{"when": "now"}, {"when": "date", "at": "2026-11-20"}],
        }
    )
    when: When
    at: Moment | None = None


class Report(_Strict):
    """A report. `client_id`, a place, and one of `crime_type` and `description` are needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["crime_type"], "properties": {"crime_type": {"type": "string"}}},
                {"required": ["description"], "properties": {"description": {"type": "string"}}},
            ],
            "examples": [
                {
                    "client_id": EXAMPLE_ID,
                    "crime_type": "drug_trafficking",
                    "description": "เห็นเรือหางยาวสามลำขนกระสอบขึ้นฝั่งตอนกลางคืน",
                    "place": {"lat": 17.8783, "lon": 102.742, "village": "ท่าเสด็จ"},
                    "occurred": {"when": "now"},
                    "ongoing": True,
                    "language": "th",
                }
            ],
        }
    )
    client_id: ClientId
    crime_type: CrimeType | None = None
    description: Description | None = None
    place: Place
    occurred: Occurred = Field(default_factory=lambda: Occurred(when="unsure"))
    ongoing: (
        Annotated[bool, Field(description="Whether it still goes on; leave it out where that is not known.")] | None
    ) = None
    photos: Annotated[
        list[
            Annotated[
                str,
                Field(pattern=BASE64),
                WithJsonSchema({"type": "string", "contentEncoding": "base64", "pattern": BASE64}),
            ]
        ],
        Field(
            max_length=MAX_PHOTOS,
            description="JPEG or PNG in base64. Built anew from their pixels: place, time and make of the telephone go.",
        ),
    ] = Field(default_factory=list)
    contact: Contact | None = None
    language: Language = "th"


def _nothing(said: Any) -> Any:
    """Forms send an unanswered question as empty text."""
    return None if said == "" else said


_EMPTY = BeforeValidator(_nothing)


class KoboSubmission(BaseModel):
    """KoboToolbox's REST service (JSON). Questions are named as here, in groups or not; everything else is ignored."""

    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [
                {
                    "_id": 12,
                    "_uuid": "0d5c1b7e-94ab-4c55-8a43-d0f6f3a0b7c2",
                    "_submission_time": "2026-11-20T03:12:45",
                    "_geolocation": [17.8783, 102.742],
                    "what/crime_type": "contraband",
                    "what/description": "รถกระบะสี่คันขนบุหรี่",
                    "occurred": "today",
                    "ongoing": "no",
                }
            ]
        },
    )
    id_: ClientId = Field(alias="_uuid")
    submitted: Annotated[
        Annotated[str, Field(pattern=r"^[0-9T:.Z+-]{10,35}$", description="UTC where it has no offset.")] | None, _EMPTY
    ] = Field(default=None, alias="_submission_time")
    geolocation: list[float | None] | None = Field(
        default=None, alias="_geolocation", max_length=2, description="Latitude and longitude."
    )
    crime_type: Annotated[CrimeType | None, _EMPTY] = None
    description: Annotated[Description | None, _EMPTY] = None
    area_code: Annotated[AreaCode | None, _EMPTY] = None
    village: Annotated[Village | None, _EMPTY] = None
    occurred: Annotated[When | None, _EMPTY] = None
    occurred_at: Annotated[Annotated[str, Field(pattern=r"^[0-9T:.Z+-]{10,35}$")] | None, _EMPTY] = None
    ongoing: Annotated[Literal["yes", "no", "true", "false", "unknown"] | None, _EMPTY] = None
    contact: Annotated[Contact | None, _EMPTY] = None
    language: Annotated[Language | None, _EMPTY] = None


class Accepted(BaseModel):
    """A report that was taken in. The same report sent again has the same answer."""

    client_id: UUID
    report: str = Field(description="Our name of the report; it tells nothing of its case.")
    receipt: str = Field(
        description="Sixteen digits for the reporter, who can ask with them at `/report/status`. Do not keep them.",
        pattern=r"^[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}$",
        examples=["4821 0937 5566 1204"],
    )
    state_url: str = Field(description="Where to ask what became of it.", examples=[f"/api/reports/{EXAMPLE_ID}"])


class Told(BaseModel):
    """A state, for machines and for people."""

    code: Literal["received", "verifying", "verified", "unfounded", "duplicate", "referred", "closed"]
    words: str = Field(description="In the language of `Accept-Language` (Thai or English).")


class State(BaseModel):
    """What became of a report."""

    client_id: UUID
    state: Told


_Model = TypeVar("_Model", bound=BaseModel)


class Misfit(Exception):
    """A call that does not fit its model."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(str(len(faults)))
        self.faults = faults


def read(model: type[_Model], body: bytes | str) -> _Model:
    """JSON as a model.

    Raises
    ------
    Misfit
        With one fault for each thing that does not fit.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Misfit(faults_of(error)) from error


MOST_FAULTS = 20
_LIMITS = ("max_length", "ge", "le", "expected")


def faults_of(error: ValidationError) -> list[Fault]:
    """What pydantic found, in our codes."""
    return [_fault(one) for one in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]]


def _fault(one: Any) -> Fault:
    field = clean(".".join(str(part) for part in one["loc"])) or None
    limits = one.get("ctx", {})
    match one["type"]:
        case "json_invalid":
            return Fault("api.json")
        case "missing":
            return Fault("api.missing", field)
        case "extra_forbidden":
            return Fault("api.unknown_field", field, name=clean(str(one["loc"][-1]))[:80])
        case "string_too_long":
            return Fault("api.too_long", field, n=limits["max_length"])
        case "too_long":
            return Fault("api.too_many", field, n=limits["max_length"])
        case "greater_than_equal" | "less_than_equal":
            return Fault("report.far_away", field)
        case "literal_error":
            return Fault("api.choice", field, choices=limits["expected"].replace("'", "").replace(" or ", ", "))
        case "string_pattern_mismatch":
            return Fault("api.form", field)
        case _:
            return Fault("api.type", field)
