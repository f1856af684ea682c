from datetime import date

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


def test_the_first_of_a_month_is_an_ordinal_in_french_alone() -> None:
    first, eleventh = date(2021, 7, 1), date(2021, 7, 11)

    assert [languages.day(one, "fr") for one in (first, eleventh)] == ["1er juillet 2021", "11 juillet 2021"]
    assert [languages.day(first, locale) for locale in ("en_GB", "es", "ar")] == [
        "1 July 2021", "1 de julio de 2021", "1 يوليو 2021",
    ]  # fmt: skip


def test_the_size_of_a_file_is_told_in_the_units_of_the_language() -> None:
    assert [languages.file_size(size, "en_GB") for size in (1, 399_600, 1_440_000)] == ["1 kB", "400 kB", "1.4 MB"]
    assert languages.file_size(1_440_000, "fr") == "1,4\u202fMo"
    assert languages.file_size(400_000, "ar") == "400 كيلوبايت"
