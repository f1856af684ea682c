"""What is typed into the page of a look, as it was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from flask_babel import gettext as _

from mande.pdf import fonts
from mande.reports.kinds import Paper
from mande.reports.looks import palette
from mande.reports.looks import tones
from mande.reports.looks.keeping import Chosen
from mande.reports.models import Look

OWN = "own"


@dataclass
class Typed:
    """`logo` and `font_file` are digests of kept files, or empty; `font_name` is the own font's."""

    accent: str = palette.DEFAULT
    font: str = fonts.LATIN
    font_file: str = ""
    font_name: str = ""
    logo: str = ""
    logo_text: str = ""
    paper: str = Paper.A4.value
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def colours(self) -> palette.Palette:
        """Those that a report would have; the usual ones where no colour was understood."""
        return palette.of(palette.DEFAULT if "accent" in self.problems else self.accent)

    @property
    def contrast(self) -> float:
        """The contrast of the colour that was typed with white."""
        return tones.contrast(self.accent, tones.WHITE)

    @property
    def usable(self) -> bool:
        return palette.is_usable(self.accent)

    @property
    def chosen(self) -> Chosen:
        own = self.font == OWN
        return Chosen(
            self.accent, "" if own else self.font, self.font_file if own else None, self.logo or None,
            self.logo_text, Paper(self.paper),
        )  # fmt: skip


def of(look: Look | None) -> Typed:
    """A look as it would be typed."""
    if look is None:
        return Typed()
    return Typed(
        accent=look.accent,
        font=look.font or (OWN if look.font_file else fonts.LATIN),
        font_file=look.font_file or "",
        logo=look.logo or "",
        logo_text=look.logo_text,
        paper=look.paper.value,
    )


def read(form: Mapping[str, str]) -> Typed:
    """What was typed, without files that were sent."""
    typed = Typed(
        accent=form.get("accent", "").strip()[:40],
        font=form.get("font", ""),
        font_file=form.get("font_kept", ""),
        logo="" if form.get("no_logo") else form.get("logo_kept", ""),
        logo_text=" ".join(form.get("logo_text", "").split())[:200],
        paper=form.get("paper", ""),
    )
    try:
        typed.accent = tones.known(typed.accent)
    except ValueError:
        typed.problems["accent"] = _("Give a colour as # and six digits or letters a to f, such as #0f5c6e.")
    if typed.font not in (*fonts.FAMILIES, OWN):
        typed.problems["font"] = _("Choose a font.")
    if typed.paper not in list(Paper):
        typed.problems["paper"] = _("Choose A4 or Letter.")
    return typed
