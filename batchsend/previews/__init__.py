"""Letters -> a folder to look at before sending: choosing them, pictures, the contact sheet."""

from batchsend.previews.choosing import worth_seeing
from batchsend.previews.contact_sheet import Shown
from batchsend.previews.folder import Preview, PreviewFolder, PreviewWriter, previewed_files
from batchsend.previews.pictures import page_pictures

__all__ = [
    "Preview",
    "PreviewFolder",
    "PreviewWriter",
    "Shown",
    "page_pictures",
    "previewed_files",
    "worth_seeing",
]
