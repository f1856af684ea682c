"""What is the same for each of the thousands of applications that the tests make is worked out once."""

import gc
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_builders: dict[tuple[Any, ...], Callable[..., Any]] = {}
_compile = Rule._compile_builder


class _Compiled(BytecodeCache):
    """Templates as Python code. A bucket notices by itself when its template has changed."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_templates = _Compiled()


def share_templates(app: Flask) -> None:
    """Lets an application use what another has compiled of the same templates."""
    app.jinja_env.bytecode_cache = _templates


def share_rules() -> None:
    """Lets all applications of this process share the functions that build addresses: a fifth of a second for each."""
    Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def collect_less() -> None:
    """Lets the collector leave alone what stays until the end, and look less often: it took a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
