"""Files of every kind that is taken as evidence, and of some that are not, as their bytes."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
OPEN_TEXT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
# Where a photograph was taken, as cameras write it, and by whom.
PLACE, BY, WHEN = 0x8825, 0x013B, 0x0132


def archive(members: Mapping[str, bytes]) -> bytes:
    """An archive with these members."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return made.getvalue()


def photograph(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture as a camera makes it: lying on its side, and telling where, when and by whom it was taken."""
    exif = Image.Exif()
    exif[BY], exif[WHEN], exif[0x0112] = "Ada Photographer", "2021:06:07 12:00:00", 6
    exif.get_ifd(PLACE).update({1: "N", 2: (46.0, 12.0, 0.0)})
    made = BytesIO()
    Image.new("RGB", size, "navy").save(made, kind, exif=exif)
    return made.getvalue()


def form(name: str, content: bytes, **fields: str) -> dict[str, object]:
    """What a test client posts for a form with one file. It would leave a larger one's temporary file open itself."""
    parts = [f'--XX\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
             for field, value in fields.items()]  # fmt: skip
    head = f'--XX\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, content, b"\r\n--XX--\r\n"])
    return {"data": body, "content_type": "multipart/form-data; boundary=XX"}
