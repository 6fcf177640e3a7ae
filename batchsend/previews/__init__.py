"""Letters -> a folder to look at before sending: choosing them, pictures, the contact sheet."""

from batchsend.previews.choosing import worth_seeing
from batchsend.previews.folder import Preview, PreviewFolder, PreviewWriter, previewed_files
from batchsend.previews.pictures import page_pictures
from batchsend.previews.sheet import Shown

__all__ = [
    "Preview",
    "PreviewFolder",
    "PreviewWriter",
    "Shown",
    "page_pictures",
    "previewed_files",
    "worth_seeing",
]
