"""Which language an owner is spoken to in."""

from flask import current_app

DEFAULT = "en"


def spoken() -> list[str]:
    """The languages that pages and messages of follow-up exist in: English, and each one that has a catalogue."""
    known = current_app.extensions["babel"].instance.list_translations()
    return [DEFAULT, *sorted({locale.language for locale in known} - {DEFAULT})]


def speaks(*wished: str | None) -> str:
    """The first wish that can be met, a region being disregarded ("fr-CH" is met by French), or English."""
    available = spoken()
    for wish in wished:
        language = (wish or "").replace("_", "-").split("-")[0].lower()
        if language in available:
            return language
    return DEFAULT
