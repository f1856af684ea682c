"""Documents in the making: what is said of them, and which programs make them."""

import pytest
from flask import Flask
from flask_babel import Babel

from mande.pdf import Progress
from mande.reports.editions import programs
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import words
from mande.reports.rendering.telling import EVERY_SECONDS
from mande.reports.rendering.telling import Teller


@pytest.mark.parametrize(
    ("state", "attempts", "page", "ahead", "said"),
    [
        (RenderingState.QUEUED, 0, 0, 0, "It is the next to be made."),
        (RenderingState.QUEUED, 0, 0, 1, "1 document comes before this one."),
        (RenderingState.QUEUED, 0, 0, 3, "3 documents come before this one."),
        (RenderingState.QUEUED, 1, 0, 3, "The first attempt did not succeed. It is tried once more."),
        (RenderingState.WORKING, 1, 0, 0, "Being made."),
        (RenderingState.WORKING, 1, 12, 0, "Being made: page 12."),
        (RenderingState.DONE, 1, 12, 0, "Ready"),
        (RenderingState.FAILED, 2, 0, 0, "Failed"),
    ],
)
def test_how_a_document_stands_is_said_in_a_sentence(
    state: RenderingState, attempts: int, page: int, ahead: int, said: str
) -> None:
    app = Flask("a")
    Babel(app)
    with app.test_request_context():
        assert words.said(Rendering(state=state, attempts=attempts, page=page), ahead) == said


def test_progress_is_passed_on_once_a_second_at_most_and_fits_into_a_row() -> None:
    written: list[dict[str, int]] = []
    now = [100.0]
    teller = Teller(written.append, lambda: now[0])
    for seconds, progress in [
        (0.0, Progress(1, 7, 0)),
        (0.5, Progress(2, 7, 0)),
        (EVERY_SECONDS, Progress(9, 7, 3)),
        (2 * EVERY_SECONDS, Progress(1, -1, -1)),
    ]:
        now[0] = 100 + seconds
        teller(progress)
    assert [tuple(one.values()) for one in written] == [(1, 7, 0), (7, 7, 3), (0, 0, 0)]


def test_programs_are_told_with_their_versions_and_what_has_changed_of_them() -> None:
    now = programs.made_with()
    assert "weasyprint 7" in now
    assert "pango" in now
    assert "unknown" not in now
    assert programs.changed(now) == []
    known = dict(part.split(" ", 1) for part in now.split(", "))
    then = now.replace(f"weasyprint {known['weasyprint']}", "weasyprint 1.0") + ", left 1.0"
    assert programs.changed(then) == [f"weasyprint 1.0 (now {known['weasyprint']})", "left 1.0 (now unknown)"]
    assert programs.changed("")[0].startswith("mande unknown (now ")
