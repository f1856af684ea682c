import gzip

from mande.config import ROOT

SCRIPT = (ROOT / "static" / "answering.js").read_bytes()


def test_the_script_of_the_respondents_pages_is_small() -> None:
    assert len(gzip.compress(SCRIPT, 9)) < 1536


def test_the_script_keeps_nothing_on_the_device_and_speaks_to_no_other_host() -> None:
    for word in (b"http:", b"https:", b"//cdn", b"localStorage", b"sessionStorage", b"indexedDB", b"cookie"):
        assert word not in SCRIPT
