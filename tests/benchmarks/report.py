"""What was measured, on the screen while it is measured and as Markdown at the end."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil  # type: ignore[import-untyped]
from sqlalchemy import Engine, text

from geo.crs import TIMEZONE

__all__ = ["Report", "holds"]

PACKAGES = ("streamlit", "streamlit-folium", "folium", "psycopg", "SQLAlchemy", "uvicorn")


def holds(value: float, most: float) -> str:
    """Whether an aim was met, in a word."""
    return "yes" if value < most else "**no**"


class Report:
    """Sections of tables and sentences; each says the machine's load while it was measured."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.begun = time.monotonic()

    def say(self, *lines: str) -> None:
        """Lines for both readers."""
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def machine(self, engine: Engine) -> None:
        """Where and with what it was measured."""
        with engine.connect() as connection:
            postgres, postgis = connection.execute(
                text("select current_setting('server_version'), postgis_lib_version()")
            ).one()
        model = next(
            (
                line.split(":", 1)[1].strip()
                for line in Path("/proc/cpuinfo").read_text().splitlines()
                if "model name" in line
            ),
            platform.processor(),
        )
        memory = psutil.virtual_memory().total / 2**30
        packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        self.say(
            f"Measured {datetime.now(ZoneInfo(TIMEZONE)):%Y-%m-%d %H:%M} (Asia/Bangkok) on {os.cpu_count()} cores"
            f" ({model}), {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}.",
            f"Python {platform.python_version()}, PostgreSQL {postgres.split()[0]}, PostGIS {postgis}, {packages}.",
            "",
        )

    def section(self, title: str) -> None:
        """A heading, with the load average of the last minute as it begins."""
        self.say("", f"## {title}", "", f"Load average at the beginning: {os.getloadavg()[0]:.1f}.", "")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table whose columns are as wide as they need; numbers to the right."""
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
        self.say("| " + " | ".join(h.ljust(w) for h, w in zip(head, widths, strict=True)) + " |")
        self.say("|" + "|".join("-" * (w + 1) + (":" if i else "-") for i, w in enumerate(widths)) + "|")
        for row in cells:
            aligned = [
                cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ]
            self.say("| " + " | ".join(aligned) + " |")
        self.say("")

    def end(self) -> None:
        """Say how long it all took."""
        self.say("", f"The whole took {(time.monotonic() - self.begun) / 60:.0f} minutes.")

    def write(self, path: Path) -> None:
        """Put everything said so far into a file."""
        path.write_text("# Speed, as measured\n\n" + "\n".join(self.lines).strip() + "\n", encoding="utf-8")
