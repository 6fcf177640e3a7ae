"""What the desk says where the command line names a setting, a file or a command.

Whoever sits here has buttons. A message is found by its sentence for the command line, and has its
places or fewer of them. Each file has those of what it names.
"""

from __future__ import annotations

from batchsend.desk.wording.letters import LETTERS
from batchsend.desk.wording.lists import LISTS
from batchsend.desk.wording.sending import SENDING

WORDS = {**LISTS, **LETTERS, **SENDING}
"""The command line's sentence, and the desk's in its place."""
