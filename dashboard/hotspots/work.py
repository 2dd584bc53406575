"""Work out the answer of a question from the store."""

from __future__ import annotations

import threading
from dataclasses import replace
from importlib import import_module

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.question import Question
from dashboard.hotspots.reading import Memory, material_of
from geo.analysis.simulation import Cancelled, Progress
from geo.model import Status

__all__ = ["answer_of", "answered"]

_memory = Memory()


def answer_of(question: Question, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Answer:
    """The answer with the rights of the question's scope, as the page shows it: without what was found of each point.

    Raises
    ------
    AnalysisRefused, AnalysisCancelled
        Of `dashboard.hotspots.methods.run`.
    DatabaseUnavailable
        Of `dashboard.store.reading`.
    """
    from dashboard import store

    # A worker that has just begun loads the statistics while the database reads.
    loading = threading.Thread(target=import_module, args=("dashboard.hotspots.methods",))
    loading.start()
    with store.reading(question.scope, patient=True) as connection:
        material = material_of(connection, question, _memory)
    loading.join()
    return replace(answered(material, question, Watch(progress, cancelled)), each=None)


def answered(material: Material, question: Question, watch: Watch) -> Answer:
    """The answer from what was read, with what must be known of it: period, filter and moment of reading."""
    from dashboard.hotspots.methods import run

    found = run(question.method, material, question.asked, watch)
    chosen = question.chosen
    told = {
        "without_point": len(material.incidents) - len(material.points),
        "first": str(chosen.first),
        "last": str(chosen.last),
        "crime_types": list(chosen.crime_types),
        "districts": list(chosen.districts),
        "statuses": list(chosen.statuses),
        "channels": list(chosen.channels),
        "as_of": material.as_of,
        "version": question.version,
    }
    remarks = found.remarks
    if question.scope.rough and {Status.RECEIVED, Status.VERIFYING} & set(chosen.statuses):
        # Of those the asker knows only the middle of a cell of 9 km, on which no statistic may be built.
        remarks += (("hotspots.verified_only", {}),)
    return replace(found, summary=dict(found.summary) | told, remarks=remarks)
