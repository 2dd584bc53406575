"""Frozen dataclasses as plain JSON and back, so that what was frozen once can be kept and read again unchanged."""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

__all__ = ["from_json", "to_json"]

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """Dictionaries, lists, strings, numbers, truth values and nothing, as ``json.dumps`` takes them.

    Dates and moments are written as in ISO 8601, tuples as lists, dataclasses by the names of their fields.

    Raises
    ------
    TypeError
        It is, or holds, something else.
    """
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    raise TypeError(f"has no plain form: {type(value).__name__}")


def from_json(kind: type[T], data: Any) -> T:
    """What `to_json` wrote, as an instance of the dataclass ``kind``.

    What the form lacks takes its default, and what the dataclass does not know is left out: a form that was kept can still
    be read after the dataclass has grown.

    Raises
    ------
    KeyError
        A field that has no default is missing.
    TypeError, ValueError
        Something is of another kind.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"no form of {kind.__name__}: {type(data).__name__}")
    hints = _hints(cast(Hashable, kind))
    given = {}
    for one in fields(kind):  # type: ignore[arg-type]
        if one.name in data:
            given[one.name] = _read(hints[one.name], data[one.name])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise KeyError(f"{kind.__name__}.{one.name}")
    return kind(**given)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if data is None and type(None) in inner:
            return None
        return _read_one_of([one for one in inner if one is not type(None)], data)
    if origin is tuple:
        if not isinstance(data, list):
            raise TypeError(f"is {type(data).__name__}, not a list")
        return _read_tuple(inner, data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(inner[1], one) for key, one in data.items()}
    if kind is Any:
        return data
    if is_dataclass(kind):
        return from_json(kind, data)  # type: ignore[arg-type]
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(data)
    if issubclass(kind, StrEnum):
        return kind(data)
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise TypeError(f"is {type(data).__name__}, not {kind.__name__}")
    return data


def _read_tuple(inner: tuple[Any, ...], data: list[Any]) -> tuple[Any, ...]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_read(inner[0], one) for one in data)
    return tuple(_read(kind, one) for kind, one in zip(inner, data, strict=True))


def _read_one_of(kinds: list[Any], data: Any) -> Any:
    """Of several plain kinds the one that the data already is: 1 and 1.0 are kept apart."""
    if len(kinds) == 1:
        return _read(kinds[0], data)
    if type(data) not in kinds:
        raise TypeError(f"is {type(data).__name__}, none of {[kind.__name__ for kind in kinds]}")
    return data
