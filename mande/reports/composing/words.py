"""What sections and kinds of editions are called where staff compose them."""

from flask_babel import lazy_gettext as _

from mande.reports.kinds import EditionKind

SECTIONS = {
    "summary": (_("Summary"), _("What a busy reader must know, in your words.")),
    "key_figures": (_("Key figures"), _("Response, the main question, actions.")),
    "findings": (_("Findings"), _("What the figures mean, in your words.")),
    "response": (_("Who answered"), _("Response by role, and what missing answers mean.")),
    "questions": (_("What they said"), _("Each question with its chart and table.")),
    "roles": (_("The roles compared"), _("Participants beside speakers and partners.")),
    "meetings": (_("The meetings compared"), _("Part One beside Part Two.")),
    "comparison": (_("Beside other events"), _("This event beside the portfolio and the targets.")),
    "comments": (_("In their own words"), _("Comments that were released.")),
    "later": (_("Months later"), _("What was asked again after some months.")),
    "actions": (_("Planned actions"), _("How far they have come, and examples.")),
    "reach": (_("Reach and inclusion"), _("Who was there, and who was not.")),
    "recommendations": (_("Recommendations"), _("What should be done, in your words.")),
    "next_steps": (_("Next steps"), _("What happens now, and by when, in your words.")),
    "event": (_("The event"), _("Facts, meetings, topics, intended outcomes.")),
}
"""What each section is called, and what it holds."""

TEXTS = {
    "summary": _("Three or four sentences. Begin with what came of it."),
    "findings": _("What the figures say and why; one heading for each finding."),
    "recommendations": _("Who should do what by when. A numbered list reads best."),
    "next_steps": _("What you will do with what you were told."),
}
"""What is written into each text."""

FOR_WHOM = {
    EditionKind.INTERNAL: _("Full counts, all breakdowns, actions with names. For the team only."),
    EditionKind.PARTNER: _("Discloses nobody: rare answers are merged, actions appear as their owners allow."),
    EditionKind.PUBLIC: _("The same figures as the partner edition; of planned actions only how many."),
    EditionKind.SUMMARY: _("For ministers and their like: the key figures and what follows from them."),
    EditionKind.RESPONDENTS: _("For those who were asked: what they said, and what happens next."),
}
