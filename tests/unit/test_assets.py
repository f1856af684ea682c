"""Static files as they are served: ready compressed, kept by browsers, never stale."""

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask
from flask import url_for
from flask.testing import FlaskClient

from mande import assets

STYLE = "p { color: teal }\n" * 100
PACKED = {"Accept-Encoding": "gzip, deflate, br"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    static.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (static / "page.css").write_text(STYLE)
    (static / "page.js").write_text(STYLE)
    (static / "noise.bin").write_bytes(os.urandom(2000))
    return static


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask("assets", static_folder=str(folder))
    assets.init_app(app)
    return app.test_client()


def address(client: FlaskClient, name: str) -> str:
    with client.application.test_request_context():
        return url_for("static", filename=name)


@pytest.mark.parametrize(("name", "mimetype"), [("page.css", "text/css"), ("page.js", "text/javascript")])
def test_style_and_scripts_come_compressed_to_whoever_can_read_it(
    client: FlaskClient, name: str, mimetype: str
) -> None:
    packed, plain = (client.get(address(client, name), headers=asked) for asked in (PACKED, PLAIN))

    assert gzip.decompress(packed.data) == plain.data == STYLE.encode()
    assert (packed.content_encoding, plain.content_encoding) == ("gzip", None)
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.mimetype == mimetype
    assert packed.headers["Content-Length"] == str(len(packed.data))


def test_a_refusal_of_gzip_is_heeded(client: FlaskClient) -> None:
    assert client.get(address(client, "page.css"), headers={"Accept-Encoding": "gzip;q=0, *;q=0.5"}).text == STYLE


def test_what_does_not_shrink_is_sent_as_it_is(client: FlaskClient, folder: Path) -> None:
    answer = client.get(address(client, "noise.bin"), headers=PACKED)

    assert answer.data == (folder / "noise.bin").read_bytes()
    assert answer.content_encoding is None


@pytest.mark.parametrize("asked", [PACKED, PLAIN])
def test_a_browser_that_has_it_is_told_so_without_a_body(client: FlaskClient, asked: dict[str, str]) -> None:
    first = client.get(address(client, "page.css"), headers=asked)
    again = client.get(address(client, "page.css"), headers={**asked, "If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept-Encoding" in again.vary


def test_a_file_may_be_kept_for_a_year_under_the_address_that_changes_with_it(
    client: FlaskClient, folder: Path
) -> None:
    old = address(client, "page.css")
    assert "immutable" in client.get(old).headers["Cache-Control"]
    path = folder / "page.css"
    path.write_text("p { color: red }")
    os.utime(path, ns=(1, 1))

    new = address(client, "page.css")
    assert new != old
    assert client.get(new).text == "p { color: red }"
    assert client.get(old).headers["Cache-Control"] == client.get("/static/page.css").headers["Cache-Control"]
    assert client.get(old).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["missing.css", "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", ""])
def test_nothing_else_is_given_away(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_asking_for_the_head_alone_says_the_length(client: FlaskClient) -> None:
    head, whole = (
        client.head(address(client, "page.css"), headers=PACKED),
        client.get(address(client, "page.css"), headers=PACKED),
    )

    assert head.data == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
