"""What of a mailing was chosen, as options: for commands that somebody is to type."""

from __future__ import annotations

from pathlib import Path

from batchsend.command_line import typed
from batchsend.mailing import Mailing


def as_chosen(mailing: Mailing) -> tuple[str | Path, ...]:
    """The options that choose the mailing's period and list, where mailing.toml says others."""
    other = ("--list", mailing.list.path) if mailing.other_list else ()
    return (*period_chosen(mailing), *other)


def period_chosen(mailing: Mailing) -> tuple[str, ...]:
    """The option that chooses the mailing's period, where mailing.toml says another."""
    return ("--period", str(mailing.period)) if mailing.other_period else ()


def whose_corrections(mailing: Mailing) -> tuple[Path | str, ...]:
    """The mailing as `correct` takes it for a needs-attention workbook: one that was named as the
    list is none, so the mailing's own list is meant."""
    name = Path(mailing.needs_attention).stem
    is_workbook = mailing.other_list and mailing.list.path.name.startswith(name)
    return (mailing.path, *(period_chosen(mailing) if is_workbook else as_chosen(mailing)))


def typed_mailing(mailing: Mailing) -> str:
    """The mailing with those options, as they stand behind a command's name."""
    return typed(mailing.path, *as_chosen(mailing))
