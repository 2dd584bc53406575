"""The PostgreSQL programs on this machine, and whether PostGIS is installed for them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ClusterError

__all__ = ["Installation", "client_program", "find_installation", "installations"]

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep one folder a major version."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One major version of PostgreSQL with its server programs."""

    major: int
    folder: Path
    has_postgis: bool

    def program(self, name: str) -> str:
        """Path of a program of this version, for example ``initdb``."""
        return str(self.folder / name)


def _answer(program: Path | str, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [str(program), *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:  # not there, or not a program of this machine: the same as no answer
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _folders() -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config and (answer := _answer(pg_config, "--bindir")):
        yield Path(answer)
    yield from sorted(DEBIAN.glob("*/bin"))


def installations() -> list[Installation]:
    """Every installed server, newest first."""
    found: dict[int, Installation] = {}
    for folder in _folders():
        if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
            continue
        version = re.search(r"\(PostgreSQL\) (\d+)", _answer(folder / "postgres", "--version"))
        if version is None or int(version[1]) in found:
            continue
        shared = _answer(folder / "pg_config", "--sharedir") or f"/usr/share/postgresql/{version[1]}"
        control = Path(shared) / "extension" / "postgis.control"
        found[int(version[1])] = Installation(int(version[1]), folder, control.is_file())
    return sorted(found.values(), key=lambda one: -one.major)


def find_installation(major: int | None = None) -> Installation:
    """The newest PostgreSQL that has PostGIS, or the one that existing data needs.

    Parameters
    ----------
    major
        Major version that made the data; ``None`` where there is no data yet.

    Raises
    ------
    geo.errors.ClusterError
        ``cluster.no_postgresql``, ``cluster.no_postgis`` or ``cluster.other_version``.
    """
    everything = installations()
    if not everything:
        raise ClusterError("cluster.no_postgresql")
    fitting = [one for one in everything if major in (None, one.major)]
    if not fitting:
        have = ", ".join(str(one.major) for one in everything)
        raise ClusterError("cluster.other_version", data=major, installed=have)
    for one in fitting:
        if one.has_postgis:
            return one
    raise ClusterError("cluster.no_postgis", major=fitting[0].major)


def client_program(name: str) -> str:
    """Path of ``pg_dump`` or ``pg_restore``: the newest there is, since newer ones read older servers.

    Raises
    ------
    geo.errors.ClusterError
        ``cluster.no_postgresql``.
    """
    for one in installations():
        if Path(one.program(name)).is_file():
            return one.program(name)
    for folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: path.parent.name.zfill(4), reverse=True):
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise ClusterError("cluster.no_postgresql")
    return found
