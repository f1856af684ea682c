"""The method annex: how figures are worked out, and what an edition leaves out, in sentences."""

from collections.abc import Sequence
from typing import Any

from mande.reports import figures
from mande.reports import wording
from mande.reports.figures import Figures
from mande.surveys.versions import definition_of

FORMULAS = (
    ("Shares", "Of those who gave an answer. Blanks and “not applicable” are left out of the denominator."),
    ("Mean and standard deviation", "The arithmetic mean and the sample standard deviation (divisor n − 1)."),
    ("Favourable", "The share of the two highest of five or seven options; unfavourable, of the two lowest."),
    (
        "Margin of error",
        "Half the 95% interval of a share of one half, with the finite population correction: "
        "1.96 times the square root of 0.25/n × (N − n)/(N − 1), for n answers of N people asked "
        "(Cochran, Sampling Techniques, 1977).",
    ),
    ("Interval of a mean", "Student’s t with n − 1 degrees of freedom, with the same correction."),
    (
        "Net promoter score",
        "Of a question from 0 to 10, the share of 9 and 10 less the share of 0 to 6, in points. "
        "Its variance is (p + d − (p − d)²)/n, with the same correction.",
    ),
    ("Bands of a mean", "Of five options: 4.50 and over excellent, 4.00 good, 3.50 acceptable."),
    (
        "Ranking",
        "How many ranked an option among their first three (of fewer than five options: first), and the mean of the "
        "ranks that it was given.",
    ),
    ("Numbers and dates", "Counted by band and by quarter; the exact answers were destroyed at closing."),
    (
        "Questions not asked of everybody",
        "The denominator is those who were asked and answered. How many would have been asked had everybody answered "
        "is not known, so that no margin of error is given.",
    ),
    (
        "Standing of planned actions",
        "What owners had said last by four weeks after each month’s day. Where nothing was heard it is unknown: apart "
        "from every other standing, and never failure.",
    ),
    (
        "Time until actions are done",
        "Cumulative incidence by Aalen and Johansen (1978), from the day on which an action was written to that on "
        "which its end was told; what is no longer planned is a competing end, and what goes on counts until it was "
        "last heard of. Its interval is by the delta method on the log-log scale; with no competing end these are "
        "Kaplan and Meier’s estimate and Greenwood’s variance.",
    ),
    ("Indicative", "Fewer than 10 answers, or a margin of error above 15 points: read it as an indication only."),
)

ALWAYS = (
    "No answer leads to a person: answers are kept without names, and the keys that could have linked them were "
    "destroyed when the questionnaires closed.",
    "No figure is given about a group of fewer than {k} people; small groups are merged, or left out.",
    "Comments are printed only where 8 people or more wrote one, only after review, and edited where they could have "
    "given somebody away.",
)

INTERNAL = (
    "This edition gives the full counts and is for the convenor’s team. Please do not pass it on: the partner and "
    "public editions are made for that.",
)

CIRCULATED = (
    "No option is shown that exactly one or two people chose: neighbouring options are merged until none is, and rare "
    "options of a list are merged into one.",
    "Where all, or all but one (of ten people and more: all but two), chose the same, the figure is given as “nearly "
    "all”.",
    "Means and shares are worked out from the counts as they are shown; where merged options leave them open, the "
    "range is given.",
    "A question that was asked only after a certain answer is shown only where this report gives the number of those "
    "answers anyway, and without the number of blanks; otherwise it is left to the team, and so is one that several "
    "answers decided on together. Whether it is left out depends on nothing but what is shown.",
    "Of a ranking only one figure is shown for each option. Everybody has the same first places to give, so that the "
    "figures add up to a known total; hence more than one of them is hidden where one alone could be worked out.",
    "Countries and quarters of the year are shown where {k} people or more gave them; the others are one group of {k} "
    "or more, and nothing says what is in it.",
    "Groups are compared by the same merged options, or in words where counts would tell too much.",
    "How many left a question blank or found it not applicable is told apart only where neither was one or two.",
    "Countries with fewer than {k} attendees are counted, not named.",
)

ACTIONS = {
    "internal": (
        "Planned actions are shown with their owners’ names, save of those who must not be exposed. Groups of fewer "
        "than {k} owners are merged.",
    ),
    "partner": (
        "Planned actions are those that their owners let partners see, with the owner’s name only where they chose so. "
        "Actions without a name are listed only where {k} owners or more have such actions.",
        "Planned actions are grouped, and followed over time, only among {k} owners or more, not counting those whose "
        "names are shown.",
    ),
    "public": (
        "Of planned actions only figures are given, where {k} owners or more have let partners see theirs, and with "
        "statuses merged until each was reported by three owners or by none.",
    ),
}


def method(edition: str, k: int, waves: Sequence[Figures]) -> dict[str, Any]:
    """The part "method" of the document."""
    rules = [*ALWAYS, *(INTERNAL if edition == "internal" else CIRCULATED), *ACTIONS[edition]]
    return {
        "k": k,
        "formulas": [{"name": name, "text": text} for name, text in FORMULAS],
        "disclosure": [rule.format(k=k) for rule in rules],
        "questionnaires": [
            {
                "role": survey.role.value,
                "role_label": wording.ROLES[survey.role],
                "wave": survey.wave.value,
                "code": survey.questionnaire.code,
                "version": survey.questionnaire.version,
                "title": figures.title(survey, "en"),
                "source": definition_of(survey.questionnaire).source,
                "anonymous": survey.anonymous,
                "imported": survey.imported,
                "closed": survey in found.closed,
            }
            for found in waves
            for survey in found.surveys
        ],
    }
