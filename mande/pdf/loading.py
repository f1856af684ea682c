"""What a document may load: data within its page, our fonts, and the files that it was given. Nothing else, ever."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlsplit

from weasyprint.urls import FatalURLFetchingError
from weasyprint.urls import URLFetcher
from weasyprint.urls import URLFetcherResponse

from mande.pdf import fonts


class OurFetcher(URLFetcher):  # type: ignore[misc]
    """Loads from the page itself and our fonts' folders, and `files` by their address. Anything else ends the work."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=["file", "data"], allow_redirects=False)
        self.files, self.folders = files, fonts.folders()

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url in self.files:
            return URLFetcherResponse(url, self.files[url])
        if not allowed(url, self.folders):
            raise FatalURLFetchingError(f"the page refers to {url[:80]}, which a document may not load.")
        return super().fetch(url, headers)


def allowed(url: str, folders: tuple[Path, ...]) -> bool:
    """Whether a page may refer to `url`: data within the page itself, or a file in one of our folders."""
    parts = urlsplit(url)
    if parts.scheme == "data":
        return True
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(unquote(parts.path)).resolve()
    return any(path.is_relative_to(folder) for folder in folders)
