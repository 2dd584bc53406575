"""Where the browser gets what the map is made of.

Border posts and ministries block other hosts, so everything comes from this server: packages from
``node_modules`` (pinned in package-lock.json) and our own files from ``dashboard/web/assets``. Only where the
packages were never installed do they come from a CDN, and the log says so.
"""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["CSS", "JS", "NODE_MODULES", "OWN_FILES", "PREFIX", "asset_url", "packages_installed", "using_cdn"]

log = logging.getLogger("watch.assets")

ROOT: Final = Path(__file__).resolve().parents[2]
NODE_MODULES: Final = ROOT / "node_modules"
OWN_FILES: Final = ROOT / "dashboard" / "web" / "assets"
PREFIX: Final = "/assets"
CDN: Final = "https://cdn.jsdelivr.net/npm"

_PACKAGE_JS: Final = (
    "leaflet/dist/leaflet.js",
    "protomaps-leaflet/dist/protomaps-leaflet.js",
    "mgrs/dist/mgrs.min.js",
)
_OWN_JS: Final = (
    "symbols.js",
    "tiles.js",
    "ground.js",
    "incidents.js",
    "silence.js",
    "overlays.js",
    "analysis.js",
    "live.js",
    "controls.js",
    "watch.js",
)

JS: Final = (*_PACKAGE_JS, *(f"watch/{name}" for name in _OWN_JS))
"""Scripts in the order in which they must run."""
CSS: Final = (
    "leaflet/dist/leaflet.css",
    *(f"@fontsource/sarabun/{weight}.css" for weight in (400, 600, 700)),
    "watch/watch.css",
)


def packages_installed(node_modules: Path = NODE_MODULES) -> bool:
    """Whether every package file that the map needs is there."""
    return all((node_modules / path).is_file() for path in (*JS, *CSS) if not path.startswith("watch/"))


@lru_cache
def using_cdn() -> bool:
    """Whether packages come from another host; asked once a process, and logged then."""
    if packages_installed():
        return False
    log.warning("the browser packages are not installed (npm ci): the map loads them from %s", CDN)
    return True


@lru_cache
def _version(package: str) -> str:
    pinned: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return pinned[package]


def _own_version(name: str) -> str:
    return f"{(OWN_FILES / name).stat().st_mtime_ns:x}"[-8:]


def asset_url(path: str, base_path: str = "", cdn: bool | None = None) -> str:
    """Address of an asset.

    Parameters
    ----------
    path
        Inside ``node_modules``, or ``watch/…`` for one of our own.
    base_path
        Path under which the application is served, such as ``/watch``; empty at the root of its host.
    cdn
        Take packages from the CDN; by default where they are not installed.
    """
    own = path.startswith("watch/")
    if not own and (using_cdn() if cdn is None else cdn):
        parts = path.split("/")
        package = "/".join(parts[:2]) if path.startswith("@") else parts[0]
        return f"{CDN}/{package}@{_version(package)}/{path[len(package) + 1 :]}"
    address = f"{base_path.rstrip('/')}{PREFIX}/{path}"
    return f"{address}?v={_own_version(path.removeprefix('watch/'))}" if own else address
