"""What staff write into a report, as HTML that can harm nobody. Pure.

Markdown as CommonMark has it, with tables; no HTML of its own, and links to https: and mailto: alone. What comes of it
is cleaned once more, by a list of what is allowed: images are not on it.
"""

from collections.abc import Iterable
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

SCHEMES = frozenset({"https", "mailto"})
DEEPEST = 6
_TAGS = {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em",
    "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}


def as_html(text: str, heading: int = 3) -> Markup:
    """Markdown as HTML. Headings begin at `heading` and never skip a level, whatever the signs that were typed."""
    parser = _parser()
    tokens = parser.parse(text)
    _deepen(tokens, heading)
    made = parser.renderer.render(tokens, parser.options, {})
    cleaned = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        set_tag_attribute_values={"th": {"scope": "col"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return Markup(cleaned)  # noqa: S704 (only what is on the list is left in it)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_block", "html_inline"])
    parser.validateLink = _may_lead  # type: ignore[assignment, method-assign]
    return parser


def _may_lead(address: str) -> bool:
    return address.strip().lower().partition(":")[0] in SCHEMES


def _deepen(tokens: Iterable[Token], heading: int) -> None:
    """A heading is one deeper than the nearest one above it with fewer signs."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1])
            while above and above[-1] >= typed:
                above.pop()
            above.append(typed)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(heading + len(above) - 1, DEEPEST)}"
