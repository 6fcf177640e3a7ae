import os
import pwd

import pytest

from batchsend.system_user import system_user


@pytest.fixture(autouse=True)
def _ask_again():
    system_user.cache_clear()
    yield
    system_user.cache_clear()


def test_the_user_is_the_account_and_not_what_a_variable_says(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert system_user() == pwd.getpwuid(os.getuid()).pw_name


def test_an_account_without_a_name_is_known_by_its_number(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 987_654_321)

    assert system_user() == "user 987654321"
