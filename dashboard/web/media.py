"""Files that pages offer (photos, spreadsheets) go to the session whose page offers them, and to no other.

Streamlit keeps them under names made of their content and hands them to whoever asks. Here it is noted for whom each was
put there; who else is signed in is answered as if it were not there.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from pathlib import PurePosixPath
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.media_file_manager import MediaFileManager

from dashboard.web.visitors import on_behalf_of, session_name, session_token

__all__ = ["OwnMedia", "Owners", "owners", "remember_owners"]

MOST = 50_000
PREFIX = "/media/"


class Owners:
    """For which sessions a file was put there. What was offered longest ago is forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, file: str, sessions: frozenset[str]) -> None:
        """Note one more offer of a file, by its name or address."""
        name = PurePosixPath(file).stem
        with self._lock:
            self._of[name] = self._of.pop(name, frozenset()) | sessions
            while len(self._of) > self._most:
                self._of.popitem(last=False)

    def of(self, file: str) -> frozenset[str]:
        """Names of the sessions that may have a file."""
        with self._lock:
            return self._of.get(PurePosixPath(file).stem, frozenset())


owners = Owners()


def _here() -> frozenset[str]:
    token = session_token(st.context.cookies)
    return frozenset() if token is None else frozenset({session_name(token)})


def remember_owners() -> None:
    """Let Streamlit's manager of files note for whom each is; once a process."""
    add, later, run = MediaFileManager.add, MediaFileManager.add_deferred, MediaFileManager.execute_deferred

    @functools.wraps(add)
    def added(self: MediaFileManager, *args: Any, **options: Any) -> str:
        file = add(self, *args, **options)
        owners.add(file, _here())
        return file

    @functools.wraps(later)
    def promised(self: MediaFileManager, *args: Any, **options: Any) -> str:
        file = later(self, *args, **options)
        owners.add(file, _here())
        return file

    @functools.wraps(run)
    def made(self: MediaFileManager, file_id: str) -> str:
        asked_by = owners.of(file_id)
        with on_behalf_of(next(iter(asked_by), "")):
            file = run(self, file_id)
        owners.add(file, asked_by)
        return file

    for name, wrapped in (("add", added), ("add_deferred", promised), ("execute_deferred", made)):
        setattr(MediaFileManager, name, wrapped)


class OwnMedia:
    """Behind the gate: lets a session have its own files alone."""

    def __init__(self, app: ASGIApp, known: Owners = owners) -> None:
        self.app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            token = session_token(HTTPConnection(scope).cookies)
            if token is None or session_name(token) not in self._known.of(scope["path"].removeprefix(PREFIX)):
                await PlainTextResponse("", 404, {"Cache-Control": "no-store"})(scope, receive, send)
                return
        await self.app(scope, receive, send)
