"""``demo`` as a person at the keyboard meets it."""

from __future__ import annotations

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.planning.question import question_from
from geo.db.engine import libpq_url
from geo.queries.plans import plans


def _run(engine: Engine, monkeypatch: pytest.MonkeyPatch, *words: str, language: str = "en") -> Result:
    monkeypatch.setenv("WATCH_DB_URL", libpq_url(engine.url))
    monkeypatch.setenv("WATCH_LANGUAGE", language)
    return CliRunner().invoke(app, ["demo", *words])


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("select count(*) from incident")).scalar_one())


def test_the_command_fills_replaces_and_says_what_it_did(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, incidents, said in (("en", "1200", "1,200 incidents"), ("th", "700", "เหตุการณ์ 700")):
        done = _run(
            border_store, monkeypatch, "--incidents", incidents, "--seed", "4", "--years", "1", language=language
        )
        assert done.exit_code == 0, done.output
        assert said in done.output
        assert _count(border_store) == int(incidents)
    with border_store.connect() as connection:
        kept = plans(connection)
    assert kept
    for one in kept:
        asked = question_from(one.question, ())
        assert asked is not None, "the page of checkpoints reads it"
        assert dict(asked.demand.weights)["trafficking_in_persons"] == 5


def test_real_incidents_stop_the_command_with_one_line(border_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with border_store.begin() as connection:
        connection.execute(
            text("insert into incident (crime_type, occurred_at, channel) values ('contraband', now(), 'online')")
        )
    refused = _run(border_store, monkeypatch, "--incidents", "10")
    assert refused.exit_code == 2
    assert "1 real incidents" in refused.stderr
    assert "--beside-real" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert _count(border_store) == 1
    assert _run(border_store, monkeypatch, "--incidents", "10", "--beside-real").exit_code == 0
    assert _count(border_store) == 11


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ["--incidents", "10"],  # there are no boundaries
        ["--incidents", "0"],
        ["--incidents", "-5"],
        ["--incidents", "10", "--years", "99"],
        ["--incidents", "10", "--until", "2999-01-01"],
        ["--incidents", "many"],
        ["--until", "yesterday"],
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    store: Engine, monkeypatch: pytest.MonkeyPatch, words: list[str], language: str
) -> None:
    refused = _run(store, monkeypatch, *words, language=language)
    assert refused.exit_code == 2
    assert refused.stderr.strip()
    assert "Traceback" not in refused.output
    assert "errors.demo" not in refused.output
    assert _count(store) == 0
