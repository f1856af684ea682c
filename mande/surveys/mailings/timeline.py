"""What went out for an event and what will go out, when, and to how many: never to whom."""

from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.kinds import Role
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.events.operations import attendees
from mande.events.roles import asked_as
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.outbox import UNSENT
from mande.surveys import operations
from mande.surveys import reminding
from mande.surveys.mailings import asking
from mande.surveys.mailings import lives
from mande.surveys.mailings import schedule
from mande.surveys.mailings import thanking
from mande.surveys.mailings.asking import Asked
from mande.surveys.mailings.asking import Span
from mande.surveys.mailings.schedule import Lacking
from mande.surveys.mailings.schedule import Life
from mande.surveys.mailings.schedule import Planned
from mande.surveys.mailings.schedule import State
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.reminders import BY_HAND
from mande.surveys.reminders import next_working
from mande.surveys.reminders import zone_of

TROUBLE = (MessageState.FAILED, MessageState.BOUNCED)
ON_ITS_WAY = (MessageState.SENT, *UNSENT)

Key = tuple[RuleKind, int]


@dataclass(frozen=True)
class Turn:
    """One person's turn at a message that is to come."""

    key: Key
    role: Role
    at: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """What the clocks show where the person is."""
        return self.at.astimezone(self.zone).replace(tzinfo=None)


