"""The plain words of listings."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

STATUS: dict[str, Promise] = {
    "on_site": gettext_lazy("on sale sites"),
    "not_joined": gettext_lazy("not on a site yet"),
    "off_shelf": gettext_lazy("off shelf"),
    "removed": gettext_lazy("removed from Temu"),
}
TONES = {"on_site": "ok", "off_shelf": "warn"}


def status_label(status: str) -> str:
    """A listing's status in words; one that is not known is shown as Temu has it."""
    if status in STATUS:
        return str(STATUS[status])
    return _("status %(code)s") % {"code": status} if status else _("status not told")
