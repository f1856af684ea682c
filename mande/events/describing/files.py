"""Taking the description of an event, from a YAML file or from a command, into the database."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from mande.events.describing import storing
from mande.events.describing.described import EventFileError
from mande.events.describing.described import parse
from mande.events.models import Event


def load_event(session: Session, path: Path | str, actor: str | None = None) -> Event:
    """The event that the YAML file describes, made, or brought up to date if its code is known.

    Meetings are found again by their code, stakeholder groups by their name and outcomes by their place. Raises
    EventFileError that lists every problem; OSError where the file cannot be read.
    """
    text = Path(path).read_text(encoding="utf-8-sig")
    return storing.save(session, parse(read_yaml(text, str(path)), str(path)), actor)


def read_yaml(text: str, source: str) -> Any:
    """What the YAML text holds. Raises EventFileError where it is no YAML, or says one thing twice."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise EventFileError([" ".join(str(error).split())], source) from error


class _Loader(yaml.SafeLoader):
    """YAML in which a name may be given only once: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(name, deep=True) for name, _value in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)
