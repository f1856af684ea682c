"""Questionnaires and parts of them as YAML that people can read, and back. Pure."""

from typing import Any

import yaml

from mande.surveys.questionnaires import yamlfile


class _Dumper(yaml.SafeDumper):
    """Lists stand further in than what holds them, as in the files that are shipped."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def dump(data: Any) -> str:
    """What `read` makes the same data of."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)


def read(text: str, name: str) -> Any:
    """Raises DefinitionError, whose problems say the lines; `name` is what the text is called in them."""
    return yamlfile.parse(text, name).data
