"""What the team types to ask a colleague in the name of an owner."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from werkzeug.datastructures import MultiDict
from wtforms import RadioField

from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import RequestKind
from mande.followup.requesting.request_forms import AskForm
from mande.followup.requesting.request_rules import Refusal


class AskInNameForm(AskForm):
    """The same question; of several owners the one who asks is chosen."""

    owner = RadioField(
        N_("Who asks?"),
        invalid_value_message=N_("Choose the owner who asks."),
        invalid_choice_message=N_("Choose the owner who asks."),
    )

    def __init__(self, owners: Sequence[ActionOwner], typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed, RequestKind.TAKE_OVER)
        self.name.label.text = _("The colleague's name")
        self.address.label.text = _("The colleague's e-mail address")
        self.kind.label.text = _("What does the owner ask?")
        self.kind.choices = [
            (RequestKind.TAKE_OVER, _("To take it over")),
            (RequestKind.JOIN, _("To do it together")),
            (RequestKind.NAME, _("To be named with it")),
        ]
        self._links = {str(one.link_id): one.link for one in owners}
        self.owner.choices = [(identity, link.person.name) for identity, link in self._links.items()]
        if typed is None:
            self.owner.data = str(owners[0].link_id)

    def refuse(self, refusal: Refusal) -> None:
        if refusal is Refusal.OWN_ADDRESS:
            self.address.errors = [_("This is the address of the owner who asks.")]
        else:
            super().refuse(refusal)

    def asker(self) -> FollowupLink:
        """The link of the owner in whose name it is asked, once the form is valid."""
        return self._links[self.owner.data]
