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


def test_labels_are_asked_for_an_icon_once_and_keep_theirs(tmp_path: Path) -> None:
    asked = (
        "from streamlit.testing.v1 import AppTest; from streamlit.elements.widgets import button_group;"
        " from dashboard.server import remember_labels; remember_labels();"
        ' app = AppTest.from_string(\'import streamlit as st; st.pills("x", ["ก", ":material/map: ข", "🚨 ค"])\');'
        " app.run(); app.run();"
        " print(*[f'{o.content_icon}+{o.content}' for o in app.pills[0].proto.options],"
        " button_group.extract_leading_icon.cache_info()[:2], sep='|')"
    )
    environment = os.environ | {"WATCH_VAR_DIR": str(tmp_path), "WATCH_DB_URL": "postgresql:///unused"}
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().splitlines()[-1] == "+ก|:material/map:+ข|🚨+ค|(3, 3)"
