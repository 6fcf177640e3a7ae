"""What pages for a browser on this machine need: who may ask, headers, events, style, serving.

Knows nothing of letters. A page on 127.0.0.1 is not private by itself: other programs and other
users of the machine reach it, and so does every page that the browser shows.
"""

from batchsend.web.guard import (
    Door,
    Guard,
    Headers,
    content_policy,
    from_our_page,
    names_this_machine,
    new_link,
)
from batchsend.web.pages import (
    TooLargeError,
    environment,
    events,
    legible,
    name_of_upload,
    save_upload,
)
from batchsend.web.serving import HOST, listening, serving

__all__ = [
    "HOST",
    "Door",
    "Guard",
    "Headers",
    "TooLargeError",
    "content_policy",
    "environment",
    "events",
    "from_our_page",
    "legible",
    "listening",
    "name_of_upload",
    "names_this_machine",
    "new_link",
    "save_upload",
    "serving",
]
