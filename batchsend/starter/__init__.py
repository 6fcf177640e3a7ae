"""What `batchsend init` puts in a new mailing folder: mailing.toml, a letter, a `.env.example`."""

from batchsend.starter.folder import Started, start_mailing
from batchsend.starter.mapping import Mapped
from batchsend.starter.written import must_be_written

__all__ = ["Mapped", "Started", "must_be_written", "start_mailing"]
