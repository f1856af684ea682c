"""What somebody typed and chose on the page on which an edition is composed, and what is wrong with it."""

import math
import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from mande.reports.composing.composed import TEXTS
from mande.reports.composing.composed import Composed
from mande.reports.composing.composed import possible
from mande.reports.composing.composed import sections_of
from mande.reports.composing.markdown import as_html
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.printing import onepage
from mande.surveys.questionnaires.answers import normalise_text

LONGEST, LONGEST_CODE = 20_000, 40
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(")
_LINK = re.compile(r"\]\(\s*<?(?!https://|mailto:)([^)\s>]*)", re.IGNORECASE)


Form = MultiDict[str, str]


@dataclass(frozen=True)
class Typed:
    """An edition as it was typed. `errors` say by the name of a field why it cannot be kept."""

    composed: Composed
    revision: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self.composed, name) for name in TEXTS}


def texts_of(kind: EditionKind) -> list[str]:
    """The texts that an edition of this kind may have."""
    return [name for name in TEXTS if name in possible(kind)]


def read(form: Form, kind: EditionKind, saved: Composed) -> Typed:
    """What the form says. `saved` gives what the form did not offer: questions of which it knew nothing."""
    ticked = [one for one in possible(kind) if one in form.getlist("section")]
    offered, kept = set(form.getlist("offered")), set(form.getlist("question"))
    composed = Composed(
        language=saved.language,
        paper=next((paper for paper in Paper if paper.value == form.get("paper")), saved.paper),
        sections=None if tuple(ticked) == sections_of(kind) else tuple(ticked),
        left_out=(saved.left_out - offered) | (offered - kept),
        actions=_actions(form, saved),
        breakdown=form.get("breakdown", saved.breakdown or "")[:LONGEST_CODE] or None,
        **{name: normalise_text(form.get(name, "")) for name in texts_of(kind)},
    )
    number = form.get("revision", "0")
    return _checked(Typed(composed, int(number) if number.isdecimal() and len(number) < 10 else 0), kind, ticked)


def with_texts_of(typed: Typed, kind: EditionKind, other: Composed) -> tuple[Typed, list[str]]:
    """The same with the texts of another edition where it has none of its own, and the names of those it took."""
    missing = [name for name in texts_of(kind) if not getattr(typed.composed, name)]
    taken = [name for name in missing if getattr(other, name)]
    return replace(typed, composed=replace(typed.composed, **{name: getattr(other, name) for name in taken})), taken


def not_printed(text: str) -> list[str]:
    """What a text holds that is not printed as its writer meant it, in sentences."""
    said = [_("“%(link)s” is no link: links begin with https:// or mailto:.", link=one) for one in _LINK.findall(text)]
    return said + ([_("Images are left out.")] if _IMAGE.search(text) else [])


def _actions(form: Form, saved: Composed) -> frozenset[UUID] | None:
    if "examples" not in form:
        return saved.actions
    if form.get("examples") != "some":
        return None
    found = set()
    for one in form.getlist("action"):
        try:
            found.add(UUID(one))
        except ValueError:
            continue
    return frozenset(found)


def _checked(typed: Typed, kind: EditionKind, ticked: Sequence[str]) -> Typed:
    errors: dict[str, str] = {}
    if not ticked:
        errors["sections"] = _("Choose a section at least: an edition cannot be empty.")
    for name, text in typed.texts.items():
        if len(text) > LONGEST:
            errors[name] = _("This has %(number)d characters; %(most)d are possible.", number=len(text), most=LONGEST)
    if kind is EditionKind.SUMMARY and not errors:
        errors = _too_much_for_a_page(typed)
    return replace(typed, errors=errors)


def _too_much_for_a_page(typed: Typed) -> dict[str, str]:
    """Why the texts of a summary do not fit on its page, at the one that is best shortened."""
    html = {name: as_html(text) for name, text in typed.texts.items() if text}
    wide = [html[name] for name in ("summary", "findings") if name in html]
    narrow = [html[name] for name in ("recommendations",) if name in html]
    paper = typed.composed.paper.value
    for name, over in (
        ("recommendations", onepage.fit([], narrow, onepage.USUAL_QUESTIONS, paper).over),
        (max(("findings", "summary"), key=lambda one: len(html.get(one, ""))), onepage.fit(wide, [], [], paper).over),
    ):
        if over > 0:
            share = math.ceil(100 * over / (1 + over))
            return {name: _("This does not fit on the one page. Shorten it by about %(share)d%%.", share=share)}
    return {}
