"""Questions that cannot be answered as they are worded, and texts too long for a telephone. Pure.

Patterns find what is usual, in English, French, Spanish and Arabic; they read no minds, hence hints where they may err.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from mande.surveys.authoring import texts
from mande.surveys.authoring.advice.notes import Advice
from mande.surveys.authoring.advice.notes import Topic
from mande.surveys.authoring.advice.notes import hint
from mande.surveys.authoring.advice.notes import warning
from mande.surveys.authoring.texts import Place

_AND_OR = re.compile(r"\band/or\b|\bet/ou\b|\by/o\b|\bou/et\b|و/أو|و / أو", re.IGNORECASE)
# Two things joined in what is agreed to or rated as one: "the format and the timing were".
_TWO_THINGS = re.compile(
    r"\b(?:the|our|your|its|how|whether|was|were)\s[^,.;:?]{2,40}\sand\s(?:the|our|your|its|how|whether|was|were)\s"
    r"|\b(?:les?|la|l’|vos|votre|nos|notre)\s?[^,.;:?]{2,40}\set\s(?:les?|la|l’|vos|votre|nos|notre)\s?"
    r"|\b(?:el|la|los|las|su|sus)\s[^,.;:?]{2,40}\sy\s(?:el|la|los|las|su|sus)\s",
    re.IGNORECASE,
)
_RATED = ("scale", "rating", "matrix", "yes_no")

_LEADING = re.compile(
    r"\b(don.t you (think|agree|find)|wouldn.t you|would you agree|isn.t it|do you agree that|of course|obviously"
    r"|clearly|surely|undoubtedly|as you know|how much (did|do) you (like|love|enjoy)|how (much )?better"
    r"|(excellent|outstanding|wonderful|great|successful|fascinating|terrible) (event|meeting|session|discussion"
    r"|speakers?|work|organi[sz]ation|facilitation)"
    r"|n.êtes-vous pas|ne pensez-vous pas|bien sûr|évidemment|sans doute|comme vous le savez|à quel point avez-vous"
    r" aimé"
    r"|¿no (cree|piensa|le parece)|por supuesto|evidentemente|sin duda|como (usted )?sabe|cuánto (le gustó|disfrutó))\b"
    r"|ألا تعتقد|ألا توافق|بالطبع|بالتأكيد|لا شك|كما تعلم",
    re.IGNORECASE,
)
_NEGATIONS = re.compile(r"\b(?:not|never|no|n.t)\b[^.?!]*\b(?:not|never|no|un\w+ful)\b", re.IGNORECASE)

MOST_ROWS, MOST_RADIOS = 7, 9


def advise(data: Any) -> Iterator[Advice]:
    """What to reword, in every language that there is, and what to shorten."""
    for place in texts.places(data):
        for language, text in place.said.items():
            yield from _text(place, language, text)
    for path, question in texts.questions(data):
        yield from (Advice((*path, *one.path), one.severity, one.topic, one.message) for one in _shape(data, question))


def _text(place: Place, language: str, text: str) -> Iterator[Advice]:
    if place.kind in ("text", "row") and place.subject not in ("info", "short_text", "long_text"):
        if found := _AND_OR.search(text):
            yield warning(
                place.path,
                Topic.WORDING,
                f"“{found.group()}” ({language}) asks two things at once, and no answer says which was meant. Ask for "
                "one, or make two questions of it",
            )
        elif place.subject in _RATED and (found := _TWO_THINGS.search(text)):
            yield hint(
                place.path,
                Topic.WORDING,
                f"“{found.group().strip()}…” ({language}) may ask two things at once. Somebody who would answer them "
                "differently cannot: ask for one, or make two questions of it",
            )
    if place.kind in ("text", "row") and (found := _LEADING.search(text)):
        yield warning(
            place.path,
            Topic.WORDING,
            f"“{found.group()}” ({language}) suggests the answer. Ask so that each answer is as easy to give",
        )
    if place.kind in ("text", "row") and language == "en" and (found := _NEGATIONS.search(text)):
        yield hint(
            place.path, Topic.WORDING, f"“{found.group()}” denies twice, which is misread. Say it once, positively"
        )
    if (best := texts.best_length(place)) and len(text) > best:
        yield hint(
            place.path,
            Topic.PHONE,
            f"has {len(text)} characters ({language}); on a telephone up to {best} are read at a glance. Shorten it",
        )


def _shape(data: Any, question: Mapping[str, Any]) -> Iterator[Advice]:
    kind = question.get("type")
    if kind in ("scale", "matrix") and not question.get("not_applicable"):
        yield hint(
            (),
            Topic.WORDING,
            "has no answer “not applicable”, so that those whom it does not concern skip it or guess. Allow it",
        )
    if question.get("required") and kind != "info":
        yield hint(
            ("required",),
            Topic.WORDING,
            "has to be answered: who cannot or will not gives up here, or answers anything. Let it be left blank",
        )
    rows = len(texts.rows(question))
    if kind == "matrix" and rows > MOST_ROWS:
        yield hint(
            ("rows",), Topic.PHONE, f"has {rows} rows, which on a telephone is a long page of the same. Split it in two"
        )
    options = len(texts.options(data, question))
    if kind == "single" and options > MOST_RADIOS and question.get("display") != "list":
        yield hint(("options",), Topic.PHONE, f"has {options} options: show them as a list (display: list)")
