"""Work out the answer of a question from the store."""

from __future__ import annotations

from dataclasses import replace

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.methods import run
from dashboard.hotspots.question import Question
from dashboard.hotspots.reading import material_of
from geo.analysis.simulation import Cancelled, Progress

__all__ = ["answer_of", "answered"]


def answer_of(question: Question, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Answer:
    """The answer with the rights of the question's scope. Errors: of `dashboard.hotspots.methods.run` and `store.reading`."""
    from dashboard import store

    with store.reading(question.scope) as connection:
        material = material_of(connection, question.scope, question.chosen)
    return answered(material, question, Watch(progress, cancelled))


def answered(material: Material, question: Question, watch: Watch) -> Answer:
    """The answer from what was read."""
    found = run(question.method, material, question.asked, watch)
    told = {"first": str(question.chosen.first), "last": str(question.chosen.last)}
    told |= {"as_of": material.as_of, "version": question.version}
    return replace(found, summary=dict(found.summary) | told)
