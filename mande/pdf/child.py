"""The child process that makes one PDF: it limits its own memory and time before it looks at the page, opens no
connection, and reads no file but our fonts.
"""

import logging
import resource
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlsplit

from mande.pdf import frames

MEMORY = 3 * 1024**3
CPU_SECONDS = 100


def limit() -> None:
    """Memory and processor time of this process, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def allowed(url: str, folders: tuple[Path, ...]) -> bool:
    """Whether a page may refer to `url`: data within the page itself, or a file in one of our folders."""
    parts = urlsplit(url)
    if parts.scheme == "data":
        return True
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(unquote(parts.path)).resolve()
    return any(path.is_relative_to(folder) for folder in folders)


def make(html: str) -> bytes:
    """The PDF of a page, tagged as PDF/UA-1 asks."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError
    from weasyprint.urls import URLFetcher

    from mande.pdf import fonts

    folders = fonts.folders()

    class OurFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not allowed(url, folders):
                raise FatalURLFetchingError(f"the page refers to {url[:80]}, which a document may not load.")
            return super().fetch(url, headers)

    fetcher = OurFetcher(allowed_protocols=["file", "data"], allow_redirects=False)
    page = HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration())
    return pdf


def load() -> None:
    """Loads what making a PDF needs, so that children have it from the beginning."""
    import weasyprint  # noqa: F401

    from mande.pdf import fonts

    fonts.folders()
    logging.getLogger("fontTools").setLevel(logging.ERROR)


def work(page: bytes) -> bytes:
    """What becomes of a page, within the limits of this process: DONE and the PDF, or FAILED and why."""
    limit()
    try:
        return frames.DONE + make(page.decode())
    except MemoryError:
        return frames.FAILED + b"it took more memory than a document may."
    except BaseException as error:  # what a page may not load is none of the usual exceptions
        return frames.FAILED + f"{type(error).__name__}: {error}".encode()
