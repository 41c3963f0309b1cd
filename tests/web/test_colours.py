"""Contrast of every pair of colours that carries text, computed from tones.css (WCAG 2.2)."""

import re
from pathlib import Path

import pytest

from storewarden import web

TONES = (Path(web.__file__).parent / "static" / "web" / "tones.css").read_text()
CHIPS = ["ok", "warn", "bad", "info", "muted", "semi", "full"]
ON_SURFACES = ["text", "grey", "link", "late", "soon", "fine"]
SURFACES = ["page", "surface", "sunken"]
OTHERS = [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("side-text", "side"),
    ("side-grey", "side"),
    ("side-here-text", "side-here"),
]


def theme(name: str) -> dict[str, str]:
    """The colours of one theme; dark ones stand over the light ones."""
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", TONES):
        wanted = ":root" if name == "light" else '[data-bs-theme="dark"]'
        if selector.split("*/")[-1].strip() in (":root", wanted):
            found |= dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", body))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definition)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("chip", CHIPS)
def test_a_chips_text_can_be_read(name: str, chip: str) -> None:
    colours = theme(name)
    assert contrast(colours[f"chip-{chip}-text"], colours[f"chip-{chip}-back"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", ON_SURFACES)
def test_text_can_be_read_on_every_surface(name: str, surface: str, text: str) -> None:
    colours = theme(name)
    assert contrast(colours[f"desk-{text}"], colours[f"desk-{surface}"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "back"), OTHERS)
def test_buttons_and_the_sidebar_can_be_read(name: str, text: str, back: str) -> None:
    colours = theme(name)
    assert contrast(colours[f"desk-{text}"], colours[f"desk-{back}"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(name: str) -> None:
    colours = theme(name)
    assert contrast(colours["desk-control-line"], colours["desk-surface"]) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_semi_consignment_is_orange(name: str) -> None:
    red, green, blue = (int(theme(name)["chip-semi-back"][at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue
    assert red > 180
