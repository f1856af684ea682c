"""What staff write instead of our messages: checked when saved, filled in when sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.mail import letter
from mande.mail import own_words
from mande.mail.own_words import MissingError
from mande.mail.own_words import Offer
from mande.mail.own_words import Words

OFFER = Offer({"name", "event", "closes"}, {"promise", "actions"}, has_link=True)
LINK = "{link: Answer}"
VALUES = {"name": "Ana", "event": "Talks", "closes": "30 June", "promise": "", "actions": "- Write\n- Train"}


def problems(subject: str, text: str, offer: Offer = OFFER, unsaid: tuple[str, ...] = ()) -> list[str]:
    return [f"{one.field}: {one}" for one in own_words.check(own_words.normalised(subject, text), offer, unsaid)]


def filled(text: str, subject: str = "S", **values: str) -> letter.Letter:
    return letter.parse(own_words.source(own_words.normalised(subject, text), {**VALUES, **values}.get))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("About {event}", f"Dear {{name}},\r\n\r\n{LINK}\r\n\r\n{{promise}}\r\n--\r\nSmall {{{{print}}}}"),
        ("{{event}}", f"  {LINK}  "),
        ("S", "{ name }\n{link:Answer}"),
    ],
)
def test_good_words_are_accepted(subject: str, text: str) -> None:
    assert problems(subject, text) == []


@pytest.mark.parametrize(
    ("subject", "text", "found"),
    [
        ("", LINK, ["subject: Write a subject"]),
        ("S" * 151, LINK, ["subject: This is too long: 151 characters"]),
        ("S", " \n ", ["text: Write what the message says."]),
        ("S", LINK + "\n" + "x" * 6000, ["text: This is too long"]),
        ("{promise}", LINK, ["subject: {promise} is a sentence"]),
        (LINK, LINK, ["subject: The link cannot stand in the subject."]),
        ("S", f"{LINK}\nDear {{nmae}}", ["text: Line 2: {nmae} stands for nothing here. Did you mean {name}?"]),
        ("{evnt}", LINK, ["subject: {evnt} stands for nothing here. Did you mean {event}?"]),
        ("S", f"{LINK}\n{{zzzzzz}}", ["text: Line 2: {zzzzzz} stands for nothing here. All that can"]),
        ("S", f"{LINK}\n{{links: Answer}}", ["text: Line 2: {links: Answer} stands for nothing here."]),
        ("S", f"{LINK}\n{{}}", ["text: Line 2: {} stands for nothing here."]),
        ("S", f"{LINK}\none {{ brace", ["text: Line 2: A brace that stands for itself is written twice"]),
        ("S", "Dear {name}", ["text: The link is missing."]),
        ("S", f"{LINK}\n{LINK}", ["text: The link may stand once; here it stands 2 times."]),
        ("S", f"Here: {LINK}", ["text: Line 1: The link stands on a line of its own"]),
        ("S", "{link: }", ["text: Line 1: Say what the button is to be called"]),
        ("S", "{link}", ["text: Line 1: Say what the button is to be called"]),
        ("S", "{link: " + "x" * 81 + "}", ["text: Line 1: A button can be called by 80"]),
        ("S", f"{LINK}\n[[link]] Answer", ["text: Line 2: The link is written {link:"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_with_what_was_probably_meant(
    subject: str, text: str, found: list[str]
) -> None:
    said = problems(subject, text)

    assert len(said) == len(found)
    assert all(one.startswith(start) for one, start in zip(said, found, strict=True)), said


def test_a_message_without_a_link_may_not_have_one() -> None:
    thanks = Offer({"name"}, set(), has_link=False)

    assert problems("S", "Dear {name}", thanks) == []
    assert problems("S", LINK, thanks)[0].startswith("text: Line 1: This message has no link")


@pytest.mark.parametrize("text", ["After WP1873V", "the future of\n Talks", "Example House"])
def test_a_discreet_message_may_say_nothing_that_gives_the_event_away(text: str) -> None:
    unsaid = ("WP1873v", "The future of talks", "Example  house", "")

    (said,) = problems("A request", f"{text}\n{LINK}", unsaid=unsaid)
    assert "discreet" in said
    assert problems(text.replace("\n", " "), LINK, unsaid=unsaid)[0].startswith("subject")
    assert problems("A request", f"WP1873vs and Example Housed\n{LINK}", unsaid=unsaid) == []


def test_words_become_a_letter() -> None:
    found = filled(
        f"Dear {{name}},\n\n{{promise}}\n{{actions}}\nbefore {{promise}}after\n\n{LINK}\n--\n{{{{x}}}}", "{event}!"
    )

    assert found.subject == "Talks!"
    assert letter.as_text(found) == ("Dear Ana,\n\n- Write\n- Train\n\nbefore after\n\nAnswer\n[[link]]\n\n-- \n{x}\n")


def test_a_line_of_nothing_but_what_is_empty_today_leaves_no_gap_in_its_paragraph() -> None:
    assert letter.as_text(filled("one\n{promise} {promise}\ntwo")) == "one\ntwo\n"


def test_what_there_is_nothing_for_stops_the_words_from_being_used() -> None:
    with pytest.raises(MissingError):
        own_words.source(Words("S", "until {closes}"), {}.get)


@given(st.text(), st.text())
def test_whatever_is_typed_is_either_refused_or_can_be_said(subject: str, text: str) -> None:
    words = own_words.normalised(subject, f"{text}\n{LINK}")

    if not own_words.check(words, OFFER):
        found = letter.parse(own_words.source(words, VALUES.get))
        assert [block.kind for block in found.blocks].count("button") == 1
        assert own_words.normalised(words.subject, words.text) == words


@given(st.text(alphabet="[]link \n{}-a", max_size=30))
def test_what_people_are_called_makes_no_link_and_no_subject(value: str) -> None:
    called = letter.one_line(value)
    found = letter.parse(own_words.source(Words("[{name}", "[{name}\n\nx {name}"), {"name": called}.get))

    assert all(block.kind != "button" for block in found.blocks)
    assert letter.MARK not in letter.as_text(found)


CHOSEN = "- Write [[ and\n[[?a1=done]] Done\n- Train"


def test_the_choices_of_a_sentence_of_ours_stay_with_their_line_where_it_stands_alone() -> None:
    (listed, _button) = filled(f"{{actions}}\n\n{LINK}", actions=CHOSEN).blocks

    assert listed.lines == ("Write [ and", "Train")
    assert listed.choices == ((letter.Choice("Done", "a1=done"),), ())


@pytest.mark.parametrize("text", ["You said {actions}", "- {actions}", "[[?a1=done]] {name}", "[{name}"])
def test_nothing_else_in_own_words_is_a_choice(text: str) -> None:
    blocks = filled(f"{text}\n\n{LINK}", actions=CHOSEN, name="[?a1=done]] x").blocks

    assert not any(block.choices for block in blocks)
    assert "Done" not in letter.as_text(letter.Letter("S", blocks))
