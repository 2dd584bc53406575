"""What maps are answered while the database is away: a number, never a trace."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import Engine

from dashboard.web.token import make_token
from dashboard.web.visitors import session_name
from geo.db import local
from geo.db.engine import libpq_url
from geo.model import Reach, Scope
from tests.browser.conftest import serving
from tests.conftest import THROWN_AWAY

KEY = "a key for this test alone, 32 and more"
PERIOD = "from=2026-01-01&to=2026-12-31"


@pytest.mark.browser
def test_tiles_and_layers_say_that_the_database_is_away(
    border_store: Engine, var_dir: Path, cluster_folder: Path
) -> None:
    token = make_token(KEY, session_name("x" * 43), Scope(None, Reach.WIDE), 5)[0]
    with serving(libpq_url(border_store.url), var_dir, WATCH_SECRET_KEY=KEY) as address:
        local.stop(cluster_folder)
        try:
            for path in (
                "tiles/base/0/6/50/28",
                f"tiles/incidents/6/50/28?{PERIOD}&token={token}",
                f"layers/crossings?token={token}",
                f"layers/new?{PERIOD}&ids=1&token={token}",
            ):
                with pytest.raises(HTTPError) as refused:
                    urlopen(f"{address}/{path}", timeout=20)
                assert (refused.value.code, refused.value.read()) == (503, b""), path
                assert refused.value.headers["Retry-After"] == "2"
            with pytest.raises(HTTPError) as ill:
                urlopen(f"{address}/health", timeout=20)
            assert ill.value.code == 503
            assert json.loads(ill.value.read()) == {"ok": False, "maps": 0}
        finally:
            local.ensure_running(cluster_folder, THROWN_AWAY)
    border_store.dispose()
