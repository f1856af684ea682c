"""Questionnaires on paper: a PDF to print, and the sheets that come back."""
