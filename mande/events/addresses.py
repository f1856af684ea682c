"""Reading the cells of a list that hold e-mail addresses, however people write them. Pure."""

import re
from dataclasses import dataclass

LONGEST = 1000


@dataclass(frozen=True)
class Addresses:
    """What a cell holds: addresses in lower case, the main one first, the name shown with it, and what is wrong."""

    found: tuple[str, ...] = ()
    name: str = ""
    problem: str = ""


def read(cell: str) -> Addresses:
    """Reads one address or several.

    `ada@x.org`, `<ada@x.org>`, `Ada Example <ada@x.org>`, `Ada Example (ada@x.org)`, `mailto:ada@x.org`, and several of
    them with `;`, `,`, `/`, `|`, a space or a word such as “or” between. A domain in other letters becomes what mail
    servers call it; other letters before the @ are refused, as few servers take them.
    """
    text = cell.strip().rstrip(";,.|/ ")
    if not text:
        return Addresses(problem="there is no e-mail address")
    if len(text) > LONGEST:
        return Addresses(problem=f"the cell for the e-mail address has {len(text)} characters")
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        item = _ITEM.match(text, place)
        address = _checked(item["held"] or item["bare"]) if item else ""
        if item is None or not address:
            return Addresses(problem=f"“{cell.strip()}” is not an e-mail address")
        found.setdefault(address, " ".join((item["name"] or "").split()).strip(" \"'"))
        between = _BETWEEN.match(text, item.end())
        if between is None and item.end() < len(text):
            return Addresses(problem=f"“{cell.strip()}” is not an e-mail address")
        place = between.end() if between else len(text)
    return Addresses(tuple(found), next((name for name in found.values() if name), ""))


def read_one(cell: str) -> tuple[str, str, str]:
    """The one address of a cell, the name shown with it, and what is wrong ("" if nothing is)."""
    read_cell = read(cell)
    if len(read_cell.found) > 1:
        return "", "", f"“{cell.strip()}” holds more than one e-mail address"
    return "".join(read_cell.found), read_cell.name, read_cell.problem


def _checked(written: str) -> str:
    """The address as it is kept; empty where it is none."""
    local, _, domain = written.lower().removeprefix("mailto:").rstrip(".").rpartition("@")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return ""
    fits = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(local) <= 64 and len(local) + len(domain) < 254
    return f"{local}@{domain}" if fits else ""


_ITEM = re.compile(
    r"""(?P<name>"[^"]*"|[^<>@;"(]*)\s*[<(]\s*(?P<held>[^<>()\s;,@]+@[^<>()\s;,@]+)\s*[>)]"""
    r"""|(?P<bare>[^<>()\s;,@|/"]+@[^<>()\s;,@|/"]+)"""
)
_BETWEEN = re.compile(r"\s*(?:[;,|/]|\s(?:or|and|ou|et|o|y|oder|und)\s|\s)[\s;,|/]*", re.IGNORECASE)
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
