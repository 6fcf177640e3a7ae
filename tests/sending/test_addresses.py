"""Where letters may go, and the one spelling each destination has in the ledger."""

from __future__ import annotations

import pytest

from batchsend.errors import SettingsError
from batchsend.sending import destination
from batchsend.sending.address import is_loopback, safe_address


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        (" HTTPS://API.Example.COM:443/v1/ ", "https://api.example.com/v1"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://api.example.com/V1", "https://api.example.com/V1"),
        ("https://blåbær.example", "https://xn--blbr-roah.example"),
        ("http://[::1]:8400", "http://[::1]:8400"),
    ],
)
def test_one_spelling(written: str, key: str) -> None:
    assert destination(written) == key
    assert destination(key) == key


@pytest.mark.parametrize(
    "written",
    [
        "",
        "api.example.com",
        "//api.example.com",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "https://",
        "https://user:secret-word@api.example.com",
        "https://api.example.com/?key=secret-word",
        "https://api.example.com/#x",
        "https://api.example.com:port",
        "https://a b.example.com",
        "https://[::1",
        "https://api.example.com/\x00",
    ],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(SettingsError) as caught:
        destination(written)
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://api.example.com", True),
        ("http://127.0.0.1:8400", True),
        ("http://127.9.9.9", True),
        ("http://localhost:8400", True),
        ("http://[::1]:8400", True),
        ("http://api.example.com", False),
        ("http://192.168.1.5", False),
        ("http://0.0.0.0", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://2130706433.example.com", False),
    ],
)
def test_plain_http_only_to_this_machine(address: str, safe: bool) -> None:
    safe_address(address, insecure_http=True, what="base_url")
    if safe:
        safe_address(address, insecure_http=False, what="base_url")
    else:
        with pytest.raises(SettingsError, match="plain http"):
            safe_address(address, insecure_http=False, what="base_url")


def test_loopback_names() -> None:
    assert is_loopback("localhost")
    assert not is_loopback("")
