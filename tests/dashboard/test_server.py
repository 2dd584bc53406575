"""The ASGI application is wired as SAFETY asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_pinned_settings_hold_in_the_process_that_serves(tmp_path: Path) -> None:
    asked = (
        "import streamlit as st; from dashboard.server import app;"
        " print(*[st.config.get_option(o) for o in ('client.showErrorDetails', 'browser.gatherUsageStats',"
        " 'server.maxUploadSize', 'server.allowedHosts')], sep='|')"
    )
    environment = os.environ | {
        "WATCH_VAR_DIR": str(tmp_path), "WATCH_DB_URL": "postgresql:///unused", "WATCH_ALLOWED_HOSTS": '["watch.example"]',
    }  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().splitlines()[-1] == "none|False|5|['watch.example']"
