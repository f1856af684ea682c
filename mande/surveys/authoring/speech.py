"""The languages that a questionnaire may be written in: all that have a code, known here or not. Pure."""

import re

from babel import Locale
from babel import UnknownLocaleError

from mande import languages

_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def is_language(code: str) -> bool:
    """Whether this has the form of a language's code, as the schema of questionnaires has it."""
    return _CODE.fullmatch(code) is not None


def name(code: str) -> str:
    """A language as it calls itself, else its code."""
    return languages.own_name(code) if _is_known(code) else code


def direction(code: str) -> str:
    """Which way it is written: "ltr" or "rtl"."""
    return languages.direction(code) if _is_known(code) else "ltr"


def _is_known(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
