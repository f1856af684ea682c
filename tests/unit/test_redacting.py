"""Taking names and addresses out of what others wrote."""

import pytest

from mande.events.records.redacting import rewriting


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask Ada O'Neil, then Ben", "Ask –, then Ben"),
        ("ADA O'NEIL agreed", "– agreed"),
        ("<p>Ada O&#x27;Neil</p>", "<p>–</p>"),
        ("mail ada@a.org.", "mail –."),
        ("nada@a.org wrote", "nada@a.org wrote"),
        ("ada@a.organic wrote", "ada@a.organic wrote"),
        ("Ada O'Neill is another", "Ada O'Neill is another"),
        (" Cher ", "–"),
        ("Cherish it", "Cherish it"),
        ("", ""),
    ],
)
def test_whole_names_and_addresses_go_and_what_only_looks_like_them_stays(text: str, left: str) -> None:
    assert rewriting(["Ada O'Neil", "ada@a.org"], ["Cher"])(text) == left


def test_where_nothing_is_sought_nothing_is_changed() -> None:
    assert rewriting([])("Ada") == "Ada"
