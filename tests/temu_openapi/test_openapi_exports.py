"""What the library offers is listed once, and all of it is there."""

import subprocess
import sys

import temu_openapi


def test_every_public_name_is_listed_in_order():
    public = {name for name in vars(temu_openapi) if not name.startswith("_")}
    inner = {"areas", "client", "clock", "errors", "pacing", "transport", "wire"}
    assert set(temu_openapi.__all__) == public - inner
    assert len(temu_openapi.__all__) == len(set(temu_openapi.__all__))


def test_every_public_class_and_function_has_a_docstring():
    named = [getattr(temu_openapi, name) for name in temu_openapi.__all__]
    assert [each for each in named if callable(each) and not each.__doc__] == []


def test_the_library_needs_neither_the_product_nor_the_sandbox_nor_django():
    check = (
        "import sys, temu_openapi;"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('django', 'storewarden', 'temu_sandbox', 'flask', 'dbos')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
