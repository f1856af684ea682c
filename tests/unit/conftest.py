import pytest
from pytest_socket import disable_socket
from pytest_socket import enable_socket


@pytest.fixture(autouse=True)
def no_sockets():
    """Unit tests speak to nobody."""
    disable_socket()
    yield
    enable_socket()
