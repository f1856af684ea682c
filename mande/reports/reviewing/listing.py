"""The list of comments under review: which are wanted, and what a reviewer sees of each."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from hashlib import sha256

from mande.reports.comments import Asked
from mande.reports.reviewing.mentions import Known
from mande.surveys.authoring.rewording import Piece
from mande.surveys.authoring.rewording import pieces
from mande.surveys.models import Comment
from mande.surveys.models import CommentState

PAGE_LENGTH = 25
LINE, FEWEST_LINES, MOST_LINES = 45, 3, 14


@dataclass(frozen=True)
class Wanted:
    """Which comments are wanted; what is empty asks for nothing. `naming` wants those that may name somebody."""

    question: str = ""
    state: CommentState | None = None
    text: str = ""
    naming: bool = False
    number: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str], questions: Collection[str]) -> "Wanted":
        """Reads what a page's address, or a form, says; what cannot be understood asks for nothing."""
        number = args.get("page", "1")
        return cls(
            question=args["question"] if args.get("question") in questions else "",
            state=next((state for state in CommentState if state.value == args.get("state")), None),
            text=args.get("text", "").strip()[:200],
            naming=args.get("naming") == "yes",
            number=max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {
            "question": self.question,
            "state": self.state.value if self.state else "",
            "text": self.text,
            "naming": "yes" if self.naming else "",
            "page": str(self.number) if self.number > 1 else "",
            **changes,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Shown:
    """A comment as a reviewer sees it.

    `printed` is what would be printed of it, typed or released or else the original; `problem` is why it could not be
    kept; `looked_at` that it was only tried out.
    """

    comment: Comment
    question: str
    printed: str
    names: tuple[str, ...]
    still_names: tuple[str, ...]
    problem: str = ""
    looked_at: bool = False

    @property
    def changed(self) -> tuple[Piece, ...]:
        """What was cut and what was put in; nothing where it is printed as it was written."""
        return pieces(self.comment.text, self.printed) if self.printed != self.comment.text else ()

    @property
    def seen(self) -> str:
        """What its form says of how it stood, so that nobody decides over somebody else's decision."""
        return sha256(f"{self.comment.state.value} {self.comment.released_text}".encode()).hexdigest()[:16]

    @property
    def rows(self) -> int:
        """How many lines a field should have that shows what is printed."""
        lines = sum(len(line) // LINE + 1 for line in self.printed.splitlines())
        return min(max(lines, FEWEST_LINES), MOST_LINES)

    def typed(self, text: str, known: Known, problem: str = "") -> "Shown":
        """The same with another text in its place, that is not kept."""
        return replace(self, printed=text, still_names=tuple(known.named_in(text)), problem=problem, looked_at=True)


@dataclass(frozen=True)
class Page:
    """One page of the comments that are wanted: `shown` of `total`, the first of them being number `first`."""

    shown: tuple[Shown, ...]
    number: int
    pages: int
    first: int
    total: int


def select(found: Sequence[Comment], asked: Sequence[Asked], wanted: Wanted, known: Known) -> list[Shown]:
    """Those of the comments (of one question and state already) that are wanted, in their order."""
    texts = {(survey, one.code): one.text for one in asked for survey in one.surveys}
    sought = wanted.text.casefold()
    fitting = [one for one in found if sought in f"{one.text}\n{one.released_text or ''}".casefold()]
    shown = [_shown(one, texts[one.survey_id, one.question], known) for one in fitting]
    return [one for one in shown if one.names or not wanted.naming]


def page(shown: Sequence[Shown], number: int) -> Page:
    """One page of the list; beyond the end, the last one."""
    pages = max(1, -(-len(shown) // PAGE_LENGTH))
    number = min(number, pages)
    start = (number - 1) * PAGE_LENGTH
    return Page(tuple(shown[start : start + PAGE_LENGTH]), number, pages, start + 1, len(shown))


def states(asked: Sequence[Asked], question: str) -> Counter[CommentState]:
    """How many comments that may be read are in each state, of one question or of all."""
    counted: Counter[CommentState] = Counter()
    for one in asked:
        if one.readable and question in ("", one.key):
            counted += one.states
    return counted


def rows(shown: Sequence[Shown]) -> list[tuple[str, ...]]:
    """The list as it is exported: question, state, original, what is printed ("" of what is not released)."""
    return [(one.question, one.comment.state.value, one.comment.text, one.comment.released_text or "") for one in shown]


def _shown(comment: Comment, question: str, known: Known) -> Shown:
    printed = comment.released_text or comment.text
    return Shown(comment, question, printed, tuple(known.named_in(comment.text)), tuple(known.named_in(printed)))
