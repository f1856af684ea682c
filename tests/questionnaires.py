"""Any questionnaire that the checker accepts, and what anybody may answer to it: strategies for property tests.

`definitions()` draws raw data, as a YAML file would give it, with every type of question, conditions, repeated
sections, several languages, placeholders and hostile texts; `answers_to` draws what somebody who took part in one way
may have answered, as it would be kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from mande.surveys.answering import paging
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.standard import YES_NO
from mande.surveys.questionnaires.standard import country_names

MEETINGS = (Meeting("part-one", "Part One: {the} <b>art</b>"), Meeting("part-two", "Part Two"), Meeting("3", "3"))

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</textarea></select></fieldset>",
    "&lt;b&gt; &amp;amp; &#x27;",
    "'; DROP TABLE event; --",
    "%s %(question)s %d {0} {{ 7*7 }} {% raw %}",
    "${jndi:ldap://x} `id` $(id)",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd\\..\\",
    "undefined null NaN None true",
    "١٬٢٠٠ أسئلة عن الاجتماع",
    "מה נשתנה הלילה הזה",
    "田中さんにあげて下さい 🏳️‍🌈 👨‍👩‍👧",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè",
    "می‌خواهم ประเทศไทย ភាសាខ្មែរ",
    "ﬁ Å ① ½ ſ ß İ ı",
)
"""Texts that hurt who does not escape, fold, count or shape them well. All of them are answers like any other."""

UNSEEN = (
    "a\x00b\x07c\x1b[31m",
    "safe\u202egpj.exe",
    "\u2066isolated\u2069 \u200fright\u200e",
    "\ufeffmark\ufffe \ue000 \U000e0041",
    "lone \ud800 surrogate",
    "one\r\ntwo\rthree\u2028four\x85five",
    " \t\u00a0\u3000 ",
    "\u200b\u200d\u2060",
    "x" * 10_000,
    "é\u0301" * 5_000,
)
"""Texts that hold what nobody sees or that is far too long: kept changed, or cut, or not at all."""

LANGUAGES = (["en"], ["ar"], ["en", "fr"], ["fr", "ar", "en"], ["en", "es", "fr", "ar"], ["en", "pt-BR"])
WORDS = ("Was it useful?", "Your view", "{{braces}}", *(text.replace("{", "{{").replace("}", "}}") for text in HOSTILE))
EVENT = ("{event}", "{dates}", "{partners}", "{convenor}")
TYPES = tuple(kind.value for kind in QuestionType)
COUNTRIES = ("NO", "CH", "AR", "CI", "GB", "KP")
FLAGS = ("required", "core", "internal")


def facts() -> st.SearchStrategy[Facts]:
    """How somebody may have taken part in an event of the MEETINGS."""
    return st.builds(
        Facts,
        st.lists(st.sampled_from(["participant", "speaker", "partner"]), min_size=1, unique=True).map(tuple),
        st.lists(st.sampled_from([meeting.code for meeting in MEETINGS]), unique=True).map(tuple),
        st.sampled_from([None, "in_person", "online"]),
    )


def attended(facts: Facts) -> tuple[Meeting, ...]:
    """The meetings that somebody attended, in their order."""
    return tuple(meeting for meeting in MEETINGS if meeting.code in facts.meetings)


def texts() -> st.SearchStrategy[str]:
    """What somebody may type: anything at all."""
    return st.one_of(st.sampled_from(HOSTILE), st.sampled_from(UNSEEN), st.text(max_size=30))


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """The raw data of a questionnaire in which the checker finds nothing wrong."""
    return _Author(draw, list(draw(st.sampled_from(LANGUAGES)))).questionnaire()


@st.composite
def answers_to(draw: st.DrawFn, definition: Definition, facts: Facts) -> Answers:
    """What somebody may have answered, as it is kept. `definition` is what this person may be asked (`for_person`)."""
    given: dict[str, Any] = {}
    for question in definition.questions():
        if draw(st.integers(0, 3)):
            given |= draw(answers_of(question))
    return paging.kept(definition, answering.clean(definition, given), facts)


@st.composite
def answers_of(draw: st.DrawFn, question: Question) -> dict[str, Any]:
    """An answer to one question, with what is typed beside it; `clean` may find something to cut off."""
    given: dict[str, Any] = {}
    if question.type is QuestionType.RANKING:
        most = len(question.ranks)
        items = draw(st.permutations(question.codes))[: most if question.required else draw(st.integers(0, most))]
        given = {f"{question.code}.{item}": str(rank) for rank, item in enumerate(items, 1)}
    elif question.type is QuestionType.MULTIPLE:
        least = question.min if isinstance(question.min, int) else 0
        together = [option.code for option in question.options if not option.exclusive]
        together += [answering.OTHER] * question.other
        most = question.max if isinstance(question.max, int) else len(together)
        given = {question.code: draw(st.permutations(together))[: draw(st.integers(least, most))]}
    else:
        given = {item.code: draw(_value(question)) for item in question.items()}
    for code in set(answering.question_codes(question)) - set(given):
        if draw(st.booleans()):
            given[code] = draw(texts())
    return given


def _value(question: Question) -> st.SearchStrategy[str]:
    match question.type:
        case QuestionType.NUMBER:
            assert isinstance(question.min, int)
            assert isinstance(question.max, int)
            return st.integers(question.min, question.max).map(str)
        case QuestionType.DATE:
            least, most = str(question.min or answering.FIRST_DAY), str(question.max or answering.LAST_DAY)
            return st.dates(date.fromisoformat(least), date.fromisoformat(most)).map(date.isoformat)
        case QuestionType.COUNTRY:
            return st.sampled_from(sorted(country_names("en")))
        case _:
            return st.sampled_from(answering.choices(question))


@dataclass
class _Author:
    """Writes one questionnaire. `earlier` are the questions that a condition may look back at."""

    draw: st.DrawFn
    languages: list[str]
    earlier: list[dict[str, Any]] = field(default_factory=list)
    scales: dict[str, Any] = field(default_factory=dict)
    written: int = 0

    def questionnaire(self) -> dict[str, Any]:
        sections = [self.section(number) for number in range(1, self.number(1, 3) + 1)]
        answered = [question for section in sections for question in section["questions"] if question["type"] != "info"]
        if not any(question.get("core") for question in answered):
            if not answered:
                answered = [self.question("short_text", "")]
                sections[-1]["questions"] += answered
            answered[-1]["core"] = True
        said = {
            "code": "any-questionnaire",
            "version": self.number(1, 3),
            "role": self.one("participant", "speaker", "partner"),
            "languages": self.languages,
            "strata": self.draw(st.lists(st.sampled_from(["role", "meeting", "sector", "mode"]), unique=True)),
            "minutes": self.number(1, 10),
            "title": self.text(*EVENT),
            "intro": self.text(*EVENT, "{name}"),
            "sections": sections,
        }
        return said | ({"scales": self.scales} if self.scales else {}) | self.perhaps("wave", "followup")

    def section(self, number: int) -> dict[str, Any]:
        before = list(self.earlier)
        repeat = self.perhaps("repeat", "meeting")
        of_meeting = "{meeting}" if repeat else ""
        said = {"code": f"s{number}", "title": self.text(of_meeting), **repeat, **self.condition()}
        if self.number(0, 1):
            said["intro"] = self.text(*EVENT, "{name}", of_meeting)
        questions = []
        for _ in range(self.number(1, 4)):
            questions.append(self.question(self.one(*TYPES), of_meeting))
            self.earlier.append(questions[-1])
        if repeat:  # what is asked for each meeting, only its own section can look back at
            self.earlier = before
        return said | {"questions": questions}

    def question(self, kind: str, of_meeting: str) -> dict[str, Any]:
        self.written += 1
        said: dict[str, Any] = {"code": f"q{self.written}", "type": kind, **self.condition()}
        if kind == "info":
            return said | {"text": self.text(*EVENT, "{name}", of_meeting)}
        said |= {"text": self.text("{event}", of_meeting), **self.perhaps("hint", self.text(of_meeting))}
        said |= {flag: True for flag in FLAGS if self.number(0, 3) == 3}
        said |= self.perhaps("criterion", "impact") | self.perhaps("level", "results")
        said |= self.perhaps("comparable", "usefulness") | self.perhaps("why", "Because.")
        if kind in ("short_text", "long_text"):
            return said | self.perhaps("max_length", self.number(1, 300))
        return said | self.perhaps("comment", True) | self.what_fits(kind)

    def what_fits(self, kind: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "scale": self.scale, "matrix": self.matrix, "rating": self.rating, "yes_no": self.yes_no,
            "single": self.single, "multiple": self.multiple, "ranking": self.ranking, "number": self.bounded,
            "date": self.date, "country": dict,
        }[kind]()  # fmt: skip
        return made

    def scale(self) -> dict[str, Any]:
        return {"options": self.listed([str(n) for n in range(1, self.one(5, 7) + 1)]), **self.not_applicable()}

    def matrix(self) -> dict[str, Any]:
        rows = [{"code": f"r{row}", "label": self.text("{event}")} for row in range(1, self.number(1, 3) + 1)]
        return self.scale() | {"rows": rows}

    def rating(self) -> dict[str, Any]:
        codes = ["0", *self.draw(st.sets(st.sampled_from([str(n) for n in range(1, 10)]), max_size=2)), "10"]
        return {"options": self.listed(codes), **self.not_applicable()}

    def yes_no(self) -> dict[str, Any]:
        built_in = set(self.languages) <= set(YES_NO["yes"]) and self.number(0, 1)
        return ({} if built_in else {"options": self.options(["yes", "no"])}) | self.not_applicable()

    def single(self) -> dict[str, Any]:
        return {"options": self.listed(self.codes(2)), **self.perhaps("display", "list"), **self.not_applicable(),
                **self.other()}  # fmt: skip

    def multiple(self) -> dict[str, Any]:
        options = self.options(self.codes(2))
        other = self.other()
        for option in options[2:]:
            option |= self.perhaps("exclusive", True)
        together = sum("exclusive" not in option for option in options) + bool(other)
        said = {"options": options, **other}
        if self.number(0, 1):
            said["max"] = self.number(1, together)
        return said | self.perhaps("min", self.number(0, said.get("max", together)))

    def ranking(self) -> dict[str, Any]:
        options = self.options(self.codes(2))
        return {"options": options, **self.perhaps("max", self.number(1, len(options)))}

    def bounded(self) -> dict[str, Any]:
        least = self.one(-100, 0, 1, 1_000_000)
        most = least + self.one(1, 2, 9, 10, 500, 10_000_000)
        said = {"min": least, "max": most, **self.perhaps("unit", self.text())}
        return said | self.perhaps("bands", sorted({least, *self.draw(st.sets(st.integers(least, most), max_size=3))}))

    def date(self) -> dict[str, Any]:
        ends = sorted(self.draw(st.lists(st.dates(date(1950, 1, 1), date(2050, 12, 31)), min_size=2, max_size=2)))
        return self.perhaps("min", ends[0].isoformat()) | self.perhaps("max", ends[1].isoformat())

    def other(self) -> dict[str, Any]:
        return self.one({}, {"other": True}, {"other": True, "max_length": 20})

    def not_applicable(self) -> dict[str, Any]:
        return self.perhaps("not_applicable", True)

    def listed(self, codes: Sequence[str]) -> Any:
        """The options of these codes, written with the question or as a scale of their own."""
        if self.number(0, 2) == 2:
            name = f"scale{len(self.scales) + 1}"
            self.scales[name] = self.options(codes)
            return name
        return self.options(codes)

    def options(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        return [{"code": self.coded(code), "label": self.text(suffix=f" {place}")} for place, code in enumerate(codes)]

    def coded(self, code: str) -> str | int:
        return int(code) if code.isdigit() and self.number(0, 1) else code

    def codes(self, fewest: int) -> list[str]:
        return ["a", "b-2", "3", "c_3", "d"][: self.number(fewest, 5)]

    def text(self, *placeholders: str, suffix: str = "") -> Any:
        known = [placeholder for placeholder in placeholders if placeholder]
        said = {}
        for language in self.languages:
            words = self.draw(st.sampled_from(WORDS))
            added = " " + self.one(*known) if known and self.number(0, 3) == 3 else ""
            said[language] = words + added + suffix
        return said[self.languages[0]] if len(said) == 1 else said

    def condition(self) -> dict[str, Any]:
        """Nothing, or an `ask_if`."""
        return {"ask_if": self.clause(2)} if self.number(0, 2) == 2 else {}

    def clause(self, depth: int) -> dict[str, Any]:
        kind = self.one("question", "question", "question", "fact", *(("all", "any", "not") if depth else ()))
        if kind in ("all", "any"):
            return {kind: [self.clause(depth - 1) for _ in range(self.number(1, 2))]}
        if kind == "not":
            return {"not": self.clause(depth - 1)}
        asked = [question for question in self.earlier if question["type"] != "info"]
        return self.about(self.one(*asked)) if kind == "question" and asked else self.fact()

    def fact(self) -> dict[str, Any]:
        return self.one(
            {"role": ["participant"]},
            {"role": ["speaker", "partner"]},
            {"meeting": ["part-one"]},
            {"meeting": ["part-two", "3"]},
            {"mode": ["online"]},
            {"mode": ["in_person", "online"]},
        )

    def about(self, question: dict[str, Any]) -> dict[str, Any]:
        kind, code = question["type"], question["code"]
        if kind == "matrix":
            code = f"{code}.r1"
        if kind == "ranking":
            code = f"{code}.{question['options'][0]['code']}"
        tests = [{"answered": True}, {"answered": False}]
        if kind in ("scale", "matrix", "rating", "number", "ranking"):
            limit = self.number(1, 5)
            tests += [{"at_least": limit}, {"at_most": limit}]
        known = self.known(question)
        if known:
            tests += [{"is": self.one(*known)}, {"in": known[:2]}]
        return {"question": code, **self.one(*tests)}

    def known(self, question: dict[str, Any]) -> list[str]:
        """Codes that a condition may ask for."""
        match question["type"]:
            case "rating":
                codes = ["0", "7", "10"]
            case "yes_no":
                codes = ["yes", "no"]
            case "ranking":
                codes = ["1"]
            case "country":
                codes = list(COUNTRIES)
            case "scale" | "matrix" | "single" | "multiple":
                options = question["options"]
                codes = [str(o["code"]) for o in (self.scales[options] if isinstance(options, str) else options)]
            case _:
                return []
        marks = {"other": "other", "not_applicable": "na"}
        return codes + [code for flag, code in marks.items() if question.get(flag)]

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def perhaps(self, name: str, value: Any) -> dict[str, Any]:
        return {name: value} if self.number(0, 2) == 2 else {}
