"""The measurements themselves: what is counted in the processes, and what is read from the database when asked for."""

from collections.abc import Iterator
from collections.abc import Mapping

from prometheus_client import CollectorRegistry
from prometheus_client import Counter
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.importing import uploads
from mande.mail import outbox
from mande.mail import workers
from mande.mail.backlog import backlog
from mande.mail.models import MessageState


class Exposition:
    """All measurements of one application. `folder` is where several processes of one server count together."""

    def __init__(self, folder: str | None = None) -> None:
        own = CollectorRegistry()
        self._requests = Counter(
            "mande_http_requests",
            "Requests by kind of page and status. Of respondents' pages only failures are counted.",
            ["page", "status"],
            registry=own,
        )
        self._registry = own
        if folder is not None:
            self._registry = CollectorRegistry()
            MultiProcessCollector(self._registry, folder)  # type: ignore[no-untyped-call]
        self._registry.register(_Installation())

    def count(self, page: str, status: int) -> None:
        if page != "respondents" or status >= 500:
            self._requests.labels(page, str(status)).inc()

    def text(self) -> tuple[bytes, str]:
        """The measurements as Prometheus reads them, and their content type. Needs an application context."""
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4


class _Installation(Collector):
    """What the database knows, whichever process is asked."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        with db.reading() as session:
            yield from _messages(session)
            yield from _workers(session)
        yield _labelled(
            "mande_import_lists", "Lists of attendees by what is done with them.", "state", uploads.counts()
        )


def _messages(session: Session) -> Iterator[Metric]:
    states = GaugeMetricFamily(
        "mande_messages", "Messages by kind and state, without cancelled ones.", labels=["kind", "state"]
    )
    for kind, counts in outbox.states(session).items():
        for state, count in counts.items():
            if state is not MessageState.CANCELLED:
                states.add_metric([kind.value, state.value], count)
    yield states
    found = backlog(session)
    yield GaugeMetricFamily("mande_messages_due", "Messages that wait although they are due.", found.due)
    yield GaugeMetricFamily(
        "mande_messages_due_oldest_seconds", "How long the oldest of these has been due.", found.age.total_seconds()
    )
    yield GaugeMetricFamily(
        "mande_messages_left", "Messages in the hands of workers that did not come back in time.", found.left
    )


def _workers(session: Session) -> Iterator[Metric]:
    standing = workers.standing(session)
    yield GaugeMetricFamily("mande_workers_alive", "Workers that have reported within a minute.", len(standing.alive))
    yield GaugeMetricFamily("mande_workers_died", "Workers that died without ending, for a day.", len(standing.died))
    if standing.seen is not None:
        age = (clock.now() - standing.seen).total_seconds()
        yield GaugeMetricFamily("mande_worker_beat_age_seconds", "Since the last sign of life of any worker.", age)
    done = standing.jobs
    yield _labelled("mande_job_last_run_timestamp_seconds", "When a job was last done.", "job",
                    {name: one.at.timestamp() for name, one in done.items()})  # fmt: skip
    yield _labelled("mande_job_duration_seconds", "How long a job took when it was last done.", "job",
                    {name: one.seconds for name, one in done.items()})  # fmt: skip
    yield _labelled("mande_job_failed", "Whether a job failed when it was last done.", "job",
                    {name: one.failed for name, one in done.items()})  # fmt: skip


def _labelled(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
