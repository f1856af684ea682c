"""All tables in one place, for the migrations and for tests that compare them with the models."""

from mande.db import Model
from mande.events import models as events
from mande.followup import models as followup
from mande.followup.desk import models as tracking
from mande.mail import models as mail
from mande.reports import models as reports
from mande.staff import models as staff
from mande.surveys import models as surveys

metadata = Model.metadata

__all__ = ["events", "followup", "mail", "metadata", "reports", "staff", "surveys", "tracking"]
