"""Uploads stay in memory: a table of tokens must not lie on a disk in clear.

One request is read up to a little more than a table may have; the rest is dropped,
and the page says that it was too much.
"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from storewarden.stores.tables.files import MOST_BYTES


class InMemory(FileUploadHandler):
    """FILE_UPLOAD_HANDLERS has this one alone."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = MOST_BYTES + 1

    def new_file(self, *told: Any, **more: Any) -> None:
        super().new_file(*told, **more)
        self.held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held.write(raw_data[: self.room])
        self.room -= len(raw_data[: self.room])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            self.held,
            self.field_name,
            self.file_name or "",
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