@dataclass
class Written:
    """What the outbox holds of one message of a wave, by role."""

    sent: Counter[Role] = field(default_factory=Counter)
    queued: Counter[Role] = field(default_factory=Counter)
    troubled: int = 0
    moments: list[datetime] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `rule` is None for what staff sent by hand, and for what a removed rule has sent.

    `first` to `last` is when it went, goes or would go; `turns` are those that are to come if nobody answers meanwhile;
    `can_be_sent`: staff may send it at once.
    """

    wave: Wave
    kind: RuleKind
    number: int
    rule: MessageRule | None
    state: State
    lacking: Lacking | None
    first: datetime | None
    last: datetime | None
    written: Written
    turns: Sequence[Turn] = ()
    can_be_sent: bool = False

    @property
    def by_hand(self) -> bool:
        return self.kind is RuleKind.REMINDER and self.number > BY_HAND

    @property
    def coming(self) -> Counter[Role]:
        """How many are to get it, by role, as things stand now."""
        return Counter(turn.role for turn in self.turns)

    @property
    def next_at(self) -> datetime | None:
        return min((turn.at for turn in self.turns), default=None)

    @property
    def local(self) -> tuple[datetime, datetime, int] | None:
        """From when to when by the clocks of those to whom it is to go, and in how many time zones they are."""
        shown = [turn.local for turn in self.turns]
        return (min(shown), max(shown), len({turn.zone.key for turn in self.turns})) if shown else None


def entries(session: Session, event: Event, wave: Wave) -> list[Entry]:
    """The timeline of one wave, in the order of time; what has no date yet comes last."""
    life = lives.life(session, event, wave)
    planned = lives.plan_for(event, wave, life)
    written = _written(session, event, wave)
    turns: dict[Key, list[Turn]] = defaultdict(list)
    for turn in _turns(session, event, wave, life, planned):
        turns[turn.key].append(turn)
    found = []
    for one in planned:
        key = one.rule.kind, one.rule.number
        found.append(_entry(wave, one, written.pop(key, Written()), turns[key], life))
    for (kind, number), what in written.items():
        found.append(Entry(wave, kind, number, None, State.SENT, None, min(what.moments), max(what.moments), what))
    undated = datetime.max.replace(tzinfo=zone_of("UTC"))
    return sorted(found, key=lambda one: (one.first or undated, list(RuleKind).index(one.kind), one.number))


def next_of(session: Session, event: Event) -> Entry | None:
    """What goes out next by itself, to somebody."""
    coming = [one for wave in Wave for one in entries(session, event, wave)
              if one.turns and one.state in (State.PLANNED, State.UNDER_WAY)]  # fmt: skip
    return min(coming, key=lambda one: one.next_at or one.first, default=None)  # type: ignore[arg-type,return-value]


def _entry(wave: Wave, planned: Planned[MessageRule], written: Written, turns: list[Turn], life: Life) -> Entry:
    rule, state = planned.rule, planned.state
    to_come = bool(turns or written.queued)
    has_begun = written.sent or written.troubled
    if rule.kind in (RuleKind.REMINDER, RuleKind.LAST_CALL) and life.opened_at and state in (State.PLANNED, State.OVER):
        if has_begun:
            state = State.UNDER_WAY if to_come else State.SENT
        elif to_come:
            state = State.PLANNED
        elif planned.due is None or planned.due <= clock.now():
            state = State.OVER
    moments = [*written.moments, *(turn.at for turn in turns)] or ([planned.due] if planned.due else [])
    return Entry(
        wave=wave,
        kind=rule.kind,
        number=rule.number,
        rule=rule,
        state=state,
        lacking=planned.lacking,
        first=min(moments, default=None),
        last=max(moments, default=None),
        written=written,
        turns=turns,
        can_be_sent=_can_be_sent(rule, life),
    )


def _can_be_sent(rule: MessageRule, life: Life) -> bool:
    if rule.kind is RuleKind.INVITATION:
        return life.opened_at is None
    if rule.kind is RuleKind.THANK_YOU:
        return life.closed_at is not None and rule.done_at is None
    return life.opened_at is not None and life.closed_at is None


def _written(session: Session, event: Event, wave: Wave) -> dict[Key, Written]:
    counted = (
        select(
            Message.kind, Message.sequence, Survey.role, Message.state,
            func.count(), func.min(Message.due_at), func.max(Message.due_at),
        )
        .join(Invitation, Invitation.id == Message.about)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Survey.event_id == event.id, Survey.wave == wave, Message.state != MessageState.CANCELLED)
        .group_by(Message.kind, Message.sequence, Survey.role, Message.state)
    )  # fmt: skip
    found: dict[Key, Written] = defaultdict(Written)
    for kind, sequence, role, state, number, first, last in session.execute(counted):
        # An invitation and thanks are one each, whatever the number of their rule.
        one = found[(RuleKind(kind.value), sequence or 1)]
        if state is MessageState.SENT:
            one.sent[role] += number
        elif state in TROUBLE:
            one.troubled += number
        else:
            one.queued[role] += number
        one.moments += [first, last]
    return dict(found)


def _turns(
    session: Session, event: Event, wave: Wave, life: Life, planned: Sequence[Planned[MessageRule]]
) -> Iterator[Turn]:
    zone = zone_of(event.time_zone)
    if life.opened_at is None:
        yield from _once_opened(session, event, life, planned)
        return
    if life.closed_at is None:
        yield from _while_open(session, event, wave)
        yield from _newcomers(session, event, wave, planned, zone)
    for one in planned:
        if one.rule.kind is RuleKind.THANK_YOU and one.state is not State.SENT and one.due:
            at = max(one.due, clock.now()) if one.state is State.PLANNED else one.due
            for invitation, _at in thanking.reached(session, event, wave):
                theirs = zone_of(invitation.attendance.person.time_zone, event.time_zone)
                key = RuleKind.THANK_YOU, one.rule.number
                yield Turn(key, invitation.survey.role, next_working(at, theirs), theirs)


def _while_open(session: Session, event: Event, wave: Wave) -> Iterator[Turn]:
    known: dict[tuple[Asked, Span], list[tuple[MessageRule, datetime]]] = {}
    of_wave = (Survey.event_id == event.id, Survey.wave == wave)
    for waiting in reminding.awaited(session, *of_wave, states=ON_ITS_WAY):
        if waiting.span is None:
            continue
        case = waiting.asked, waiting.span
        if case not in known:
            known[case] = asking.upcoming(waiting.rules, *case, clock.now())
        for rule, at in known[case]:
            yield Turn((rule.kind, rule.number), waiting.invitation.survey.role, at, waiting.asked.zone)


def _newcomers(
    session: Session, event: Event, wave: Wave, planned: Sequence[Planned[MessageRule]], zone: ZoneInfo
) -> Iterator[Turn]:
    rule = next((one.rule for one in planned if one.rule.kind is RuleKind.INVITATION), None)
    if rule is not None and rule.state is RuleState.ON:
        at = next_working(clock.now(), zone)
        for role, number in operations.newcomers(session, event, wave).items():
            for _one in range(number):
                yield Turn((RuleKind.INVITATION, rule.number), role, at, zone)


def _once_opened(session: Session, event: Event, life: Life, planned: Sequence[Planned[MessageRule]]) -> Iterator[Turn]:
    """The turns of all who are on the list, as if it opened when it is planned to, and nobody answered."""
    by_kind = {one.rule.kind: one for one in planned}
    first = by_kind.get(RuleKind.INVITATION)
    if first is None or first.due is None or first.state in (State.SKIPPED, State.SENT):
        return
    zone = zone_of(event.time_zone)
    opened = max(first.due, clock.now())
    span = Span(schedule.closing(opened, life.days_open, zone), zone, life.ends_at)
    again = [one.rule for one in planned if one.rule.kind in reminding.AGAIN.values()]
    thanks = by_kind.get(RuleKind.THANK_YOU)
    known: dict[str, list[tuple[MessageRule, datetime]]] = {}
    for attendance in attendees(session, event):
        role = asked_as([held.role for held in attendance.roles])
        theirs = zone_of(attendance.person.time_zone, event.time_zone)
        yield Turn((RuleKind.INVITATION, first.rule.number), role, first.due, theirs)
        if theirs.key not in known:
            known[theirs.key] = asking.upcoming(again, Asked(opened, theirs, frozenset(), opened), span, opened)
        for rule, at in known[theirs.key]:
            yield Turn((rule.kind, rule.number), role, at, theirs)
        if thanks and thanks.due and thanks.state not in (State.SKIPPED, State.SENT):
            yield Turn((RuleKind.THANK_YOU, thanks.rule.number), role, next_working(thanks.due, theirs), theirs)
