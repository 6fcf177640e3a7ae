"""`batchsend help`: the same as --help, for who tries it first."""

from __future__ import annotations

import click


@click.command
@click.argument("command", required=False)
@click.pass_context
def help(ctx: click.Context, command: str | None) -> None:  # noqa: A001 - the command's name
    """Show this help, or that of a command."""
    program = ctx.find_root()
    if command is None:
        click.echo(program.get_help())
        return
    assert isinstance(program.command, click.Group)  # noqa: S101 - it has commands
    name, found, _ = program.command.resolve_command(program, [command])
    if found is not None:
        click.echo(found.get_help(click.Context(found, info_name=name, parent=program)))
