"""Where letters may go, and the one spelling each destination has in the ledger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.errors import SettingsError
from batchsend.sending import destination
from batchsend.sending.address import is_loopback, request_address, safe_address


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        (" HTTPS://API.Example.COM:443/v1/ ", "https://api.example.com/v1"),
        ("\ufeffhttps://api.example.com/v1\u200b\u00a0", "https://api.example.com/v1"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://api.example.com/V1", "https://api.example.com/V1"),
        ("https://blåbær.example", "https://xn--blbr-roah.example"),
        ("https://[2001:DB8:0::1]/", "https://[2001:db8::1]"),
        ("https://api.example.com.", "https://api.example.com"),
        ("https://api.example.com:0443/v1?#", "https://api.example.com/v1"),
        ("https://api.example.com/%76%31/%2e/x/%2E%2e", "https://api.example.com/v1"),
        ("https://api.example.com/a%2fb%c3%a5", "https://api.example.com/a%2Fb%C3%A5"),
        ("https://api.example.com/%252e", "https://api.example.com/%252e"),
        ("https://api.example.com//v1///x//", "https://api.example.com/v1/x"),
        ("https://api.example.com/../v1", "https://api.example.com/v1"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("http://localhost.example.com", "http://localhost.example.com"),
    ],
)
def test_one_spelling(written: str, key: str) -> None:
    assert destination(written) == key
    assert destination(key) == key


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LocalHost.", "me.localhost", "ip6-localhost", "127.0.0.1", "127.0.0.2",
        "127.1", "2130706433", "017700000001", "localhost.localdomain", "0x7f.0.0.1", "0.0.0.0",
        "[::1]", "[0:0:0:0:0:0:0:1]", "[::]",
        "[::ffff:127.0.0.1]", "[::FFFF:7f00:1]",
    ],
)  # fmt: skip
def test_all_names_of_this_machine_are_one(host: str) -> None:
    assert destination(f"http://{host}:8400/%2e") == "http://127.0.0.1:8400"


def test_requests_go_where_the_address_says() -> None:
    assert request_address("http://[::1]:8400/") == "http://[::1]:8400"
    assert request_address("HTTPS://api.example.com:443/a/%2e//") == "https://api.example.com/a/%2e"


segments = st.sampled_from(["v1", "a~b", "å", "x%20y", "a%2Fb", "1;2", "-._~"])
addresses = st.tuples(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["api.example.com", "localhost", "[2001:db8::1]", "xn--blbr-roah.example"]),
    st.none() | st.integers(1, 65535),
    st.lists(segments, max_size=4),
)


def escaped(text: str, which: list[bool]) -> str:
    """`text` with some of its unreserved characters written as escapes, in either case."""
    return "".join(
        f"%{ord(sign):02{'x' if which[0] else 'X'}}" if sign in "v1-._~" and some else sign
        for sign, some in zip(text, which * len(text), strict=False)
    )


@given(addresses, st.data())
def test_equal_addresses_are_one_destination(
    parts: tuple[str, str, int | None, list[str]], data: st.DataObject
) -> None:
    scheme, host, port, path = parts
    plain = f"{scheme}://{host}{f':{port}' if port else ''}/{'/'.join(path)}"

    flags = st.lists(st.booleans(), min_size=1, max_size=5)
    other_host = host.swapcase() if data.draw(st.booleans()) else host
    if not host.startswith("[") and data.draw(st.booleans()):
        other_host += "."
    other_port = port or (data.draw(st.sampled_from([None, {"http": 80, "https": 443}[scheme]])))
    between = st.sampled_from(["/", "//", "/./", "/%2e/", "/gone/../", "/gone/%2E%2e/"])
    other_path = "".join(data.draw(between) + escaped(each, data.draw(flags)) for each in path)
    other = (
        f"{data.draw(st.sampled_from([scheme, scheme.upper()]))}://{other_host}"
        f"{f':{other_port}' if other_port else ''}{other_path}{data.draw(between)}"
    )

    assert destination(other) == destination(plain)
    assert destination(destination(plain)) == destination(plain)


@given(addresses, addresses)
def test_other_addresses_are_other_destinations(
    one: tuple[str, str, int | None, list[str]], other: tuple[str, str, int | None, list[str]]
) -> None:
    def written(scheme: str, host: str, port: int | None, path: list[str]) -> str:
        return f"{scheme}://{host}:{port or {'http': 80, 'https': 443}[scheme]}/{'/'.join(path)}"

    same = written(*one) == written(*other)
    assert (destination(written(*one)) == destination(written(*other))) == same


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
        ("http://localhost.:8400", True),
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
