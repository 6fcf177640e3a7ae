"""What `batchsend init` puts in a new mailing folder: mailing.toml, a letter, a `.env.example`."""

from batchsend.starter.folder import Started, start_mailing

__all__ = ["Started", "start_mailing"]
