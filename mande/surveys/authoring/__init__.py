"""How questionnaires come to be: editor, versions, translations, advice, other programs' formats."""
