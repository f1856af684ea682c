"""How reports look: a convenor's logo, colour, letters and paper.

In a document's `look`, and so in its page, the logo and the font of one's own are called by an address "kept:" and the
digest of their bytes: whoever renders the page gives the files under these addresses (`files`). They are kept for good,
so that a published edition can be made again as it was.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.pdf import fonts
from mande.reports.kinds import Paper
from mande.reports.looks import palette
from mande.reports.models import KeptFile
from mande.reports.models import Look

HOUSE = ""
KEPT = "kept:"


def of(session: Session, convenor: str, paper: Paper | None = None) -> dict[str, Any]:
    """The look of a convenor's reports, else the house's; on `paper` if it is given.

    accent: the colour as it was chosen, see `palette.of`; font: the family's name; font_file, logo: addresses or None
    """
    look = find(session, convenor)
    return said(look, convenor, paper or (look.paper if look else Paper.A4), _family(session, look))


def said(look: Look | None, convenor: str, paper: Paper, family: str) -> dict[str, Any]:
    """A look as it stands in a document."""
    return {
        "convenor": convenor,
        "accent": look.accent if look else palette.DEFAULT,
        "font": family,
        "font_file": KEPT + look.font_file if look and look.font_file else None,
        "logo": KEPT + look.logo if look and look.logo else None,
        "logo_text": look.logo_text if look else "",
        "paper": paper.value,
    }


def find(session: Session, convenor: str) -> Look | None:
    """The look that a convenor's reports have: its own, else the house's, else none."""
    return session.get(Look, convenor) or session.get(Look, HOUSE)


def paper_of(session: Session, convenor: str) -> Paper:
    """The paper on which a convenor's reports are printed unless somebody chooses another."""
    look = find(session, convenor)
    return look.paper if look else Paper.A4


def files(session: Session, look: dict[str, Any]) -> dict[str, bytes]:
    """The files that a look names, by their addresses."""
    wanted = [address.removeprefix(KEPT) for address in (look["logo"], look["font_file"]) if address]
    found = session.execute(select(KeptFile.sha256, KeptFile.data).where(KeptFile.sha256.in_(wanted)))
    return {KEPT + sha256: data for sha256, data in found}


def _family(session: Session, look: Look | None) -> str:
    if look is None or not (look.font or look.font_file):
        return fonts.LATIN
    if look.font_file is None:
        return look.font
    return session.scalars(select(KeptFile.name).where(KeptFile.sha256 == look.font_file)).one()
