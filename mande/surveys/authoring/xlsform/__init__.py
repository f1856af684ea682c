"""XLSForm, the spreadsheet format of KoboToolbox, ODK, Ona and their kin: questionnaires to it and from it.

A form is three tables of text cells, "survey", "choices" and "settings" (https://xlsform.org). What it has no place for
goes into columns of our own, which other programs ignore, so that what we wrote is read back the same. What cannot be
carried over, in either direction, is listed (see `carried`).
"""

Table = list[list[str]]
Tables = dict[str, Table]
"""The sheets of a workbook by name, each a list of rows of cells, the header first. An empty cell is ""."""
