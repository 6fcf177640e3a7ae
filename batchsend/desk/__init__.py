"""The desk: a mailing in a browser, for people who never open a terminal.

A second face on `operations`, beside `commands`: it shows and asks, and no rule of the trade lives
here. The state is the mailing's folder, so that what is begun here can be finished by a command,
and the other way round.
"""

from batchsend.desk.opening import open_desk

__all__ = ["open_desk"]
