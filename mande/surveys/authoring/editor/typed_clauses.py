"""Reads the lines of a condition from a form. Pure."""

from collections.abc import Sequence

from mande.surveys.authoring.editor import clauses
from mande.surveys.authoring.editor import lines
from mande.surveys.authoring.editor.clauses import Clause
from mande.surveys.authoring.editor.clauses import Clauses
from mande.surveys.authoring.editor.lines import Posted
from mande.surveys.authoring.editor.lines import Press


def read_clauses(form: Posted) -> Clauses:
    """The condition as it was sent, after the press of a button that changes its lines, if that was one."""
    join = form.get("join", "")
    found: Sequence[Clause] = [
        Clause(
            what=form.get(f"clause-{number}-what", "")[:100],
            test=test if (test := form.get(f"clause-{number}-test", "")) in clauses.TESTS else clauses.IS,
            values=tuple(form.getlist(f"clause-{number}-values"))[: lines.MOST],
            typed=form.get(f"clause-{number}-typed", "").strip()[:400],
        )
        for number in lines.numbers(form, "clause")
    ]
    press = Press.read(form)
    if press is not None and press.name == "clause":
        found = press.on(found, lambda: Clause(""))
    return Clauses(
        join=join if join in clauses.JOINS else clauses.ALWAYS,
        lines=tuple(found),
        text=form.get("condition-text", "").replace("\r\n", "\n"),
    )
