"""The method annex: how figures are worked out, what each edition holds, and what it leaves out, in sentences."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)

from mande.reports import spoken
from mande.reports import wording
from mande.reports.answers import figures
from mande.reports.answers.figures import Figures
from mande.reports.kinds import EditionKind
from mande.surveys.versions import definition_of

FORMULAS = (
    (
        N_("Shares"),
        N_("Of those who gave an answer. Blanks and “not applicable” are left out of the denominator."),
    ),
    (
        N_("Mean and standard deviation"),
        N_("The arithmetic mean and the sample standard deviation (divisor n − 1)."),
    ),
    (
        N_("Favourable"),
        N_("The share of the two highest of five or seven options; unfavourable, of the two lowest."),
    ),
    (
        N_("Margin of error"),
        N_(
            "Half the interval (95%) of a share of one half, with the finite population correction: "
            "1.96 times the square root of 0.25/n × (N − n)/(N − 1), for n answers of N people asked "
            "(Cochran, Sampling Techniques, 1977)."
        ),
    ),
    (N_("Interval of a mean"), N_("Student’s t with n − 1 degrees of freedom, with the same correction.")),
    (
        N_("Net promoter score"),
        N_(
            "Of a question from 0 to 10, the share of 9 and 10 less the share of 0 to 6, in points. "
            "Its variance is (p + d − (p − d)²)/n, with the same correction."
        ),
    ),
    (
        N_("Differences between groups"),
        N_(
            "Of shares the hybrid score interval (Newcombe, 1998, method 10), of means Student’s t with unequal "
            "variances (Welch, 1947), each with the same correction where it is known how many were asked in both "
            "groups. Of more than two groups all intervals hold together with 95% (Bonferroni)."
        ),
    ),
    (
        N_("Those who did not answer"),
        N_(
            "The least and the greatest share of all who were asked: as if all others had been unfavourable, and as "
            "if all had been favourable (Manski, 1990)."
        ),
    ),
    (
        N_("Bands of a mean"),
        N_("Of five options: 4.50 and over excellent, 4.00 good, 3.50 acceptable."),
    ),
    (
        N_("Ranking"),
        N_(
            "How many ranked an option among their first three (of fewer than five options: first), and the mean of "
            "the ranks that it was given."
        ),
    ),
    (
        N_("Numbers and dates"),
        N_("Counted by band and by quarter; the exact answers were destroyed at closing."),
    ),
    (
        N_("Questions not asked of everybody"),
        N_(
            "The denominator is those who were asked and answered. How many would have been asked had everybody "
            "answered is not known, so that no margin of error is given."
        ),
    ),
    (
        N_("Standing of planned actions"),
        N_(
            "What owners had said last by four weeks after each month’s day. Where nothing was heard it is unknown: "
            "apart from every other standing, and never failure."
        ),
    ),
    (
        N_("Time until actions are done"),
        N_(
            "Cumulative incidence by Aalen and Johansen (1978), from the day on which an action was written to that on "
            "which its end was told; what is no longer planned is a competing end, and what goes on counts until it "
            "was last heard of. Its interval is by the delta method on the log-log scale; with no competing end these "
            "are Kaplan and Meier’s estimate and Greenwood’s variance."
        ),
    ),
    (
        N_("Indicative"),
        N_("Fewer than 10 answers, or a margin of error above 15 points: read it as an indication only."),
    ),
)

ALWAYS = (
    N_(
        "No answer leads to a person: answers are kept without names, and the keys that could have linked them were "
        "destroyed when the questionnaires closed."
    ),
    N_("No figure is given about a group of fewer than %(k)s people; small groups are merged, or left out."),
    N_(
        "Comments are printed only where 8 people or more wrote one, only after review, and edited where they could "
        "have given somebody away."
    ),
)

INTERNAL = (
    N_(
        "This edition gives the full counts and is for the convenor’s team. Please do not pass it on: the partner and "
        "public editions are made for that."
    ),
)

CIRCULATED = (
    N_(
        "No option is shown that exactly one or two people chose: neighbouring options are merged until none is, and "
        "rare options of a list are merged into one."
    ),
    N_(
        "Where all, or all but one (of ten people and more: all but two), chose the same, the figure is given as "
        "“nearly all”."
    ),
    N_(
        "Means and shares are worked out from the counts as they are shown; where merged options leave them open, the "
        "range is given."
    ),
    N_(
        "A question that was asked only after a certain answer is shown only where this report gives the number of "
        "those answers anyway, and without the number of blanks; otherwise it is left to the team, and so is one that "
        "several answers decided on together. Whether it is left out depends on nothing but what is shown."
    ),
    N_(
        "Of a ranking only one figure is shown for each option. Everybody has the same first places to give, so that "
        "the figures add up to a known total; hence more than one of them is hidden where one alone could be worked "
        "out."
    ),
    N_(
        "Countries and quarters of the year are shown where %(k)s people or more gave them; the others are one group "
        "of %(k)s or more, and nothing says what is in it."
    ),
    N_("Groups are compared by the same merged options, or in words where counts would tell too much."),
    N_("How many left a question blank or found it not applicable is told apart only where neither was one or two."),
    N_("Countries with fewer than %(k)s attendees are counted, not named."),
)

ACTIONS = {
    "internal": (
        N_(
            "Planned actions are shown with their owners’ names, save of those who must not be exposed. Groups of "
            "fewer than %(k)s owners are merged."
        ),
    ),
    "partner": (
        N_(
            "Planned actions are those that their owners let partners see, with the owner’s name only where they chose "
            "so. Actions without a name are listed only where %(k)s owners or more have such actions."
        ),
        N_(
            "Planned actions are grouped, and followed over time, only among %(k)s owners or more, not counting those "
            "whose names are shown."
        ),
    ),
    "public": (
        N_(
            "Of planned actions only figures are given, where %(k)s owners or more have let partners see theirs, and "
            "with statuses merged until each was reported by three owners or by none."
        ),
    ),
}

HOLDS = {
    EditionKind.INTERNAL: N_(
        "For the convenor’s team. Full counts, every breakdown, and planned actions with their owners’ names."
    ),
    EditionKind.PARTNER: N_(
        "For the partners of the event. Merged counts, one breakdown, and the planned actions that their owners let "
        "partners see."
    ),
    EditionKind.PUBLIC: N_(
        "For anybody. The same figures of questions as partners have; of planned actions figures alone."
    ),
    EditionKind.SUMMARY: N_(
        "One page for ministers and others who have a minute: key figures, findings and recommendations, at the level "
        "of the partner edition."
    ),
    EditionKind.RESPONDENTS: N_(
        "For those who were asked: what they said, what follows from it, and what happens next, at the level of the "
        "public edition."
    ),
}


def method(edition: str, k: int, waves: Sequence[Figures]) -> dict[str, Any]:
    """The part "method" of the document, in the language that is spoken; `edition` is the level."""
    rules = [*ALWAYS, *(INTERNAL if edition == "internal" else CIRCULATED), *ACTIONS[edition]]
    language = spoken.language()
    return {
        "k": k,
        "formulas": [{"name": str(name), "text": str(text)} for name, text in FORMULAS],
        "disclosure": _filled(rules, k),
        "editions": [
            {"edition": kind.value, "label": wording.EDITIONS[kind.value], "holds": str(told)}
            for kind, told in HOLDS.items()
        ],
        "questionnaires": [
            {
                "role": survey.role.value,
                "role_label": wording.ROLES[survey.role],
                "wave": survey.wave.value,
                "code": survey.questionnaire.code,
                "version": survey.questionnaire.version,
                "title": figures.title(survey, language),
                "source": definition_of(survey.questionnaire).source,
                "anonymous": survey.anonymous,
                "imported": survey.imported,
                "closed": survey in found.closed,
            }
            for found in waves
            for survey in found.surveys
        ],
    }


def _filled(rules: Iterable[Any], k: int) -> list[str]:
    return [str(rule) % {"k": k} for rule in rules]
