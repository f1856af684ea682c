"""How many bytes a page takes over the wire: as served to a browser that takes gzip, headers included."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask.testing import FlaskClient

from benchmarks.timing import Line
from benchmarks.world import World
from mande import languages

BROWSER = [("Accept-Encoding", "gzip, deflate, br"), ("Accept", "text/html")]
_FILES = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Weight:
    """Bytes of a page and of the files it needs. On a first visit both are sent, later the page alone."""

    page: int
    files: int

    @property
    def whole(self) -> int:
        return self.page + self.files


def weigh(client: FlaskClient, address: str) -> Weight:
    """What the page at `address` weighs. Raises ValueError where it is not served as it should be."""
    page, source = _fetch(client, address)
    return Weight(page, sum(_fetch(client, file)[0] for file in sorted(set(_FILES.findall(source)))))


def measure(world: World) -> Iterator[Line]:
    """The pages of a questionnaire in every language of the interface, once it has been begun."""
    client, link = world.app.test_client(use_cookies=False), world.links[0]
    client.post(f"{link}/start", data={"route": "full"})
    numbered = [f"{link}/section/{number}" for number in range(1, 20)]
    pages = [address for address in numbered if client.get(address).status_code == 200] + [f"{link}/check"]
    for language in languages.INTERFACE:
        name = languages.own_name(language)
        first = weigh(client, f"{link}?lang={language}").whole
        later = max(weigh(client, f"{address}?lang={language}").page for address in pages)
        yield Line(f"First load, {name}", f"{first:,} bytes", aim="at most 14,336")
        yield Line(f"Heaviest later page, {name}", f"{later:,} bytes", aim="less than the first load")


def _fetch(client: FlaskClient, address: str) -> tuple[int, str]:
    response = client.get(address, headers=BROWSER, buffered=True)
    if response.status_code != 200 or response.headers.get("Content-Encoding") != "gzip":
        raise ValueError(f"{address} is not served compressed: {response.status}")
    head = f"HTTP/1.1 {response.status}\r\n{response.headers}"
    return len(head.encode()) + len(response.data), gzip.decompress(response.data).decode()
