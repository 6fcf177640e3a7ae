"""The one tree of exceptions. Each message is a sentence for the person at the desk.

Knows nothing of the rest of the package.
"""

from __future__ import annotations

from batchsend.language import _


class BatchsendError(Exception):
    """Anything batchsend can tell its user in words.

    `message` says what is wrong and where; `hint`, when there is one, says what to do about it.

    >>> print(BatchsendError("There is no list.", hint="Name one under [list]."))
    There is no list.
    Name one under [list].
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross from worker processes; the default would lose the keyword argument.
        return _rebuild, (type(self), self.message, self.hint)


def in_short(error: Exception) -> str:
    """What the operating system said, as a part of a sentence, without its number and the path.

    >>> in_short(PermissionError(13, "Permission denied", "list.csv"))
    'Permission denied'
    """
    if isinstance(error, UnicodeDecodeError):
        return _("it is not text in UTF-8")
    said = error.strerror if isinstance(error, OSError) else None
    return (said or str(error)).rstrip(".")


def _rebuild(kind: type[BatchsendError], message: str, hint: str | None) -> BatchsendError:
    return kind(message, hint=hint)


class SettingsError(BatchsendError):
    """mailing.toml, the environment or an option is wrong."""


class ListError(BatchsendError):
    """The recipient list as a whole cannot be used."""


class TemplateError(BatchsendError):
    """The template as a whole cannot be used: not found, does not compile, names no such column."""


class RenderingError(BatchsendError):
    """One letter could not be rendered; the others can."""


class SendingError(BatchsendError):
    """Sending cannot start or go on: the API is out of reach, or refuses everything."""


class LedgerError(BatchsendError):
    """The ledger cannot be opened or written."""


class LedgerGoneError(LedgerError):
    """The ledger's server does not answer. It may be back soon, with all that it was told."""


class ReportError(BatchsendError):
    """A report cannot be written."""


class UnreportedError(BatchsendError):
    """What was asked for was done, all or in part, and cannot be reported. Nothing else means that
    something was done."""


class HalfwayError(UnreportedError):
    """A run stopped half-way, and there is nothing to report it from; running again goes on."""
