"""Makes a PNG of an SVG, in the letters of our documents: the drawing becomes a page, and the page a picture."""

from base64 import b64encode
from io import BytesIO
from xml.etree import ElementTree

import pypdfium2
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from mande.pdf import fonts
from mande.pdf.loading import OurFetcher

_POINTS_A_PIXEL = 0.75
MOST = 20_000
"""Units of a side."""


def make(svg: str, width: int) -> bytes:
    """The PNG, `width` pixels wide and as high as it has to be. Raises ValueError where the drawing has no size."""
    wide, high = size(svg)
    data = b64encode(svg.encode()).decode()
    style = (
        f"{fonts.faces()} @page {{ size: {wide:g}px {high:g}px; margin: 0 }} body {{ margin: 0 }}"
        f" img {{ display: block; width: {wide:g}px; height: {high:g}px }}"
    )
    page = f'<style>{style}</style><img alt="" src="data:image/svg+xml;base64,{data}">'
    pdf = HTML(string=page, url_fetcher=OurFetcher({})).write_pdf(font_config=FontConfiguration())
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=width / (wide * _POINTS_A_PIXEL)).to_pil()
    made = BytesIO()
    image.convert("RGB").save(made, "PNG", optimize=True)
    return made.getvalue()


def size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing by its view box, else as it says. Raises ValueError where it has neither."""
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314
        sides = root.get("viewBox", "").replace(",", " ").split()[-2:] or [
            root.get(name, "").removesuffix("px") for name in ("width", "height")
        ]
        wide, high = map(float, sides)
    except (ElementTree.ParseError, ValueError) as error:
        raise ValueError("the drawing has no view box and no size.") from error
    if not (0 < wide < MOST and 0 < high < MOST):
        raise ValueError("the drawing has no size.")
    return wide, high
