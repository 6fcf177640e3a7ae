"""Approvals in a PostgreSQL ledger: who approved what, as the database itself knows it.

They have a table of their own, made by the first approval; a ledger in a file has none. The
database writes the user and the time, whatever it is told, and lets nobody change either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, inspect, text

from batchsend.ledger.ledger import Ledger

_MADE = (
    """CREATE TABLE approvals (
        number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        mailing VARCHAR NOT NULL,
        approved_by VARCHAR NOT NULL,
        approved_at TIMESTAMPTZ NOT NULL,
        facts VARCHAR NOT NULL)""",
    """CREATE FUNCTION approvals_sign() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.approved_by := session_user; NEW.approved_at := now(); RETURN NEW; END $$""",
    """CREATE FUNCTION approvals_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING MESSAGE = 'an approval is never changed', ERRCODE = '23000';
        END $$""",
    """CREATE TRIGGER approvals_sign BEFORE INSERT ON approvals
        FOR EACH ROW EXECUTE FUNCTION approvals_sign()""",
    """CREATE TRIGGER approvals_stay BEFORE UPDATE OR DELETE ON approvals
        FOR EACH ROW EXECUTE FUNCTION approvals_stay()""",
    "GRANT SELECT, INSERT ON approvals TO PUBLIC",
)


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval as the database has it."""

    by: str
    """The user of the database who approved."""
    at: datetime
    facts: str
    """What was approved."""


def approve(book: Ledger, mailing: str, facts: str) -> str:
    """Enter an approval of a mailing, by its name; the user of the database who has approved."""
    with book.writing() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('batchsend ledger'))"))
        if not _is_there(connection):
            for statement in _MADE:
                connection.execute(text(statement))
        by: str = connection.execute(
            text(
                "INSERT INTO approvals (mailing, approved_by, approved_at, facts) "
                "VALUES (:mailing, '', now(), :facts) RETURNING approved_by"
            ),
            {"mailing": mailing, "facts": facts},
        ).scalar_one()
    return by


def last_approval(book: Ledger, mailing: str) -> Approved | None:
    """The newest approval of a mailing; None where there is none."""
    with book.writing() as connection:
        if not _is_there(connection):
            return None
        found = connection.execute(
            text(
                "SELECT approved_by, approved_at, facts FROM approvals "
                "WHERE mailing = :mailing ORDER BY number DESC LIMIT 1"
            ),
            {"mailing": mailing},
        ).one_or_none()
    return None if found is None else Approved(*found)


def database_user(book: Ledger) -> str:
    """The user of the database that this process is."""
    with book.writing() as connection:
        name: str = connection.execute(text("SELECT session_user")).scalar_one()
    return name


def _is_there(connection: Connection) -> bool:
    return inspect(connection).has_table("approvals")
