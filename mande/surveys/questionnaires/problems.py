"""What is wrong with a questionnaire, and where."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where something is in a questionnaire: ("sections", 0, "questions", 2, "text")."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    path: Path
    message: str

    def __str__(self) -> str:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        return f"{place}: {self.message}" if place else self.message
