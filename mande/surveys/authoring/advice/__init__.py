"""What is allowed in a questionnaire, and yet unwise: advice beyond what `checking` refuses."""

from mande.surveys.authoring.advice.advising import advise as advise
from mande.surveys.authoring.advice.audience import TYPICAL as TYPICAL
from mande.surveys.authoring.advice.audience import Audience as Audience
from mande.surveys.authoring.advice.notes import Advice as Advice
from mande.surveys.authoring.advice.notes import Severity as Severity
