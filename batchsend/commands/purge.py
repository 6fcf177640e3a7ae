"""`batchsend purge`: personal data that is no longer needed goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.invoking.options import ledger_option
from batchsend.commands.printing.output import facts, finish, output_options, say, stdout, warn
from batchsend.language import _, ngettext
from batchsend.mailing import Mailing
from batchsend.operations.person import Forgotten, forget
from batchsend.operations.purge import PurgePlan, purge_plan
from batchsend.operations.purge import purge as purge_mailing

SHOWN = 20
"""So many files of a folder are named one by one."""


@click.command
@click.argument("mailing", type=click.Path(path_type=Path))
@click.option(
    "--older-than",
    type=click.IntRange(0, 36_500),
    metavar="DAYS",
    help="Of runs that began more than this many days ago.",
)
@click.option("--reports", is_flag=True, help="Reports and needs-attention workbooks, too.")
@click.option(
    "--identifier",
    "identifiers",
    multiple=True,
    metavar="ID",
    help="Forget the recipient of this letter, instead; as often as needed.",
)
@click.option("--dry-run", is_flag=True, help="Only list what would go and what stays.")
@ledger_option
@output_options
def purge(  # noqa: PLR0917 - click names them all
    mailing: Path,
    older_than: int | None,
    reports: bool,
    identifiers: tuple[str, ...],
    dry_run: bool,
    ledger: Path | None,
) -> None:
    """Remove personal data of earlier runs, or of one person.

    That is checked lists, rehearsed letters, previews, copies of letters and messages.

    What was sent, and what came of it, stays in the ledger for ever, so that nobody is written to
    twice. Reports stay too, unless you ask with --reports.
    """
    if (older_than is None) == (not identifiers):
        raise click.UsageError(_("Say what is to go: --older-than DAYS, or --identifier ID."))
    loaded = Mailing.load(mailing)
    if identifiers:
        if dry_run or reports:
            raise click.UsageError(
                _(
                    "--identifier goes with neither --reports nor --dry-run; `batchsend "
                    "person` lists what is kept of one person."
                )
            )
        _show_forgotten(forget(loaded, identifiers, ledger=ledger), identifiers)
        return
    assert older_than is not None  # noqa: S101 - one of the two is given
    before = datetime.now(UTC) - timedelta(days=older_than)
    if dry_run:
        planned = purge_plan(loaded, before, ledger=ledger, reports=reports)
        say(stdout(), _("This would go:") if planned.goes else _("No file would go."))
        _show_files(planned.goes)
        _show_stays(planned)
        finish(ExitStatus.DONE, {"before": before, **_files(planned), "removed": None})
        return
    cleared = purge_mailing(loaded, before, ledger=ledger, reports=reports)
    say(
        stdout(),
        _(
            "Removed: {lists}, {documents}, what was said of {letters} and {attempts}, and "
            "{recipients} from the register.",
            lists=ngettext(
                "{number:,} checked list", "{number:,} checked lists", cleared.ledger.snapshots
            ),
            documents=ngettext("{number:,} document", "{number:,} documents", cleared.documents),
            letters=ngettext("{number:,} letter", "{number:,} letters", cleared.ledger.letters),
            attempts=ngettext("{number:,} attempt", "{number:,} attempts", cleared.ledger.attempts),
            recipients=ngettext(
                "{number:,} recipient", "{number:,} recipients", cleared.recipients
            ),
        ),
    )
    _show_files(cleared.plan.goes)
    _show_stays(cleared.plan)
    if cleared.not_cleared:
        warn(cleared.not_cleared)
    removed = {
        "checked_lists": cleared.ledger.snapshots,
        "documents": cleared.documents,
        "letters": cleared.ledger.letters,
        "attempts": cleared.ledger.attempts,
        "registered_recipients": cleared.recipients,
        "archives_of_copies": len(cleared.plan.copies),
        "reports": len(cleared.plan.reports),
    }
    finish(ExitStatus.DONE, {"before": before, **_files(cleared.plan), "removed": removed})


def _files(planned: PurgePlan) -> dict[str, object]:
    return {
        "goes": list(planned.goes),
        "stays": [{"path": each.path, "why": each.why} for each in planned.stays],
    }


def _show_files(paths: Sequence[Path]) -> None:
    """One by one, or by their folder where it has many."""
    in_folder = Counter(path.parent for path in paths)
    for path in paths:
        if in_folder[path.parent] <= SHOWN:
            say(stdout(), f"  {path}")
    for folder, number in in_folder.items():
        if number > SHOWN:
            many = _("{folder}: {number:,} files", folder=folder, number=number)
            say(stdout(), f"  {many}")


def _show_stays(planned: PurgePlan) -> None:
    if not planned.stays:
        return
    say(stdout(), _("This stays:"))
    in_folder = Counter((each.path.parent, each.why) for each in planned.stays)
    for each in planned.stays:
        if in_folder[each.path.parent, each.why] <= SHOWN:
            say(stdout(), f"  {each.path}: {each.why}")
    for (folder, why), number in in_folder.items():
        if number > SHOWN:
            many = _("{folder}, {number:,} files: {why}", folder=folder, number=number, why=why)
            say(stdout(), f"  {many}")


def _show_forgotten(forgotten: Forgotten, identifiers: Sequence[str]) -> None:
    say(stdout(), _("Removed, but for what keeps a second letter from them:"))
    facts(
        stdout(),
        {
            "Letters in the ledger": f"{forgotten.letters:,}",
            "Rows of checked lists": f"{forgotten.rows:,}",
            "Copies": f"{forgotten.copies:,}",
            "Hashes in the register": f"{forgotten.recipients:,}",
            "Corrections": f"{forgotten.corrections:,}",
        },
    )
    if forgotten.files:
        say(stdout(), _("Files that were removed or written again:"))
        _show_files(forgotten.files)
    say(stdout(), _("They may still stand in these files, which you have to change yourself:"))
    _show_files(forgotten.left)
    say(
        stdout(),
        _(
            "batchsend does not reach what others keep: the letter API, backups, other "
            "copies of these files, and letters of the same people under other identifiers."
        ),
    )
    for sentence in forgotten.trouble:
        warn(sentence, style="red")
    removed = {
        "letters": forgotten.letters,
        "rows": forgotten.rows,
        "copies": forgotten.copies,
        "registered_recipients": forgotten.recipients,
        "corrections": forgotten.corrections,
    }
    told = {
        "identifiers": list(identifiers),
        "removed": removed,
        "files": list(forgotten.files),
        "left": list(forgotten.left),
        "trouble": list(forgotten.trouble),
    }
    finish(ExitStatus.SOME_NOT if forgotten.trouble else ExitStatus.DONE, told)
