"""What every page knows."""

import json

from django.http import HttpRequest

from storewarden import __version__, clock
from storewarden.web import times


def page(request: HttpRequest) -> dict[str, object]:
    return {
        "version": __version__,
        "now_iso": clock.now().isoformat(),
        "ago_words": json.dumps(times.ago_words(), ensure_ascii=False),
        "language_tag": times.language_tag(),
    }
