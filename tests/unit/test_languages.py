import pytest

from mande import languages


@pytest.mark.parametrize(
    ("wishes", "available", "expected"),
    [
        (["fr"], ("en", "fr"), "fr"),
        (["fr-CH"], ("en", "fr"), "fr"),
        (["FR_ch"], ("en", "fr"), "fr"),
        (["pt_br"], ("pt", "pt-BR"), "pt-BR"),
        ([None, "", "sw", "ar"], languages.INTERFACE, "ar"),
        (["sw", None], languages.INTERFACE, None),
        (["f"], languages.INTERFACE, None),
        ([], languages.INTERFACE, None),
    ],
)
def test_the_first_wish_that_can_be_met_is_met_whatever_its_region(
    wishes: list[str | None], available: tuple[str, ...], expected: str | None
) -> None:
    assert languages.suitable(wishes, available) == expected


def test_a_language_is_called_as_it_calls_itself() -> None:
    assert [languages.own_name(code) for code in languages.INTERFACE] == ["English", "Français", "Español", "العربية"]
    assert languages.own_name("pt-BR") == "Português (Brasil)"
    assert languages.own_name("xx") == "Xx"


def test_the_direction_is_that_of_the_script() -> None:
    directions = {code: languages.direction(code) for code in ("en", "ar", "fa", "he", "ar-EG", "xx")}

    assert directions == {"en": "ltr", "ar": "rtl", "fa": "rtl", "he": "rtl", "ar-EG": "rtl", "xx": "ltr"}


def test_what_was_typed_is_isolated_only_where_the_text_runs_from_right_to_left() -> None:
    assert languages.isolated("Ana (1)", "fr") == "Ana (1)"
    assert languages.isolated("Ana (1)", "ar") == "\u2068Ana (1)\u2069"
