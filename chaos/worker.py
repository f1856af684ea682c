"""A worker as `mande worker` runs it, with the two jobs that send, and with days made into seconds."""

import logging
from dataclasses import replace
from datetime import timedelta

from mande import create_app
from mande import logs
from mande.config import Settings
from mande.followup import clockwork
from mande.followup.clockwork import Job
from mande.mail import claiming
from mande.mail import schedule
from mande.mail import sending

TIMEOUT = 0.6  # seconds that a worker waits for the mail server


def run(settings: Settings, lease: float) -> None:
    """Sends until the process is ended, or killed. A lease is `lease` seconds."""
    logs.set_up(logging.CRITICAL)
    claiming.LEASE = timedelta(seconds=lease)
    schedule.WAITS = (timedelta(seconds=0.4),) * 6
    clockwork.jobs = lambda: (Job("send messages", clockwork.send, 0.3), Job("sweep messages", sending.sweep, 1))
    clockwork.run_worker(create_app(replace(settings, mail=replace(settings.mail, timeout=TIMEOUT))))
