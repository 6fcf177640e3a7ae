"""What cannot be reported once letters have gone is never called nothing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from answering import answering
from mailings import MailingFolder, row
from reliability.conftest import Start
from reliability.harness import Api
from waiting import output_of

from batchsend.errors import BatchsendError
from batchsend.operations import send as sending

windows_keeps_it = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps a folder whose files are open"
)


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.mark.slow
@windows_keeps_it
def test_the_folder_of_the_report_goes_meanwhile(
    mailing: MailingFolder, start: Start, elsewhere: Path
) -> None:
    mailing.write(*(row(number) for number in range(1, 31)))
    ledger = ("--ledger", str(mailing.folder / "own.sqlite"))
    with answering(lambda came: len(came) == 1 and shutil.rmtree(elsewhere)) as address:
        report = ("--report", str(elsewhere / "report.csv"))
        process = start(*report, *ledger, base_url=address)
        output = output_of(process)
    assert process.returncode == 1, output
    assert "there is no folder" in output
    command = f"batchsend report {mailing.path} --ledger {ledger[1]} --report FILE"
    assert command in output
    assert mailing.run(*command.split()[1:2], *ledger).exit_code == 0
    assert set(mailing.statuses().values()) == {"accepted"}


@pytest.mark.slow
@windows_keeps_it
def test_the_whole_mailing_goes_meanwhile(
    mailing: MailingFolder, start: Start, tmp_path: Path
) -> None:
    mailing.write(*(row(number) for number in range(1, 31)))
    with answering(lambda came: len(came) == 1 and shutil.rmtree(tmp_path)) as address:
        process = start(base_url=address)
        output = output_of(process)
    assert process.returncode == 1, output
    assert "Traceback" not in output
    assert "Letters may have gone" in output
    assert "moved or deleted while in use" in output


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(BatchsendError("The ledger is gone."), "The ledger is gone.", id="in words"),
        pytest.param(OSError("no such disk"), "no such disk", id="by the system"),
        pytest.param(KeyboardInterrupt(), "it was interrupted", id="Ctrl-C"),
    ],
)
def test_whatever_keeps_it_from_being_counted(
    mailing: MailingFolder,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    said: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(sending, "write_receipt", fail)
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 1
    assert "Letters may have gone" in result.output
    assert said in result.output
    monkeypatch.undo()
    assert mailing.run("report").exit_code == 0
    assert set(mailing.statuses().values()) == {"accepted"}
