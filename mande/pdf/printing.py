"""Makes a PDF that keeps for good (PDF/A-3a, ISO 19005-3) and can be read by anybody (PDF/UA-1, ISO 14289-1) at once.

WeasyPrint writes one variant or the other. What PDF/UA-1 asks for beside PDF/A-3a is that the document says so, and
PDF/A asks that the words with which it says so are explained: `_CLAIM` does both.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from weasyprint import HTML
from weasyprint import Attachment
from weasyprint.text.fonts import FontConfiguration

from mande.pdf.job import Attached
from mande.pdf.job import Job
from mande.pdf.job import Progress
from mande.pdf.loading import OurFetcher

STEPS = 7
"""WeasyPrint's own: fetching, its style sheets, applying them, boxes, pages, the PDF, what describes it."""

_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

Tell = Callable[[Progress], None]


def make(job: Job, tell: Tell) -> bytes:
    """The PDF of a page, with its files attached. `tell` hears of each step and each page."""
    logger = logging.getLogger("weasyprint.progress")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers = [Teller(tell)]
    fetcher = OurFetcher(job.files)
    fonts = FontConfiguration()
    document = HTML(string=job.text, url_fetcher=fetcher).render(font_config=fonts)
    pages = len(document.pages)
    tell(Progress(STEPS - 1, STEPS, pages))
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a", finisher=_finish, attachments=[_attachment(one, fetcher) for one in job.attached]
    )
    return pdf


def _attachment(one: Attached, fetcher: OurFetcher) -> Any:
    address = f"data:{one.media_type};base64,{b64encode(one.data).decode()}"
    return Attachment(
        url=address, url_fetcher=fetcher, name=one.name, description=one.description, created=one.at, modified=one.at,
        relationship=one.relationship,
    )  # fmt: skip


def _finish(_document: Any, pdf: Any) -> None:
    """Writes the claim to PDF/UA-1 into what describes the document, and has no picture smoothed, as PDF/A asks."""
    described = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    described.stream = [part.replace(b"</rdf:RDF>", _CLAIM + b"</rdf:RDF>") for part in described.stream]
    for one in pdf.objects:
        if "Interpolate" in getattr(one, "extra", ()):
            one.extra["Interpolate"] = "false"


class Teller(logging.Handler):
    """Understands what WeasyPrint says of its progress: "Step 5 - Creating layout - Page 12"."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.tell, self.page = tell, 0

    def emit(self, record: logging.LogRecord) -> None:
        found = re.match(r"Step (\d)(?:.*Page (\d+)$)?", record.getMessage())
        if found:
            # Pages are laid out again where their number changes what is on them: it must not look like going back.
            self.page = max(self.page, int(found[2] or 0))
            self.tell(Progress(min(int(found[1]), STEPS), STEPS, self.page))
