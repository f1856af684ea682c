"""What goes through the pipe to a press, and how the progress of a document is understood."""

import logging
from datetime import UTC
from datetime import datetime

import pytest

from mande.pdf import drawn
from mande.pdf import job
from mande.pdf.job import Attached
from mande.pdf.job import Job
from mande.pdf.job import Progress
from mande.pdf.printing import Teller


def test_a_job_comes_out_of_the_pipe_as_it_went_in() -> None:
    at = datetime(2021, 6, 14, 9, tzinfo=UTC)
    files = [Attached("a.json", "application/json", b"{}\0\1", at, "Figures"), Attached("b", "text/csv", b"", at)]
    sent = Job("<p>é", files, {"kept:1": b"\0\xff", "kept:2": b""}, 12)

    assert job.unpack(job.pack(sent)) == sent


def test_progress_is_told_by_step_and_page_and_never_goes_back() -> None:
    told: list[Progress] = []
    teller = Teller(told.append)
    for said in ("Step 1 - Fetching and parsing HTML - x", "Step 5 - Creating layout - Page 2",
                 "Step 5 - Creating layout - Repagination #1", "Step 5 - Creating layout - Page 1",
                 "something else", "Step 6 - Creating PDF"):  # fmt: skip
        teller.emit(logging.makeLogRecord({"msg": said}))

    assert [(one.step, one.page) for one in told] == [(1, 0), (5, 2), (5, 2), (5, 2), (6, 2)]
    assert {one.steps for one in told} == {7}


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg viewBox="0 0 40 10"/>', (40, 10)),
        ('<svg viewBox="-1,-2,3.5,4"/>', (3.5, 4)),
        ('<svg width="120px" height="30"/>', (120, 30)),
    ],
)
def test_a_drawing_tells_its_size(svg: str, size: tuple[float, float]) -> None:
    assert drawn.size(svg) == size


@pytest.mark.parametrize("svg", ["<svg", '<svg viewBox="0 0 1"/>', '<svg viewBox="0 0 0 1"/>', '<svg width="100%"/>'])
def test_a_drawing_without_a_size_is_refused(svg: str) -> None:
    with pytest.raises(ValueError, match="the drawing has no"):
        drawn.size(svg)
