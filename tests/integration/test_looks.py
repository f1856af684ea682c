"""Looks of reports: how the team sets them, and that reports have them."""

from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func
from sqlalchemy import select

from mande import db
from mande.reports import looks
from mande.reports.kinds import Paper
from mande.reports.looks import keeping
from mande.reports.models import KeptFile
from mande.reports.models import Look
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders
from tests.unit.test_own_fonts import own_font


def image() -> bytes:
    made = BytesIO()
    Image.new("RGB", (400, 100), "#c8102e").save(made, "PNG")
    return made.getvalue()


def test_a_convenors_look_is_set_previewed_and_taken_away_and_nothing_sent_is_lost(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))
        convenor = builders.make_event(session).convenor
    address = f"/staff/looks/look?convenor={convenor}"

    def send(**data: Any) -> tuple[int, str]:
        usual = {
            "accent": "#0f5c6e",
            "font": "Noto Sans",
            "paper": "a4",
            "logo_text": "",
            "csrf_token": builders.csrf(client),
        }
        answer = client.post(address, data=usual | data, follow_redirects=True)
        return answer.status_code, answer.text

    def look() -> dict[str, Any]:
        with db.reading() as session:
            return looks.of(session, convenor)

    assert "as all convenors" in client.get("/staff/looks").text
    assert "has no look of its own" in client.get(address).text
    assert client.get("/staff/looks/look?convenor=Nobody").status_code == 404
    house = client.post("/staff/looks/look", data={"accent": "#003399", "font": "Noto Serif", "paper": "letter",
                                                   "csrf_token": builders.csrf(client)})  # fmt: skip
    assert house.status_code == 303
    assert look() | {"convenor": ""} == {
        "convenor": "", "accent": "#003399", "font": "Noto Serif", "font_file": None, "logo": None, "logo_text": "",
        "paper": "letter",
    }  # fmt: skip
    with db.reading() as session:
        assert looks.of(session, convenor, Paper.A4)["paper"] == "a4"

    status, page = send(accent="teal", logo=(BytesIO(image()), "logo.png"), font_file=(BytesIO(own_font()), "own.ttf"),
                        logo_text=" The  Park ")  # fmt: skip
    assert status == 400
    assert "Give a colour as #" in page
    assert 'value="teal"' in page
    assert 'value="The Park"' in page
    with db.reading() as session:
        kept = {one.media_type: one.sha256 for one in session.scalars(select(KeptFile))}
        assert session.get(Look, convenor) is None
    logo, font = kept[keeping.LOGO], kept[keeping.FONT]
    assert f'name="logo_kept" value="{logo}"' in page
    assert "Own font: House Sans" in page
    carried = {"accent": "#FFCC00", "logo_kept": logo, "font": "own", "font_kept": font, "logo_text": "The Park"}

    status, page = send(**carried, preview="1")
    assert (status, "reports use the darker #866b0e" in page) == (200, True)
    assert f"/staff/looks/logo/{logo}" in page
    assert client.get(f"/staff/looks/logo/{logo}").mimetype == "image/png"
    assert client.get(f"/staff/looks/logo/{font}").status_code == 404
    assert look()["accent"] == "#003399"

    status, page = send(**carried)
    assert "published editions stay as they are" in page
    found = look()
    assert (found["accent"], found["font"], found["logo_text"]) == ("#ffcc00", "House Sans", "The Park")
    with db.reading() as session:
        assert set(looks.files(session, found)) == {f"kept:{logo}", f"kept:{font}"}
    assert "font of its own" in client.get("/staff/looks").text

    for field, wrong, problem in [
        ("font_file", (BytesIO(b"GIF"), "a.ttf"), "not a TTF"),
        ("logo", (BytesIO(b"GIF"), "a.png"), "not a PNG"),
        ("font", "Comic Sans", "Choose a font."),
        ("paper", "a0", "Choose A4 or Letter."),
        ("font_kept", "0" * 64, "Choose the file of your font."),
    ]:
        status, page = send(**carried | {field: wrong})
        assert (status, problem in page) == (400, True)

    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
    assert send(**carried | {"logo": (BytesIO(drawing), "logo.svg")})[0] == 200
    assert look()["logo"] not in (None, found["logo"])
    assert send(**carried, no_logo="y")[0] == 200
    assert look()["logo"] is None
    removed = client.post(f"/staff/looks/look/remove?convenor={convenor}", data={"csrf_token": builders.csrf(client)})
    assert removed.status_code == 303
    assert look()["accent"] == "#003399"
    with db.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("look%"))).all()
        assert session.scalar(select(func.count()).select_from(KeptFile)) == 3
    assert sorted(set(done)) == ["look of reports set", "look of reports taken away"]


def test_a_viewer_sees_looks_and_sets_none(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))
    page = client.get("/staff/looks/look").text

    assert '<fieldset class="bare" disabled>' in page
    assert "Save the look" not in page
    assert client.post("/staff/looks/look", data={"csrf_token": builders.csrf(client)}).status_code == 403
