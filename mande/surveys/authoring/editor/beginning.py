"""How a draft is begun: empty, as a copy of another questionnaire, or from a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from werkzeug.datastructures import FileStorage

from mande.events.kinds import Role
from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import with_text
from mande.surveys.authoring.editor.lines import Posted
from mande.surveys.authoring.editor.part_forms import LANGUAGE
from mande.surveys.catalogue import Version
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.checking import DefinitionError

EMPTY, COPY, FILE = "empty", "copy", "file"
HOW = (EMPTY, COPY, FILE)
TAKEN = ("new",)
"""Codes that stand for something else in addresses."""


@dataclass(frozen=True)
class Beginning:
    """The form as it was typed. `source` is the code of the questionnaire to copy, `content` what the file holds."""

    how: str = EMPTY
    code: str = ""
    title: str = ""
    role: str = Role.PARTICIPANT
    language: str = "en"
    source: str = ""
    filename: str = ""
    content: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def with_error(self, name: str, message: str) -> "Beginning":
        return replace(self, errors={**self.errors, name: message})


class BeginningError(Exception):
    """What was typed is no beginning. `form` is the same with a message at each place."""

    def __init__(self, form: Beginning) -> None:
        self.form = form
        super().__init__("; ".join(form.errors.values()))


def read(form: Posted, file: FileStorage | None) -> Beginning:
    """The form as it was sent. A file that is no text is read as None."""
    how = form.get("how", "")
    content: str | None = None
    if file is not None and file.filename:
        try:
            content = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            content = None
    return Beginning(
        how=how if how in HOW else EMPTY,
        code=form.get("code", "").strip(),
        title=" ".join(form.get("title", "").split()),
        role=form.get("role", ""),
        language=form.get("language", "").strip(),
        source=form.get("source", ""),
        filename=(file.filename or "") if file else "",
        content=content,
    )


def data_of(form: Beginning, known: Mapping[str, Version]) -> Data:
    """What the draft begins with. `known` are the questionnaires that there are, by code.

    Raises BeginningError, and DefinitionError where a file is no questionnaire.
    """
    if form.how == FILE:
        return _of_file(form)
    if not form.code:
        form = replace(form, code=naming.slug(form.title).replace("_", "-"))
    errors = dict(_wrong(form, known))
    if form.how == COPY and form.source not in known:
        errors["source"] = "Choose the questionnaire to copy."
    if form.how == EMPTY:
        errors |= _wrong_of_empty(form)
    if errors:
        raise BeginningError(replace(form, errors=errors))
    if form.how == EMPTY:
        return _empty(form)
    data = shape.normal(known[form.source].definition.to_dict())
    if form.title:
        data["title"] = with_text(data.get("title", {}), data["languages"][0], form.title)
    return {**data, "code": form.code}


def _wrong(form: Beginning, known: Mapping[str, Version]) -> dict[str, str]:
    if not re.fullmatch(naming.NAME, form.code) or form.code in TAKEN:
        return {"code": "A code has small letters, digits, _ and -, and begins with a letter; at most 80 characters."}
    if form.code in known:
        return {"code": f"There is a questionnaire {form.code} already. To change it, make its next version."}
    return {}


def _wrong_of_empty(form: Beginning) -> dict[str, str]:
    found = {}
    if not form.title:
        found["title"] = "Give it a title."
    if form.role not in list(Role):
        found["role"] = "Choose whom it asks."
    if not LANGUAGE.fullmatch(form.language):
        found["language"] = "Enter a code such as en, fr or pt-BR."
    return found


def _empty(form: Beginning) -> Data:
    return {
        "code": form.code,
        "role": form.role,
        "languages": [form.language],
        "strata": ["role"],
        "minutes": 5,
        "title": {form.language: form.title},
        "sections": [],
    }


def _of_file(form: Beginning) -> Data:
    if not form.filename:
        raise BeginningError(form.with_error("file", "Choose a file."))
    if form.content is None:
        raise BeginningError(form.with_error("file", f"{form.filename} is not a text in UTF-8."))
    document = yamlfile.parse(form.content, form.filename)
    try:
        data = shape.normal(library.expand(document.data, library.bank()))
    except DefinitionError as error:
        raise DefinitionError(error.problems, document.name, document.line) from None
    code = form.code or str(data.get("code", ""))
    if wrong := _wrong(replace(form, code=code), {}):
        raise BeginningError(replace(form, errors=wrong))
    return {**data, "code": code}
