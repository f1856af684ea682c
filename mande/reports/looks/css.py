"""A look as CSS: the same variables for the printed page and for the web page. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mande.pdf import fonts
from mande.reports.looks import palette


def variables(look: Mapping[str, Any]) -> str:
    """The rule of :root with --accent, --deep, --pale, --wash, --ink, --quiet, --line, --track, --warm, --warm-pale,
    --scale5-1 to --scale5-5, --scale7-1 to --scale7-7 and --font; and before it the @font-face rules of a font that is
    not there anyway (see `fonts.faces`).
    """
    said = {"font": ", ".join(f'"{name}"' for name in dict.fromkeys((look["font"], fonts.LATIN, fonts.ARABIC)))}
    for name, value in asdict(palette.of(look["accent"])).items():
        if isinstance(value, str):
            said[name.replace("_", "-")] = value
        else:
            said |= {f"{name}-{point}": colour for point, colour in enumerate(value, 1)}
    rules = "; ".join(f"--{name}: {value}" for name, value in said.items())
    return f"{_face(look)}:root {{ {rules} }}\n"


def _face(look: Mapping[str, Any]) -> str:
    if look["font_file"]:
        return f'@font-face {{ font-family: "{look["font"]}"; src: url("{look["font_file"]}"); }}\n'
    return "" if look["font"] == fonts.LATIN else fonts.faces((look["font"],))
