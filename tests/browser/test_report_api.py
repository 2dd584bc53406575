"""Partners' reports through the application as it is started: a key from the command line, and what the guide tells to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import requests
from sqlalchemy import Engine, text

from geo.db.engine import libpq_url

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_of_the_guide_hands_in_a_report(served: str, var_dir: Path, border_store: Engine) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WATCH_")} | {
        "WATCH_DB_URL": libpq_url(border_store.url), "WATCH_VAR_DIR": str(var_dir),
    }  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-m", "dashboard", "api-key", "add", "LINE bot"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    key = made.stdout.splitlines()[-1]

    guide = (ROOT / "README.md").read_text("utf-8")
    [example] = re.findall(r"^    (curl [^\n]*/api/reports [^\n]*\n(?:    [^\n]+\n)*)", guide, re.M)
    script = example.replace("http://127.0.0.1:8501", served)
    answers = [
        subprocess.run(
            ["bash", "-c", script], env={**os.environ, "KEY": key}, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert answers[0].stdout == answers[1].stdout
    assert '"receipt"' in answers[0].stdout
    with border_store.connect() as connection:
        assert connection.execute(text("select channel, source, crime_type from report")).all() == [
            ("online", "api", "contraband")
        ]

    nobody = requests.post(f"{served}/api/reports", json={}, timeout=30)
    assert nobody.status_code == 401
    assert nobody.headers["content-type"] == "application/problem+json"
    assert requests.get(f"{served}/api/openapi.json", timeout=30).json()["openapi"] == "3.1.0"
    assert (
        requests.get(f"{served}/api/openapi.json", headers={"Host": "elsewhere.example"}, timeout=30).status_code == 400
    )
