"""What an owner types to ask a colleague, and what a colleague says with their yes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms import Form
from wtforms import RadioField
from wtforms import ValidationError

from mande.events import addresses
from mande.followup import wording
from mande.followup.models import ActionRequest
from mande.followup.models import RequestKind
from mande.followup.models import Visibility
from mande.followup.owning.fields import Text
from mande.followup.requesting import request_words
from mande.followup.requesting.answering_requests import Consent
from mande.followup.requesting.request_rules import Refusal
from mande.followup.requesting.request_rules import has_link
from mande.followup.requesting.requests import Question
from mande.languages import INTERFACE

NAME_LENGTH = 200
ADDRESS_LENGTH = 254
# At which field the page says why nobody can be asked; elsewhere it is said of the whole.
_ABOUT_ADDRESS = (Refusal.OWN_ADDRESS, Refusal.DECLINED, Refusal.ASKED_ALREADY)


class AskForm(Form):  # type: ignore[misc]
    """One question to one colleague."""

    kind = RadioField(
        N_("What do you ask?"),
        coerce=RequestKind,
        default=RequestKind.JOIN,
        invalid_value_message=N_("Choose what you ask."),
        invalid_choice_message=N_("Choose what you ask."),
    )
    name = Text(N_("Your colleague's name"), NAME_LENGTH, one_line=True)
    address = Text(N_("Your colleague's e-mail address"), ADDRESS_LENGTH, one_line=True)

    def __init__(self, typed: MultiDict[str, str] | None = None, chosen: str = "") -> None:
        super().__init__(typed, data={"kind": chosen} if chosen in list(RequestKind) else None)
        self.kind.choices = [(value, request_words.kind(value)) for value in RequestKind]
        self.problem: str | None = None

    def validate_name(self, field: Text) -> None:
        _check_name(field.data, _("Write your colleague's name."))

    def validate_address(self, field: Text) -> None:
        if not addresses.read_one(field.data)[0]:
            raise ValidationError(_("Write one e-mail address, like name@example.org."))

    def question(self) -> Question:
        """What was typed, once it is valid."""
        return Question(self.kind.data, self.name.data, addresses.read_one(self.address.data)[0])

    def refuse(self, refusal: Refusal) -> None:
        """Says why nobody is asked, where it belongs."""
        if refusal in _ABOUT_ADDRESS:
            self.address.errors = [request_words.refusal(refusal)]
        else:
            self.problem = request_words.refusal(refusal)

    def all_errors(self) -> list[tuple[str, str]]:
        """Each error with the id of its field, from the top of the page to its end."""
        whole = [("asking", self.problem)] if self.problem else []
        return whole + [(field.id, message) for field in self for message in field.errors]


class AgreeForm(Form):  # type: ignore[misc]
    """What somebody says with their yes. Who is named only has no more to say than their name."""

    name = Text(N_("Your name"), NAME_LENGTH, one_line=True)
    visibility = RadioField(
        N_("Who may see this?"),
        coerce=Visibility,
        default=Visibility.PARTNERS_WITHOUT_NAME,
        invalid_value_message=N_("Choose who may see this."),
        invalid_choice_message=N_("Choose who may see this."),
    )
    consent = BooleanField(N_("Yes, you may ask me by e-mail how this is going"))

    def __init__(self, request: ActionRequest, is_known: bool, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed, data={"name": request.to_name})
        self.visibility.choices = [
            (value, wording.visibility(value))
            for value in (Visibility.PARTNERS_WITHOUT_NAME, Visibility.PARTNERS_BY_NAME, Visibility.TEAM)
        ]
        self.problem: str | None = None
        if request.kind is RequestKind.NAME:
            del self.visibility, self.consent
        elif is_known:
            del self.name

    def validate_name(self, field: Text) -> None:
        _check_name(field.data, _("Write your name."))

    def given(self, language: str) -> Consent:
        """What was said, once it is valid. `language` is the one that the page was read in."""
        told: Mapping[str, Any] = self.data
        return Consent(
            name=told.get("name", ""),
            visibility=told.get("visibility", Visibility.TEAM),
            consent=told.get("consent", False),
            language=language if language in INTERFACE else None,
        )

    def all_errors(self) -> list[tuple[str, str]]:
        """Each error with the id of its field, from the top of the page to its end."""
        whole = [("answer", self.problem)] if self.problem else []
        return whole + [(field.id, message) for field in self for message in field.errors]


def _check_name(name: str, missing: str) -> None:
    if not name:
        raise ValidationError(missing)
    if has_link(name):
        raise ValidationError(_("A name holds neither a web address nor an e-mail address."))
