"""The interface for partners, described for machines (OpenAPI 3.1) from the models that check it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from dashboard.web.api_body import LARGEST
from dashboard.web.api_models import EXAMPLE_ID, Accepted, KoboSubmission, Report, State
from dashboard.web.api_problem import Problem

__all__ = ["description"]

VERSION = "1"
_HEADERS = {
    "WWW-Authenticate": {"required": True, "schema": {"type": "string"}},
    "Retry-After": {"required": True, "description": "Seconds.", "schema": {"type": "integer", "minimum": 1}},
    "Allow": {"required": True, "schema": {"type": "string"}},
}
_PROBLEMS = {
    "400": ("Not JSON of one meaning: a field twice, NaN, half a character, too deep.", None),
    "401": ("No key in force.", "WWW-Authenticate"),
    "404": ("No report of yours has this identifier.", None),
    "405": ("Another method.", "Allow"),
    "408": ("The body took longer than a minute.", None),
    "409": ("The identifier was used for a report with another content.", None),
    "413": (f"More than {LARGEST // 2**20} MB.", None),
    "415": ("Not application/json.", None),
    "422": ("Something in the report cannot be taken; nothing was kept.", None),
    "429": ("Too many calls of this key within a minute.", "Retry-After"),
    "500": ("Our fault; it is in our log. Send the same report again later.", None),
    "503": ("The database does not answer. Nothing was kept: send the same report again.", "Retry-After"),
}
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "`th` or `en`, for sentences.",
    "schema": {"type": "string"},
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": _ref(name)}}


def _responses(*codes: str, **good: tuple[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        code.removeprefix("_"): {"description": said, "content": _json(name)} for code, (said, name) in good.items()
    }
    for code in codes:
        said, header = _PROBLEMS[code]
        made[code] = {"description": said, "content": {"application/problem+json": {"schema": _ref("Problem")}}}
        if header:
            made[code]["headers"] = {header: _HEADERS[header]}
    return made


_TAKEN = {
    "_201": ("Taken in.", "Accepted"),
    "_200": ("It was here already; the answer is the first one's.", "Accepted"),
}
_POST = ("400", "401", "405", "408", "409", "413", "415", "422", "429", "500", "503")


def _post(name: str, summary: str, more: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": more,
        "parameters": [_LANGUAGE],
        "requestBody": {"required": True, "content": _json({"sendReport": "Report"}.get(name, "KoboSubmission"))},
        "responses": _responses(*_POST, **_TAKEN),
    }


@cache
def description() -> bytes:
    """The whole description as JSON."""
    _, schemas = models_json_schema(
        [(Report, "validation"), (KoboSubmission, "validation"), (Accepted, "serialization"), (State, "serialization"),
         (Problem, "serialization")],
        ref_template="#/components/schemas/{model}",
    )  # fmt: skip
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "NTS-Mekong Watch: reports from partners",
            "version": VERSION,
            "description": "Hand in what people told your website, chat or survey, and ask what became of it. Send a"
            " report again with the same `client_id` whenever an answer did not come: it is kept once.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {
            "/api/reports": {
                "post": _post("sendReport", "Hand in a report", "Answered when it is on disk, not before.")
            },
            "/api/reports/kobo": {
                "post": _post(
                    "sendKoboSubmission",
                    "Hand in a submission of KoboToolbox",
                    "Address for a REST service of type JSON, with `Authorization: Bearer …` as a custom header."
                    " Questions keep our names; groups may be around them.",
                )
            },
            "/api/reports/{client_id}": {
                "get": {
                    "operationId": "readState",
                    "summary": "What became of a report",
                    "parameters": [
                        {
                            "name": "client_id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "string", "format": "uuid"},
                            "example": EXAMPLE_ID,
                        },
                        _LANGUAGE,
                    ],
                    "responses": _responses("401", "404", "405", "429", "500", "503", _200=("Its state.", "State")),
                }
            },
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`ntsw_…`, from whoever runs this installation (`python -m dashboard api-key add`).",
                }
            },
            "schemas": schemas["$defs"],
        },
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()
