from flask import Flask
from flask import request
from flask.testing import FlaskClient

from mande import create_app
from tests.conftest import make_settings


def address_seen(database_url: str, proxies: int) -> str:
    app = create_app(make_settings(database_url, proxies=proxies))
    app.add_url_rule("/who", view_func=lambda: request.remote_addr)
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    return app.test_client().get("/who", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}).text


def test_a_forwarded_address_is_believed_only_from_our_own_proxies(database_url: str) -> None:
    assert address_seen(database_url, proxies=0) == "127.0.0.1"
    assert address_seen(database_url, proxies=1) == "203.0.113.9"


def test_every_page_carries_the_headers_that_keep_it_private(client: FlaskClient) -> None:
    response = client.get("/nowhere")

    assert response.status_code == 404
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_an_error_is_explained_in_the_readers_language_and_to_staff_in_english(client: FlaskClient) -> None:
    def explained(path: str, spoken: str) -> str:
        return client.get(path, headers={"Accept-Language": spoken}).text

    assert '<html lang="ar" dir="rtl">' in explained("/nowhere", "ar-EG,ar;q=0.9,en;q=0.5")
    assert "هذه الصفحة غير موجودة" in explained("/nowhere", "ar")
    assert "Esta página no existe" in explained("/nowhere", "es-MX")
    assert "There is no such page" in explained("/nowhere", "sw")
    forged = client.post("/staff/sign-in", headers={"Accept-Language": "ar"})
    assert forged.status_code == 400
    assert "This request could not be understood" in forged.text


def test_the_health_check_asks_the_database(app: Flask, client: FlaskClient) -> None:
    assert client.get("/health").text == "ok"
