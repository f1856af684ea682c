"""Putting a message into the form that SMTP carries: headers that nobody can break out of, a text and an HTML part.

Each header is checked and folded by the standard library, once for as long as its value stays the same: in a batch
only the addressee, the date and the ids differ. Building a whole EmailMessage for each message takes eight times as
long.
"""

import quopri
import re
import secrets
import unicodedata
from collections.abc import Iterable
from email import policy
from email.header import Header
from email.headerregistry import Address
from functools import lru_cache

# Quoted local parts ("a b"@example.org) are not taken: nobody has one, and they are how addresses are smuggled.
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f-\x9f@<>(),;:\\\"\[\]]{1,64}")
_VISIBLE = re.compile(r"[ -~]{1,900}")
_LINE = 78  # as the library folds
_PLAIN_NAME = re.compile(r"[A-Za-z0-9'-]+( [A-Za-z0-9'-]+)*")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9.-]+")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


@lru_cache(maxsize=256)
def address(mailbox: str) -> str:
    """`mailbox` as SMTP wants it: its domain in ASCII (IDNA), its local part as it is. Raises ValueError."""
    local, _at, domain = mailbox.rpartition("@")
    ascii_domain = domain.encode("idna").decode()
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        raise ValueError(f"{mailbox!r} is not an e-mail address")
    return f"{local}@{ascii_domain}"


@lru_cache(maxsize=256)
def domain(mailbox: str) -> str:
    """The domain of an address in ASCII (IDNA) and lower case; "" where it cannot be one."""
    _local, at, written = mailbox.rpartition("@")
    try:
        ascii_domain = written.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return ascii_domain if at and _DOMAIN.fullmatch(ascii_domain) else ""


def line(name: str, *values: str) -> bytes:
    """One header that no person wrote (a date, an id, addresses of pages), each value on a line of its own, unchanged:
    folding by the library is slow, and breaks long addresses. Raises ValueError for what is not plain ASCII.
    """
    if not all(map(_VISIBLE.fullmatch, values)):
        raise ValueError(f"the header {name} would hold something else than plain ASCII")
    folded = ",\r\n ".join(values)
    return f"{name}: {folded}\r\n".encode()


@lru_cache(maxsize=256)
def header(name: str, value: str, utf8: bool = False) -> bytes:
    """One header, folded. Raises ValueError where the value holds a line break or another control character."""
    if utf8 or value.isascii():
        return _folded(name, _checked(name, value), utf8)
    return f"{name}: {_encoded(name, value)}\r\n".encode()


@lru_cache(maxsize=256)
def mailbox_header(name: str, display_name: str, mailbox: str, utf8: bool = False) -> bytes:
    """One header that names somebody. `utf8`: what is not ASCII stays as it is (SMTPUTF8). Raises ValueError."""
    checked = address(mailbox)
    if _PLAIN_NAME.fullmatch(display_name) and _PLAIN_ADDRESS.fullmatch(checked):
        plain = f"{name}: {display_name} <{checked}>"
        if len(plain) <= _LINE:  # nothing to check, quote or fold: as most are
            return f"{plain}\r\n".encode()
    if utf8 or display_name.isascii():
        local, _at, domain = checked.rpartition("@")
        return _folded(name, Address(_checked(name, display_name), local, domain), utf8)
    return f"{name}: {_encoded(name, display_name)}\r\n <{checked}>\r\n".encode()


def assemble(headers: Iterable[bytes], text: str, html: str) -> bytes:
    """The whole message, with CRLF line endings, in ASCII except where a header is not."""
    boundary = f"=_{secrets.token_hex(16)}"
    parts = (("plain", text), ("html", html))
    return b"".join(
        (
            *headers,
            b"MIME-Version: 1.0\r\n",
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode(),
            *(_part(boundary, subtype, content) for subtype, content in parts),
            f"\r\n--{boundary}--\r\n".encode(),
        )
    )


def _part(boundary: str, subtype: str, content: str) -> bytes:
    head = (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\n".join(content.splitlines())
    return head.encode() + quopri.encodestring(lines.encode()).replace(b"\n", b"\r\n") + b"\r\n"


def _checked(name: str, value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise ValueError(f"the header {name} would hold a line break or a control character")
    return value


def _encoded(name: str, value: str) -> str:
    """Text beyond ASCII in encoded words. The library's newer folding may lose a blank between two of them."""
    return Header(_checked(name, value), "utf-8", header_name=name).encode(linesep="\r\n")


def _folded(name: str, value: str | Address, utf8: bool) -> bytes:
    rules = policy.SMTPUTF8 if utf8 else policy.SMTP
    _name, parsed = rules.header_store_parse(name, value)
    return rules.fold_binary(name, parsed)
