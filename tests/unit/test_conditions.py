from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.conditions import holds
from mande.surveys.questionnaires.conditions import parse

ANSWERS = {"one": "a", "some": ["a", "b"], "scale": "4", "hours": "-3", "na": "na", "rank.b": "2", "text": "Yes"}
FACTS = Facts(roles=("participant", "speaker"), meetings=("part-one",), mode="online")


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ({"question": "one", "is": "a"}, True),
        ({"question": "one", "is": "b"}, False),
        ({"question": "one", "in": ["b", "a"]}, True),
        ({"question": "some", "is": "b"}, True),
        ({"question": "some", "in": ["c", "d"]}, False),
        ({"question": "nothing", "is": "a"}, False),
        ({"question": "nothing", "answered": False}, True),
        ({"question": "some", "answered": True}, True),
        ({"question": "scale", "at_least": 4}, True),
        ({"question": "scale", "at_least": 5}, False),
        ({"question": "scale", "at_most": 4}, True),
        ({"question": "hours", "at_most": 0}, True),
        ({"question": "na", "at_most": 9}, False),
        ({"question": "nothing", "at_least": 0}, False),
        ({"question": "rank.b", "at_most": 2}, True),
        ({"question": "scale", "is": 4}, True),
        ({"role": ["partner", "speaker"]}, True),
        ({"role": ["partner"]}, False),
        ({"meeting": ["part-two"]}, False),
        ({"mode": ["online"]}, True),
        ({"not": {"mode": ["online"]}}, False),
        ({"all": [{"mode": ["online"]}, {"question": "one", "is": "b"}]}, False),
        ({"any": [{"mode": ["in_person"]}, {"question": "one", "is": "a"}]}, True),
    ],
)
def test_a_condition_holds_or_does_not(condition: dict[str, Any], asked: bool) -> None:
    assert holds(parse(condition), ANSWERS, FACTS) is asked


def test_nothing_is_known_of_how_somebody_took_part_until_it_is_told() -> None:
    for condition in ({"role": ["participant"]}, {"meeting": ["part-one"]}, {"mode": ["online", "in_person"]}):
        assert not holds(parse(condition), {}, Facts())


leaves = st.one_of(
    st.builds(lambda q, o: {"question": q, "is": o}, st.sampled_from(list(ANSWERS)), st.sampled_from(["a", "b", "4"])),
    st.builds(lambda q, o: {"question": q, "answered": o}, st.sampled_from(list(ANSWERS)), st.booleans()),
    st.builds(lambda q, n: {"question": q, "at_least": n}, st.sampled_from(list(ANSWERS)), st.integers(-5, 5)),
    st.sampled_from([{"mode": ["online"]}, {"role": ["partner"]}, {"meeting": ["part-one"]}]),
)
trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(lambda one: {"not": one}, parts),
        st.builds(lambda several: {"all": several}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda several: {"any": several}, st.lists(parts, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


@given(trees, st.dictionaries(st.sampled_from(list(ANSWERS)), st.sampled_from(["a", "b", "4", "-3"])))
@settings(max_examples=200)
def test_a_condition_is_written_back_as_it_was_and_its_negation_is_its_opposite(
    tree: dict[str, Any], answers: dict[str, Any]
) -> None:
    condition = parse(tree)

    assert conditions.to_dict(condition) == tree
    assert holds(parse({"not": tree}), answers, FACTS) is not holds(condition, answers, FACTS)


@given(trees, st.dictionaries(st.sampled_from(list(ANSWERS)), st.sampled_from(["a", "b", "4", "-3"])))
@settings(max_examples=200)
def test_only_what_a_condition_refers_to_decides(tree: dict[str, Any], answers: dict[str, Any]) -> None:
    condition = parse(tree)
    decisive = {code: value for code, value in answers.items() if code in conditions.references(condition)}
    known = Facts(
        **{name: value for name, value in vars(FACTS).items() if _fact(name) in conditions.facts_used(condition)}
    )

    assert holds(condition, decisive, known) is holds(condition, answers, FACTS)


def _fact(attribute: str) -> str:
    return attribute.removesuffix("s")


def test_questions_that_are_called_otherwise_are_asked_for_by_their_new_names() -> None:
    condition = parse({"all": [{"not": {"question": "one", "is": "a"}}, {"question": "two", "answered": True}]})

    renamed = conditions.renamed(condition, {"one": "one@part-one"})
    assert conditions.references(renamed) == {"one@part-one", "two"}
