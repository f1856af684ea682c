"""What is wrong with an installation that runs, said in sentences: of its workers and of the mail that waits."""

from collections.abc import Iterator
from datetime import timedelta

from babel.dates import format_timedelta
from sqlalchemy.orm import Session

from mande.followup import clockwork
from mande.followup.keeping import files
from mande.mail import workers
from mande.mail.backlog import backlog
from mande.mail.workers import Standing


def problems(session: Session) -> list[str]:
    """What somebody has to do something about; empty where nothing is wrong."""
    return [*_of_workers(workers.standing(session)), *_of_mail(session), *_of_files(session)]


def notes(session: Session) -> list[str]:
    """How it stands: which workers live, and which died while others went on."""
    standing = workers.standing(session)
    if standing.alive:
        at_work = f"Workers: {', '.join(standing.alive)} at work."
        return [at_work, *(_died(standing, name) for name in standing.died)]
    seen = standing.seen
    return [] if seen is None else [f"Workers: none at work; the last ended {_spelt(standing.now - seen)} ago."]


def _of_workers(standing: Standing) -> Iterator[str]:
    if standing.quiet is not None:
        since = "has ever reported" if standing.seen is None else f"has reported for {_spelt(standing.quiet)}"
        yield f"Nothing is being sent: no worker {since}. Start one with `mande worker`."
        yield from (_died(standing, name) for name in standing.died)
    for job in standing.overdue({job.name: job.seconds for job in clockwork.jobs()}) if standing.alive else ():
        yield f"The job “{job}” has not been done for too long. A worker's log says what keeps it."
    for job in standing.failing():
        yield f"The job “{job}” failed when it was last done. A worker's log says why."


def _of_mail(session: Session) -> Iterator[str]:
    found = backlog(session)
    if found.is_behind:
        yield (
            f"Messages fall behind: {found.due} are due, the oldest for {_spelt(found.age)}. The event's page "
            "says why, or MANDE_MAIL_PER_MINUTE holds them back, or more workers are needed."
        )
    if found.left:
        yield f"{found.left} messages were left half-way by a worker that stopped. They go again within two minutes."


def _of_files(session: Session) -> Iterator[str]:
    if missing := len(files.missing(session)):
        yield (
            f"{missing} of {files.count(session)} files that show what came of an action are missing in var/evidence. "
            "Bring that folder back from a backup."
        )


def _died(standing: Standing, name: str) -> str:
    ago = _spelt(standing.now - standing.died[name])
    return f"{name} died without ending: it last reported {ago} ago. What it held is sent by another worker."


def _spelt(time: timedelta) -> str:
    return format_timedelta(time, granularity="minute", threshold=2, locale="en")
