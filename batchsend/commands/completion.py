"""`batchsend completion`: commands, options and files completed by the Tab key."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands with the Tab key.

    Options and files, too.

    For bash, put into ~/.bashrc: eval "$(batchsend completion bash)". For zsh, the same with zsh
    into ~/.zshrc. For fish: batchsend completion fish > ~/.config/fish/completions/batchsend.fish
    """
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - click has all three
    program = ctx.find_root().command
    click.echo(made(program, {}, "batchsend", "_BATCHSEND_COMPLETE").source())
