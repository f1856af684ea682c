"""Words of other mail servers, made fit to be kept and shown. Pure."""

import re

KEPT = 300

_LINK = re.compile(r"(?i)\b(?:https?|ftp)://\S+|\bwww\.\S+|\bmailto:\S+")
# The token of a personal link, and the code in a return path: long runs of base32 that hold both a letter and a digit.
_SECRET = re.compile(r"(?i)(?<![a-z0-9])(?=[a-z]*[2-7])[a-z2-7]{26,}(?![a-z0-9])")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:])([45]\d\d)(?=[ \-#;,:]|$)")


def kept(words: str) -> str:
    """In one line of at most KEPT characters, without links, tokens and control characters."""
    plain = " ".join(_SECRET.sub("…", _LINK.sub("…", printable(words))).split())
    return plain if len(plain) <= KEPT else plain[: KEPT - 1].rstrip() + "…"


def printable(text: str) -> str:
    """With a blank in the place of whatever no database takes: control characters, halves of characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def status(words: str) -> str:
    """The first enhanced status code (RFC 3463) in the words: "5.1.1"; "" where there is none."""
    found = _STATUS.search(words)
    return ".".join(str(int(part)) for part in found.groups()) if found else ""


def reply_code(words: str) -> str:
    """The first reply code of SMTP that tells of a failure: "550"; "" where there is none."""
    found = _CODE.search(words)
    return found[1] if found else ""
