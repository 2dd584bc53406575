"""Everything that can go wrong in a way a person must be told: a code and its values, no words.

`dashboard.messages` turns `errors.<code>` into a sentence in the reader's language.
"""

from __future__ import annotations

__all__ = [
    "AnalysisCancelled",
    "AnalysisRefused",
    "ClusterError",
    "DatabaseUnavailable",
    "FileRefused",
    "JobFailed",
    "NotFound",
    "WatchError",
]


class WatchError(Exception):
    """Base of all errors meant for people.

    Parameters
    ----------
    code
        Dotted name of the sentence, for example ``file.empty``.
    params
        Values that the sentence mentions.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:
        # Errors go from one process to another.
        return _again, (type(self), self.code, self.params)


class DatabaseUnavailable(WatchError):
    """The database does not answer."""


class ClusterError(WatchError):
    """The private PostGIS cluster cannot be made, started, stopped, saved or restored."""


class FileRefused(WatchError):
    """A whole file cannot be taken; nothing of it was written."""


class NotFound(WatchError):
    """What was asked for is not in the store, or not for this viewer."""


class AnalysisRefused(WatchError):
    """A statistic cannot be computed from what was given; the sentence says what is missing."""


class AnalysisCancelled(WatchError):
    """A long computation was stopped by the person who asked for it."""


class JobFailed(WatchError):
    """Work in another process was cut off; asking again may help."""


def _again(kind: type[WatchError], code: str, params: dict[str, object]) -> WatchError:
    return kind(code, **params)
