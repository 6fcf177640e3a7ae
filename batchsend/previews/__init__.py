"""Letters -> a folder to look at before sending: choosing them, pictures, the contact sheet."""

from batchsend.previews.choosing import worth_seeing
from batchsend.previews.folder import PreviewFolder, previewed_files
from batchsend.previews.sheet import Shown
from batchsend.previews.shelf import Preview, Shelf

__all__ = ["Preview", "PreviewFolder", "Shelf", "Shown", "previewed_files", "worth_seeing"]
