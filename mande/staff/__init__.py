from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
