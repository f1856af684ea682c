"""Figures as a language writes them. Pure."""

from babel.numbers import format_decimal
from babel.numbers import format_percent


def percent(share: float, language: str) -> str:
    """A share from 0 to 1, without decimals: 38%."""
    return str(format_percent(share, locale=_locale(language)))


def decimal(value: float, digits: int, language: str) -> str:
    """A number with so many decimals: 4.25."""
    return str(format_decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), locale=_locale(language)))


def signed(value: float, language: str) -> str:
    """A whole number with its sign: +42, −7."""
    return str(format_decimal(round(value) + 0, "+#,##0;−#,##0" if round(value) else "0", locale=_locale(language)))


def _locale(language: str) -> str:
    return language.replace("-", "_")
