"""What was published before enters the check of what is published next.

The rule for answers: one set of questionnaires has **one form**. What an edition for partners or the public has shown
of a question is shown in the same form by every later one, in whole or in part, so that all editions together tell no
more than the fullest of them, which is safe by itself. That holds whatever has changed between them: k, the breakdown
that was chosen, the questions that were left out, this program. Questionnaires that were closed after an edition are a
lot of their own and are never added to earlier ones.

The rule for planned actions, which go on changing: the public's figures are given anew only if no combination of all
figures ever given to the public rests on fewer than k owners; else the earlier ones are repeated.

`essence` (what an edition tells of a question), `past` (of all of them), `forms` (an earlier form as figures),
`resting` (the search), `marks` (of actions) and `acting` are pure; `reading` reads, `check` puts all to work.
"""
