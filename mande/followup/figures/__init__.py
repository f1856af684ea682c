"""What planned actions add up to: what is said of each, and the figures of an event, a programme or a year.

`tracked` loads an event's actions; `summary` counts them as they stand. Pure: `courses` (what became of each, and
when), `standing` at the months, `completion` over time, `groups` by theme, role and sector, `parts` for the public.
"""

from mande.followup.figures.summary import Summary as Summary
from mande.followup.figures.summary import summary as summary
from mande.followup.figures.tracked import QUIET_AFTER as QUIET_AFTER
from mande.followup.figures.tracked import Said as Said
from mande.followup.figures.tracked import Tracked as Tracked
from mande.followup.figures.tracked import is_hidden as is_hidden
from mande.followup.figures.tracked import is_named as is_named
from mande.followup.figures.tracked import is_overdue as is_overdue
from mande.followup.figures.tracked import last_said as last_said
from mande.followup.figures.tracked import named_owners as named_owners
from mande.followup.figures.tracked import organisations as organisations
from mande.followup.figures.tracked import owners_of as owners_of
from mande.followup.figures.tracked import track as track
