"""Comments under review: whom they may name, what was changed, which are wanted."""

from collections import Counter
from uuid import UUID

from mande.reports.comments import Asked
from mande.reports.reviewing import listing
from mande.reports.reviewing.listing import PAGE_LENGTH
from mande.reports.reviewing.listing import Wanted
from mande.reports.reviewing.mentions import Known
from mande.surveys.models import Comment
from mande.surveys.models import CommentState

KNOWN = Known.of(
    ["Amina Diallo", "Jean-Luc O'Neill", "Grace Li", "Amina Haddad", "عائشة بن علي"], ["Ministry of Trade", "EU"]
)
SURVEY = UUID(int=1)
ASKED = [
    Asked("improve", "improve", "What should change?", frozenset({SURVEY}), Counter(held=9)),
    Asked("few", "few", "Anything else?", frozenset({SURVEY}), Counter({CommentState.HELD: 2})),
]


def comment(number: int, text: str, released: str | None = None) -> Comment:
    state = CommentState.HELD if released is None else CommentState.RELEASED
    return Comment(
        id=UUID(int=number), survey_id=SURVEY, question="improve", text=text, released_text=released, state=state
    )


def test_a_text_names_whom_it_says_by_a_part_of_their_name_and_nobody_else() -> None:
    assert KNOWN.named_in("As Diallo said, and the ministry of TRADE too.") == ["Amina Diallo", "Ministry of Trade"]
    assert KNOWN.named_in("Amina knows.") == ["Amina Diallo", "Amina Haddad"]
    assert KNOWN.named_in("Jean-Luc’s point; O'Neill disagreed.") == ["Jean-Luc O'Neill"]
    assert KNOWN.named_in("قالت عائشة ذلك") == ["عائشة بن علي"]
    assert KNOWN.named_in("They ended with a grace period; the European ministry of trades; Lifting.") == []


def test_the_list_is_narrowed_by_words_and_by_names_and_shows_what_was_changed() -> None:
    found = [comment(1, "Amina spoke too long."), comment(2, "More time, please."), comment(3, "Fine.", "Fine")]

    def ids(**asked: str) -> list[int]:
        wanted = Wanted.read(asked, [one.key for one in ASKED])
        return [one.comment.id.int for one in listing.select(found, ASKED, wanted, KNOWN)]

    assert ids() == [1, 2, 3]
    assert ids(text="TIME") == [2]
    assert ids(naming="yes") == [1]
    first, second, third = listing.select(found, ASKED, Wanted(), KNOWN)
    assert (first.printed, first.changed, second.names) == ("Amina spoke too long.", (), ())
    assert [(piece.kind, piece.text) for piece in third.changed] == [("same", "Fine"), ("old", ".")]
    tried = first.typed("A speaker spoke too long.", KNOWN)
    assert (len(tried.names), tried.still_names, tried.looked_at) == (2, (), True)
    assert listing.rows([third]) == [("What should change?", "released", "Fine.", "Fine")]


def test_an_address_that_cannot_be_understood_asks_for_nothing_and_the_rest_is_said_again() -> None:
    assert Wanted.read({"question": "x", "state": "x", "page": "-1", "naming": "1"}, ["improve"]) == Wanted()
    said = {"question": "improve", "state": "held", "text": "time", "naming": "yes", "page": "2"}
    assert Wanted.read(said, ["improve"]).asked() == said
    assert Wanted.read(said, ["improve"]).asked(page="", state="released") == {
        "question": "improve", "state": "released", "text": "time", "naming": "yes",
    }  # fmt: skip


def test_pages_hold_all_comments_once_and_beyond_the_end_is_the_last_one() -> None:
    shown = listing.select([comment(number, "x") for number in range(2 * PAGE_LENGTH + 1)], ASKED, Wanted(), KNOWN)
    pages = [listing.page(shown, number) for number in (1, 2, 3, 99)]

    assert [one for page in pages[:3] for one in page.shown] == shown
    assert (pages[3], pages[2].first, pages[2].pages) == (pages[2], 2 * PAGE_LENGTH + 1, 3)
    assert listing.page([], 1).pages == 1


def test_only_comments_that_may_be_read_are_counted() -> None:
    assert listing.states(ASKED, "") == Counter(held=9)
    assert listing.states(ASKED, "few") == Counter()
