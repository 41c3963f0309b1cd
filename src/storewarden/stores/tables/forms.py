"""Handing in a table: pasted, or as a file. What was pasted is never rendered back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storewarden.stores.errors import Refusal
from storewarden.stores.forms import SECRETIVE, invalid
from storewarden.stores.tables import reading as tables
from storewarden.stores.tables.files import too_large
from storewarden.stores.tables.reading import Table


class Pasted(forms.Field):
    """A text as it came: the reader of tables judges it, not Django."""

    widget = forms.Textarea(attrs={**SECRETIVE, "rows": 8, "wrap": "off"})

    def clean(self, value: Any) -> str:
        return value or ""


class TableForm(forms.Form):
    """A table in one of two ways. After `is_valid`, `table` is what was read."""

    pasted = Pasted(required=False, label=gettext_lazy("Paste the table"))
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=gettext_lazy("Or choose a file"),
        help_text=gettext_lazy("CSV or XLSX, at most 1,000 lines and 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    accept_missing = forms.BooleanField(
        required=False,
        label=gettext_lazy("Go on where a permission is missing that the main job does not need"),
    )

    def __init__(self, kind: str, market: str, *given: Any) -> None:
        super().__init__(*given)
        self.kind, self.market = kind, market
        self.table: Table | None = None

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("pasted", ""), self.cleaned_data.get("file")
        if file and text.strip():
            raise ValidationError(_("Both were given. Paste the table, or choose a file."))
        if not file and not text.strip():
            raise ValidationError(_("Nothing was given. Paste the table, or choose a file."))
        try:
            self.table = self._read_file(file) if file else self._read_text(text)
        except Refusal as no:
            raise invalid(no) from None
        return self.cleaned_data

    def _read_text(self, text: str) -> Table:
        return tables.read_text(self.kind, self.market, text)

    def _read_file(self, file: Any) -> Table:
        raw = file.read()
        if len(raw) < file.size:  # `uploads` drops what is more than it holds
            raise too_large()
        return tables.read_file(self.kind, self.market, raw)
