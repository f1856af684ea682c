"""Names and addresses as people write them into lists."""

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events import addresses
from mande.events.addresses import Addresses
from mande.events.importing import ages
from mande.events.importing import names
from mande.events.kinds import AgeBand


@pytest.mark.parametrize(
    ("cell", "name"),
    [("EXAMPLE, Ada", "Ada Example"), ("Dr Ada EXAMPLE", "Ada Example"), ("Ada Example, PhD", "Ada Example"),
     ("H.E. Ambassador Ada EXAMPLE", "Ada Example"), ("ADA EXAMPLE", "Ada Example"), ("Ada Example", "Ada Example"),
     ("DE LA CRUZ, Juan", "Juan de la Cruz"), ("Juan DE LA CRUZ", "Juan de la Cruz"),
     ("O'NEILL, Shaun", "Shaun O'Neill"),
     ("McDONALD, Ian", "Ian McDonald"), ("MCDONALD, Ian", "Ian McDonald"), ("van der BERG, Jan", "Jan van der Berg"),
     ("Example, Ada, Jr.", "Ada Example Jr"), ("Mme Marie-Claire N'DIAYE", "Marie-Claire N'Diaye"),
     ("Prof. Dr. Hans MÜLLER", "Hans Müller"), ("M. Jean DUPONT", "Jean Dupont"), ("JR Smith", "JR Smith"),
     ("J.R. SMITH", "J.R. Smith"), ("Ada NG", "Ada Ng"), ("LI Wei", "Li Wei"), ("Na", "Na"), ("He Wei", "He Wei"),
     ("M Ali", "M Ali"), ('"Sam  Sample"', "Sam Sample"), ("المثال، ليلى", "ليلى المثال"), ("", ""),
     ("Ada Example, Ministry of Foreign Affairs", "Ada Example, Ministry of Foreign Affairs"),
     ("Ada, Bob, Carmen", "Ada, Bob, Carmen")],
)  # fmt: skip
def test_names_are_read_as_a_letter_would_have_them(cell: str, name: str) -> None:
    assert names.read(cell) == name


PART = st.sampled_from(
    ["Ada", "Zoë", "Jean-Luc", "Omar", "Ngozi", "Wei", "Siobhán", "Müller", "O'Neill", "Example", "Al-Sayed", "Berg"]
)


@settings(max_examples=150, deadline=None)
@given(PART, PART, st.sampled_from(["", "Dr ", "Mr. ", "H.E. Ambassador ", "Mme "]), st.sampled_from(["", ", PhD"]))
def test_a_name_comes_back_whole_from_any_way_of_writing_it(given: str, family: str, title: str, after: str) -> None:
    whole = f"{given} {family}"

    for written in (f"{title}{whole}", f"{family}, {given}", f"{family.upper()}, {title}{given}",
                    f"{title}{given} {family.upper()}{after}", f"{title}{whole}".upper()):  # fmt: skip
        assert names.read(written) == whole


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_name_that_was_read_is_read_as_itself_and_never_lost(text: str) -> None:
    once = names.read(text)

    assert names.read(once) == once
    assert bool(once.strip('"“”„« »,،')) >= any(one.isalpha() for one in text)


@pytest.mark.parametrize(
    ("cell", "found", "name"),
    [("Ada@Example.ORG", ["ada@example.org"], ""), ("Ada B <ada@example.org>", ["ada@example.org"], "Ada B"),
     ('"Byron, Ada" <ada@example.org>', ["ada@example.org"], "Byron, Ada"), ("<a.b+c@x.co>", ["a.b+c@x.co"], ""),
     ("Byron, Ada <a@x.org>; Bob (b@y.org)", ["a@x.org", "b@y.org"], "Byron, Ada"), ("a@x.org;", ["a@x.org"], ""),
     ("mailto:ada@example.org", ["ada@example.org"], ""), ("a@x.org b@x.org", ["a@x.org", "b@x.org"], ""),
     ("a@x.org/b@x.org or c@x.org", ["a@x.org", "b@x.org", "c@x.org"], ""), ("a@x.org, A@X.org", ["a@x.org"], ""),
     ("ada@bücher.example", ["ada@xn--bcher-kva.example"], ""), ("ada@example.org.", ["ada@example.org"], "")],
)  # fmt: skip
def test_addresses_are_read_alone_or_several_with_or_without_a_name(cell: str, found: list[str], name: str) -> None:
    assert addresses.read(cell) == Addresses(tuple(found), name)


@pytest.mark.parametrize(
    "cell",
    ["", "ada", "ada@", "@example.org", "a@b@c.org", "a b@x.org", "a..b@x.org", "ada@localhost", "a@x.org; bob",
     "zoë@example.org", "a@-x.org", "a@x.org\r\nBcc: b@x.org", "x" * 65 + "@x.org", "a@" + "x" * 64 + ".org",
     "a@x.org;" * 200],
)  # fmt: skip
def test_what_is_no_address_is_refused_whole(cell: str) -> None:
    read = addresses.read(cell)

    assert read.found == ()
    assert read.problem


def test_where_one_address_is_wanted_two_are_refused() -> None:
    assert addresses.read_one("Ada <a@x.org>") == ("a@x.org", "Ada", "")
    assert "more than one" in addresses.read_one("a@x.org; b@x.org")[2]


LOCAL = st.from_regex(r"[a-z0-9]{1,8}([._+-][a-z0-9]{1,6})?", fullmatch=True)
ADDRESS = st.builds("{}@{}.example".format, LOCAL, st.from_regex(r"[a-z]{1,6}", fullmatch=True))
SHOWN = st.sampled_from(["", "Ada", '"Byron, Ada" ', "Dr Ada B "])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ADDRESS, SHOWN), min_size=1, max_size=4), st.sampled_from(["; ", ", ", ";", " / ", " or "]))
def test_addresses_come_back_from_any_way_of_writing_several(people: list[tuple[str, str]], between: str) -> None:
    cell = between.join(f"{name}<{address}>" if name else address for address, name in people)

    assert addresses.read(cell).found == tuple(dict.fromkeys(address for address, _name in people))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_what_is_read_of_any_cell_is_read_as_itself(cell: str) -> None:
    read = addresses.read(cell)

    assert bool(read.found) != bool(read.problem)
    assert all(addresses.read(address).found == (address,) for address in read.found)


@pytest.mark.parametrize(
    ("cell", "band"),
    [("30-44", AgeBand.FROM_30_TO_44), ("30 to 44", AgeBand.FROM_30_TO_44), ("37", AgeBand.FROM_30_TO_44),
     ("under 30", AgeBand.UNDER_30), ("<30", AgeBand.UNDER_30), ("18–25", AgeBand.UNDER_30), ("60+", AgeBand.FROM_60),
     ("60 and over", AgeBand.FROM_60), ("over 65", AgeBand.FROM_60), ("45_to_59", AgeBand.FROM_45_TO_59),
     ("moins de 30", AgeBand.UNDER_30), ("25-34", None), ("45+", None), ("121", None), ("old", None), ("44-30", None)],
)  # fmt: skip
def test_ages_and_bands_that_lie_within_ours_are_taken(cell: str, band: AgeBand | None) -> None:
    assert ages.find(cell) is band
