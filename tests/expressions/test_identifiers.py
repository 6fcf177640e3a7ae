"""KID numbers and masked national ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from batchsend.errors import RenderingError
from batchsend.expressions import kid
from batchsend.masking import masked, masked_in_text


@pytest.mark.parametrize(
    ("national_id", "shown"),
    [
        ("01857212345", "018572*****"),
        ("018572 12345", "018572 *****"),
        ("1857212345", "18572*****"),  # lost its zero: one digit less to show
        ("19640823-3234", "196408**-****"),
        ("640823-3234", "64082*-****"),
        ("131052-308T", "13105*-****"),
        ("010572xxxxx", "010572*****"),
        ("12345", "*****"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_masked(national_id: str, shown: str) -> None:
    assert masked(national_id) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("01857212345", "018572*****"),
        ("“018572 12345” is not a date", "“018572 *****” is not a date"),
        ("018572\u00a012345", "018572\u00a0*****"),
        ("1857212345.", "18572*****."),
        ("0101721234", "01017*****"),
        ("010172-1234", "01017*-****"),
        ("010172 1234", "01017* ****"),
        ("6408233234", "64082*****"),
        ("640823-3234 og 640823+3234", "64082*-**** og 64082*+****"),
        ("640823–3234", "64082*–****"),
        ("19640823-3234", "196408**-****"),
        ("196408233234", "196408******"),
        ("131052-308T", "13105*-****"),
        ("131052A308t", "131052*****"),
        ("invoices/01857212345_1.pdf", "invoices/018572*****_1.pdf"),
        ("'\\n01857212345kr'", "'\\n018572*****kr'"),
        ("order 1234567, 987654321", "order 1234567, 987654321"),
        ("KID 0123456789012", "KID 0123456789012"),
        ("1 234 567,50 den 2026-03-15 00:00:00", "1 234 567,50 den 2026-03-15 00:00:00"),
        ("", ""),
    ],
)
def test_masked_in_text(text: str, shown: str) -> None:
    assert masked_in_text(text) == shown


@given(st.text(alphabet="0123456789- ", max_size=30))
def test_masked_never_shows_the_last_five_digits(text: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    hidden = [sign for sign in shown if sign.isdigit() or sign == "*"][-5:]
    assert set(hidden) <= {"*"}


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("1234567", {}, "12345674"),
        ("1234567", {"width": 12}, "000012345674"),
        (" 123 4567 ", {}, "12345674"),
        (1234567, {}, "12345674"),
        ("123456789", {"method": "mod11"}, "1234567892"),
        ("6", {"method": "mod11"}, "6-"),
        ("0", {}, "00"),
    ],
)
def test_kid(value: object, options: dict[str, object], expected: str) -> None:
    assert kid(value, **options) == expected  # type: ignore[arg-type]  # a table of options


@given(st.from_regex(r"[0-9]{1,24}", fullmatch=True))
def test_kid_has_a_luhn_check_digit(digits: str) -> None:
    assert luhn.is_valid(kid(digits))


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ("A123", {}, "not digits only"),
        ("", {}, "not digits only"),
        ("12²", {}, "not digits only"),
        ("1" * 25, {}, "too long"),
        ("12345", {"width": 5}, "too long"),
        ("123", {"width": 30}, "too long"),
        ("123", {"method": "mod97"}, "mod97"),
    ],
)
def test_kid_refuses(value: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(RenderingError, match=message):
        kid(value, **options)  # type: ignore[arg-type]  # a table of options
