"""What is accepted from the pages about accounts."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms import PasswordField
from wtforms import StringField
from wtforms.validators import EqualTo
from wtforms.validators import InputRequired
from wtforms.validators import Length


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = StringField("E-mail address", [InputRequired("Enter your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=1000)])
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    present = PasswordField("Present password", [InputRequired("Enter your present password."), Length(max=1000)])
    new = PasswordField("New password", [InputRequired("Enter a new password."), Length(max=1000)])
    again = PasswordField(
        "New password again",
        [InputRequired("Enter the new password again."), EqualTo("new", "The two new passwords differ.")],
    )
