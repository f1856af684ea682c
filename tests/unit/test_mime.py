from email import message_from_bytes
from email.header import decode_header
from email.header import make_header
from email.message import Message
from email.utils import parseaddr

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.mail import mime

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co")), max_size=60).map(
    lambda name: " ".join(name.split())
)
BODIES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.just("\n"), max_size=300).map(
    lambda text: "\n".join(text.splitlines())
)
BREAKS = ["\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


def read(*headers: bytes, text: str = "t", html: str = "h") -> Message:
    return message_from_bytes(mime.assemble(headers, text, html))


def shown(header: str) -> str:
    """A header as people see it. (Of a name in several encoded words, the newer parser puts blanks between.)"""
    return str(make_header(decode_header("".join(header.splitlines()))))


@settings(deadline=None)
@given(subject=NAMES, name=NAMES)
@example(subject="", name="0 000¡¡ࠀࠀࠀࠀࠀࠀࠀࠀࠀࠀࠀࠀ ¡")
def test_names_and_subjects_arrive_as_they_were_written(subject: str, name: str) -> None:
    message = read(mime.header("Subject", subject), mime.mailbox_header("To", name, "ana@example.org"))

    display_name, mailbox = parseaddr("".join(message["To"].splitlines()))
    assert shown(display_name) == name
    assert mailbox == "ana@example.org"
    assert shown(message["Subject"]) == subject
    assert not message.defects


@settings(deadline=None)
@given(text=BODIES, html=BODIES)
def test_both_parts_arrive_as_they_were_written(text: str, html: str) -> None:
    parts = [part.get_payload(decode=True).decode() for part in read(text=text, html=html).get_payload()]

    assert ["\n".join(part.splitlines()) for part in parts] == [text, html]


@settings(deadline=None)
@given(text=BODIES, subject=NAMES)
def test_what_goes_over_the_wire_is_ascii_in_lines_that_smtp_allows(text: str, subject: str) -> None:
    wire = mime.assemble([mime.header("Subject", subject)], text, text)

    assert wire.isascii()
    assert all(len(line) <= 998 for line in wire.split(b"\r\n"))
    assert b"\n" not in wire.replace(b"\r\n", b"")


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_or_control_character_in_a_header_is_refused(line_break: str) -> None:
    smuggled = f"Hello{line_break}Bcc: all@example.org"

    with pytest.raises(ValueError, match="Subject would hold"):
        mime.header("Subject", smuggled)
    with pytest.raises(ValueError, match="To would hold"):
        mime.mailbox_header("To", smuggled, "ana@example.org")
    with pytest.raises(ValueError, match="not an e-mail address"):
        mime.mailbox_header("To", "Ana", f"ana@example.org{line_break}Bcc: all@example.org")


@pytest.mark.parametrize(
    "text", ["", "ana", "@example.org", "ana@", "a na@example.org", "ana@exam ple.org", "ana@-x-.org", "ana@a..b",
             "<ana@example.org>", "ana@b@example.org", '"a\r\nb"@example.org', "a,b@c.d", f"ana@{'x' * 64}.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|label"):
        mime.address(text)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("ana@example.org", "ana@example.org"),
        ("Ana.O'Neil+x@Example.ORG", "Ana.O'Neil+x@Example.ORG"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("jürgen@example.org", "jürgen@example.org"),
        ("mande@localhost", "mande@localhost"),
    ],
)
def test_only_the_domain_of_an_address_is_rewritten_for_the_wire(text: str, wire: str) -> None:
    assert mime.address(text) == wire


def test_an_address_of_a_page_is_never_broken_or_encoded() -> None:
    address = f"https://surveys.a-rather-long-name.example.org/r/{'a' * 26}/stop"

    assert mime.line("List-Unsubscribe", f"<{address}>", "<mailto:b@example.org?subject=stop>") == (
        f"List-Unsubscribe: <{address}>,\r\n <mailto:b@example.org?subject=stop>\r\n".encode()
    )


@pytest.mark.parametrize("value", [*BREAKS, "é", "\u2066", "", "x" * 901])
def test_a_header_that_no_person_wrote_holds_plain_ascii_only(value: str) -> None:
    with pytest.raises(ValueError, match="plain ASCII"):
        mime.line("References", value)


@pytest.mark.parametrize(
    ("mailbox", "domain"),
    [
        ("ana@Example.ORG", "example.org"),
        ("ana@Bücher.example", "xn--bcher-kva.example"),
        ("ana@example..org", ""),
        ("ana@exa mple.org", ""),
        ("nobody", ""),
    ],
)
def test_the_domain_of_an_address_is_told_in_ascii_and_lower_case(mailbox: str, domain: str) -> None:
    assert mime.domain(mailbox) == domain
