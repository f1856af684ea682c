"""What is accepted from the pages about events."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from flask_wtf.file import FileRequired


class UploadForm(FlaskForm):  # type: ignore[misc]
    file = FileField("Attendee list", [FileRequired("Choose a file.")])
