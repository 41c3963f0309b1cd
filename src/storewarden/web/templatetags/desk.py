"""What every template can say: icons, chips, times, fields (built in, see settings.TEMPLATES)."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, FileInput, PasswordInput, RadioSelect, Select
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.web import navigation, states, times

register = template.Library()
NOTHING = "–"


@register.simple_tag(name="icon")
def picture(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; with a label it is spoken, else it is decoration."""
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>',
        spoken,
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def chip(
    tone: str, text: str, *, icon: str = "", at: datetime | None = None, title: str = ""
) -> SafeString:
    """A coloured word; `at` says inside it when this was last known to be so."""
    return format_html(
        '<span class="chip chip-{}"{}>{}{}{}</span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        picture(icon) if icon else "",
        format_html("<span>{}</span>", text),
        format_html(' <span class="chip-at">· {}</span>', ago(at)) if at else "",
    )


@register.simple_tag
def state_chip(
    state: str, label: str, *, at: datetime | None = None, title: str = ""
) -> SafeString:
    """A chip whose tone and icon follow from the state's name."""
    tone, name = states.look(state)
    return chip(tone, label, icon=name, at=at, title=title)


@register.simple_tag
def type_chip(store_type: str) -> SafeString:
    """Semi-Consignment in orange, as Seller Central shows it, or Full-Consignment."""
    if store_type == "semi":
        return chip("semi", _("Semi-Consignment"))
    return chip("full", _("Full-Consignment"))


@register.simple_tag
def ago(moment: datetime | None, never: str = "") -> SafeString:
    """How long ago; the title has the moment in the reader's zone."""
    if moment is None:
        return format_html('<span class="fine">{}</span>', never or _("never"))
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(),
        times.with_zone(moment),
        times.relative(moment, clock.now()),
    )


@register.simple_tag
def when(moment: datetime | None, detail: str = "minute") -> SafeString:
    """The moment in the reader's zone; `detail`: date, minute or second."""
    if moment is None:
        return format_html('<span class="fine">{}</span>', NOTHING)
    return format_html(
        '<time datetime="{}" title="{} · {}">{}</time>',
        moment.isoformat(),
        times.with_zone(moment),
        times.relative(moment, clock.now()),
        times.absolute(moment, detail),
    )


@register.simple_tag
def days_left(end: datetime | None, *, estimated: bool = False) -> SafeString:
    """What is left until an expiry date, in words and colour."""
    if end is None:
        return format_html('<span class="fine">{}</span>', NOTHING)
    return _timed(end, times.days_left(end, clock.now(), estimated=estimated))


@register.simple_tag
def due(deadline: datetime | None) -> SafeString:
    """A count-down to a deadline, in words and colour."""
    if deadline is None:
        return format_html('<span class="fine">{}</span>', NOTHING)
    return _timed(deadline, times.due(deadline, clock.now()))


def _timed(moment: datetime, words: times.Words) -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        words.tone,
        moment.isoformat(),
        times.with_zone(moment),
        words.text,
    )


@register.simple_tag
def number(value: float | None) -> SafeString:
    """A number with the reader's grouping."""
    if value is None:
        return format_html('<span class="fine">{}</span>', NOTHING)
    return format_html('<span class="num">{}</span>', number_format(value, force_grouping=True))


@register.filter
def tail(text: str, size: int = 4) -> str:
    """The last characters of a text that is not shown whole."""
    return f"…{text[-size:]}" if text else NOTHING


@register.inclusion_tag("web/tags/progress.html")
def progress(done: int | None, total: int | None, label: str) -> dict[str, object]:
    """How far something has come; without a total it only shows that it runs."""
    return {"done": min(done or 0, total or 0), "total": total or 0, "label": label}


@register.inclusion_tag("web/tags/sidebar.html", takes_context=True)
def sidebar(context: dict[str, Any]) -> dict[str, object]:
    """The rooms; the one that the reader stands in is marked."""
    return {
        "groups": navigation.groups(context["request"].path),
        "version": context.get("version", ""),
    }


@register.inclusion_tag("web/tags/keys.html", takes_context=True)
def keys_help(context: dict[str, Any]) -> dict[str, object]:
    """The dialog that lists the keyboard shortcuts."""
    return {"rooms": navigation.groups(context["request"].path)}


@register.inclusion_tag("web/tags/field.html")
def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    size: str = "",
    autofocus: bool = False,
    hide_label: bool = False,
) -> dict[str, object]:
    """A form field with its label, hint and errors, tied together for screen readers."""
    widget = bound.field.widget
    described = _described(bound, hint)
    attrs: dict[str, str | bool] = {"class": _classes(bound, size)}
    if described:
        attrs["aria-describedby"] = described
    if autofocus:
        attrs["autofocus"] = True
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "described": described,
        "hide_label": hide_label,
        "checkbox": isinstance(widget, CheckboxInput),
        "choices": isinstance(widget, RadioSelect),
        "password": isinstance(widget, PasswordInput),
    }


def _described(bound: BoundField, hint: str) -> str:
    parts = [f"{bound.auto_id}_hint"] if hint or bound.help_text else []
    if bound.errors:
        parts.append(f"{bound.auto_id}_error")
    return " ".join(parts)


def _classes(bound: BoundField, size: str) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect):
        base = "form-check-input"
    elif isinstance(widget, Select):
        base = "form-select"
    else:
        base = "form-control"
    sized = f"{base} {base}-{size}" if size and not isinstance(widget, FileInput) else base
    own = str(widget.attrs.get("class", ""))
    return " ".join(filter(None, [own, sized, "is-invalid" if bound.errors else ""]))


@register.inclusion_tag("web/tags/form_errors.html")
def form_errors(form: Any) -> dict[str, object]:
    """What is wrong with the form as a whole."""
    return {"errors": form.non_field_errors()}
