"""A second person: nothing real is sent that no other user has approved as it is."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer

from batchsend.operations import approve as approving
from batchsend.system_user import system_user

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files have no such owners there")
ANOTHER = 65534


def send(mailing: MailingFolder, api: Api, *options: str) -> tuple[int, str]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", *options)
    return result.exit_code, " ".join(result.output.split())


def approve(mailing: MailingFolder) -> None:
    result = mailing.run("approve", "--yes")
    assert result.exit_code == 0, result.output


@pytest.fixture
def mailing(mailing: MailingFolder) -> MailingFolder:
    mailing.edit("[send]", "[send]\napproval = true")
    return mailing


class TestInAFile:
    @pytest.fixture(autouse=True)
    def _two_users(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever cannot give a file away lets another send."""
        self.root = os.getuid() == 0
        self.patch = monkeypatch

    def by_another(self, mailing: MailingFolder) -> Path:
        approve(mailing)
        path = mailing.folder / "approval.json"
        if self.root:
            os.chown(path, ANOTHER, -1)
        else:
            self.patch.setattr(approving, "_sender", lambda: os.getuid() + 1)
        return path

    def test_nobody_has_approved(self, mailing: MailingFolder, api: Api) -> None:
        code, said = send(mailing, api)
        assert code == 2
        assert "nobody has approved" in said
        assert "batchsend approve" in said
        assert not api.taken()

    def test_one_account_for_both_is_refused(self, mailing: MailingFolder, api: Api) -> None:
        approve(mailing)
        code, said = send(mailing, api)
        assert code == 2
        assert "Two persons are needed" in said
        assert not api.taken()

    @pytest.mark.slow
    def test_it_says_who_approved_and_when_and_who_may_send(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        told = mailing.run("approve", "--yes").output
        assert f"must be another user than {system_user()}" in told
        path = mailing.folder / "approval.json"
        kept = json.loads(path.read_bytes())
        assert kept["by"] == system_user()
        assert datetime.now(UTC) - datetime.fromisoformat(kept["at"]) < timedelta(minutes=5)
        # One that says neither, as it was written before, opens; and what it says makes nobody.
        for said in ({}, {"by": "somebody else", "at": kept["at"]}):
            path.write_text(json.dumps({**said, "approves": kept["approves"]}))
            assert "Two persons are needed" in send(mailing, api)[1]
        if self.root:
            os.chown(path, ANOTHER, -1)
            assert send(mailing, api)[0] == 0

    def test_where_nobody_asks_for_it_that_is_said(self, mailing: MailingFolder) -> None:
        mailing.edit("approval = true\n", "")
        told = mailing.run("approve", "--yes").output.replace("\n", " ")
        assert "approval is not set" in told
        assert "anyone can send the mailing" in told

    def test_what_another_approved_is_sent_and_the_run_names_them(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        self.by_another(mailing)
        code, said = send(mailing, api)
        assert code == 0, said
        assert len(api.taken()) == 6

    @pytest.mark.slow
    def test_what_is_left_after_a_stop_is_sent(self, mailing: MailingFolder, api: Api) -> None:
        self.by_another(mailing)
        assert send(mailing, api, "--limit", "2")[0] == 1
        assert send(mailing, api)[0] == 0
        assert len(api.taken()) == 6

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("list", "The list has changed"),
            ("template", "The template"),
            ("corrections", "The corrections have changed"),
            ("settings", "What mailing.toml says"),
            ("prices", "What mailing.toml says"),
            ("exclude", "are not among"),
        ],
    )
    def test_what_changed_is_said(
        self, mailing: MailingFolder, api: Api, change: str, said: str
    ) -> None:
        paid = mailing.folder / "paid.csv"
        paid.write_text("kundenr\n1001\n1002\n", "utf-8")
        excluded = '[[list.exclude]]\npath = "paid.csv"\nmatch = "kundenr"\n'
        mailing.path.write_text(mailing.path.read_text("utf-8") + excluded, "utf-8")
        self.by_another(mailing)
        if change == "exclude":
            paid.write_text("kundenr\n1001\n1003\n", "utf-8")
        elif change == "prices":
            prices = "[prices]\nPRINT = 20\n"
            mailing.path.write_text(mailing.path.read_text("utf-8") + prices, "utf-8")
        elif change == "list":
            mailing.write(*(row(number) for number in range(1, 8)))
        elif change == "template":
            template = mailing.folder / "letter.html"
            template.write_text(template.read_text("utf-8").replace("skylder", "får"), "utf-8")
        elif change == "corrections":
            (mailing.folder / "corrections.jsonl").write_text("")
        else:
            mailing.edit('Name = "Utleier AS"', 'Name = "Utleier 2 AS"')
        code, output = send(mailing, api)
        assert code == 2, output
        assert said in output
        assert not api.taken()

    def test_a_letter_of_the_same_list_that_was_not_approved(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        """As when the facts were made of less than is sent now."""
        path = self.by_another(mailing)
        text = path.read_text("utf-8")
        each = text.partition('"each":"')[2].partition('"')[0]
        owner = path.stat().st_uid
        if self.root:
            os.chown(path, os.getuid(), -1)
        path.write_text(text.replace(each, ""), "utf-8")
        if self.root:
            os.chown(path, owner, -1)
        code, said = send(mailing, api)
        assert code == 2
        assert "6 of the letters are not among" in said

    def test_a_file_that_others_can_change_approves_nothing(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        path = self.by_another(mailing)
        path.chmod(0o666)
        code, said = send(mailing, api)
        assert code == 2
        assert "can be changed by others" in said

    def test_a_link_approves_nothing(self, mailing: MailingFolder, api: Api) -> None:
        path = self.by_another(mailing)
        path.rename(mailing.folder / "elsewhere.json")
        path.symlink_to(mailing.folder / "elsewhere.json")
        assert send(mailing, api)[0] == 2
        assert not api.taken()

    def test_another_mailings_approval_is_none(self, mailing: MailingFolder, api: Api) -> None:
        self.by_another(mailing)
        mailing.edit('name = "test"', 'name = "other"')
        code, said = send(mailing, api)
        assert code == 2
        assert "another mailing, test" in said

    @pytest.mark.slow
    def test_a_rehearsal_needs_nobody(self, mailing: MailingFolder) -> None:
        result = mailing.run("send", "--sandbox")
        assert result.exit_code == 0, result.output

    def test_no_approval_without_being_asked(self, mailing: MailingFolder) -> None:
        result = mailing.run("approve")
        assert result.exit_code == 2
        assert not (mailing.folder / "approval.json").exists()


class TestInADatabase:
    @pytest.fixture
    def approver(self, mailing: MailingFolder, postgres: PostgresServer) -> str:
        """The same ledger, for another user of the database."""
        place = postgres.new_place()
        mailing.keep_ledger_at(place)
        assert mailing.run("send", "--sandbox").exit_code == 0
        schema = place.partition("search_path%3D")[2]
        with psycopg.connect(postgres.address, autocommit=True) as connection:
            role = f"second_{schema}"
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'second'")
            connection.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}")
            connection.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"
            )
        tail = place.partition("@")[2]
        return f"postgresql+psycopg://{role}:second@{tail}"

    def as_approver(
        self, mailing: MailingFolder, approver: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as other:
            other.setenv("BATCHSEND_LEDGER_URL", approver)
            approve(mailing)

    @pytest.mark.slow
    def test_another_user_of_the_database(
        self,
        mailing: MailingFolder,
        api: Api,
        approver: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        code, said = send(mailing, api)
        assert (code, "nobody has approved" in said) == (2, True), said
        self.as_approver(mailing, approver, monkeypatch)
        assert send(mailing, api, "--limit", "2")[0] == 1
        code, said = send(mailing, api)
        assert code == 0, said
        assert len(api.taken()) == 6
        assert not (mailing.folder / "approval.json").exists()

    @pytest.mark.slow
    def test_the_database_says_who_and_lets_nobody_change_it(
        self,
        mailing: MailingFolder,
        api: Api,
        approver: str,
        postgres: PostgresServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.as_approver(mailing, approver, monkeypatch)
        schema = approver.partition("search_path%3D")[2]
        with psycopg.connect(postgres.address, autocommit=True) as connection:
            connection.execute(f"SET search_path TO {schema}")
            # The sender writes that somebody else has approved: the database knows better.
            connection.execute(
                "INSERT INTO approvals (mailing, approved_by, approved_at, facts) "
                "SELECT mailing, 'somebody', approved_at, facts FROM approvals"
            )
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
                connection.execute("UPDATE approvals SET approved_by = 'somebody'")
        code, said = send(mailing, api)
        assert code == 2
        assert "Two persons are needed" in said
        assert not api.taken()

    @pytest.mark.slow
    def test_one_user_for_both_is_refused(
        self, mailing: MailingFolder, api: Api, approver: str
    ) -> None:
        approve(mailing)
        code, said = send(mailing, api)
        assert code == 2
        assert "Two persons are needed" in said
