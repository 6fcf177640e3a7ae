"""Whatever people do to their folders, ledgers and lists, nobody gets a letter twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from postgres import PostgresServer
from reliability.histories import play
from reliability.post_office import post_office

HISTORIES = int(os.environ.get("BATCHSEND_TEST_HISTORIES", "50"))
"""How many the long proof plays; thousands take an hour."""
AT_ONCE = 25


@pytest.fixture(autouse=True)
def _around_a_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATCHSEND_BASE_URL", raising=False)
    monkeypatch.delenv("BATCHSEND_LEDGER_URL", raising=False)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")


def _play(seed: int, place: Path, monkeypatch: pytest.MonkeyPatch, database: str | None) -> None:
    monkeypatch.setenv("BATCHSEND_DATA", str(place / "data"))
    with post_office() as post:
        try:
            office = play(seed, place / "office", post, database)
        except AssertionError as error:  # `play` looks after each step
            raise AssertionError(f"history {seed}: {error}") from error
    assert len(office.told) >= 4, "every history has some steps"


@pytest.mark.parametrize("seed", [1])
def test_a_history(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _play(seed, tmp_path, monkeypatch, None)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, HISTORIES, AT_ONCE))
def test_histories(first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(first, first + AT_ONCE):
        _play(seed, tmp_path / str(seed), monkeypatch, None)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, HISTORIES // 3, AT_ONCE))
def test_histories_with_the_ledger_on_a_server(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    for seed in range(first, first + AT_ONCE):
        _play(seed, tmp_path / str(seed), monkeypatch, postgres.new_place())
