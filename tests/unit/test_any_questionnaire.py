"""Whatever questionnaire the checker accepts can be drawn, answered, resumed and cleaned."""

from typing import Any

from hypothesis import HealthCheck
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mande.surveys.answering import forms
from mande.surveys.answering import paging
from mande.surveys.answering import receiving
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import parse
from mande.surveys.questionnaires.definition import spoken
from tests import drawing
from tests import questionnaires

EVENT = {"event": "A {meeting} & <more>", "dates": "7 June 2021", "partners": "A and B", "convenor": "Example House"}
ANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@st.composite
def asked(draw: st.DrawFn) -> tuple[Definition, Facts]:
    """A questionnaire as somebody is asked it, and how they took part."""
    data = draw(questionnaires.definitions())
    facts = draw(questionnaires.facts())
    mine = for_person(parse(data), questionnaires.attended(facts))
    return spoken(mine, dict.fromkeys(mine.languages, EVENT)), facts


@given(questionnaires.definitions())
@ANY
def test_a_drawn_questionnaire_is_one_that_the_checker_accepts_and_that_is_written_back_the_same(
    data: dict[str, Any],
) -> None:
    assert checking.problems(data) == []
    assert parse(parse(data).to_dict()) == parse(data)


@given(st.data())
@ANY
def test_every_page_that_is_drawn_with_answers_and_sent_back_gives_the_same_answers(data: st.DataObject) -> None:
    definition, facts = data.draw(asked())
    answers = data.draw(questionnaires.answers_to(definition, facts))
    language = data.draw(st.sampled_from(definition.languages))

    with drawing.speaking(language):
        back: Answers = {}
        shown = paging.pages(definition, "full", answers, facts)
        for sheet in forms.sheets(definition, shown, "full", language):
            drawn = drawing.draw(sheet, sheet.form(answers))
            assert drawing.fill(sheet, answers) == drawn
            posted = drawing.sent(drawing.read(drawn))
            received = receiving.read(definition, "full", sheet.number, language, posted, back, facts)
            assert received is not None
            assert all("Please answer" in message for found in received.form.errors.values() for message in found) or (
                language != "en"
            )
            back |= received.answers

    assert paging.kept(definition, back, facts) == answers


@given(st.data())
@ANY
def test_cleaning_and_keeping_twice_changes_nothing_and_leaves_nothing_that_is_not_asked(data: st.DataObject) -> None:
    definition, facts = data.draw(asked())
    anything = st.one_of(
        st.none(), st.integers(), questionnaires.texts(), st.lists(st.sampled_from(["a", "b-2", "na"]))
    )
    codes = [*answering.codes(definition), "unheard_of"]
    given_answers = data.draw(st.dictionaries(st.sampled_from(codes), anything, max_size=12))
    given_answers |= data.draw(questionnaires.answers_to(definition, facts))

    clean = answering.clean(definition, given_answers)
    kept = paging.kept(definition, clean, facts)

    assert answering.clean(definition, clean) == clean
    assert paging.kept(definition, kept, facts) == kept
    assert answering.clean(definition, kept) == kept
    allowed = {
        code
        for section in paging.asked(definition, kept, facts)
        for question in section.questions
        for code in answering.question_codes(question)
    }
    assert set(kept) <= allowed


@given(st.data())
@ANY
def test_whatever_is_typed_is_kept_as_it_reads_or_stands_there_again_with_the_reason(data: st.DataObject) -> None:
    definition, facts = data.draw(asked())
    language = definition.languages[0]
    pages = paging.pages(definition, "full", {}, facts)
    assume(pages)
    with drawing.speaking(language):
        page = data.draw(st.sampled_from(pages))
        sheet = forms.sheet(definition, page, 1, "full", language)
        names = drawing.sent(drawing.read(drawing.draw(sheet, sheet.form({}))))
        typed = MultiDict({name: data.draw(questionnaires.texts()) for name in names if not names[name]})
        received = receiving.read(definition, "full", page.number, language, typed, {}, facts)
        assert received is not None
        again = drawing.sent(drawing.read(drawing.draw(received.sheet, received.form)))
        boxes = [inner for outer in sheet.prompts for inner in (*outer.answerable(), outer.remark) if inner]
        texts = [inner for inner in boxes if inner.kind in ("short_text", "long_text", "number")]

    for prompt in texts:
        seen = answering.normalise_text(typed[prompt.name], one_line=not prompt.is_long)
        if prompt.question.code in received.sheet.asked:
            assert again[prompt.name] == seen.replace("\n", "\r\n")
            kept = answering.number(prompt.question, seen) if prompt.kind == "number" and seen else seen
            assert prompt.code in received.form.errors or received.answers.get(prompt.code, "") == kept
    assert answering.clean(definition, received.answers) == received.answers
