"""Settings of the private cluster: for two cores, scaled to the machine's memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["settings_text"]


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2


def settings_text(socket_dir: Path, overrides: Mapping[str, str] | None = None) -> str:
    """Lines of a PostgreSQL configuration file.

    Parameters
    ----------
    socket_dir
        The only place where the cluster listens.
    overrides
        Settings that replace those below, for example ``{"fsync": "off"}`` in tests.
    """
    memory = _memory_mb()
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": "5432",  # only part of the socket's name
        "shared_buffers": f"{min(1024, max(128, memory // 16))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": f"{min(256, max(64, memory // 32))}MB",
        "work_mem": "32MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than these short queries
        "max_parallel_workers_per_gather": "2",
        "timezone": "Asia/Bangkok",
        "log_timezone": "Asia/Bangkok",
        "log_line_prefix": "%m [%p] ",
        "lc_messages": "C",  # start failures are recognised by their words
    } | dict(overrides or {})
    lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
    return "# Written at every start by geo.db.local; changes here are lost.\n" + "".join(lines)
