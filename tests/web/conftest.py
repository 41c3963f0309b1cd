"""Fixtures of the web face's tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from storewarden import clock
from tests.web import factories


@pytest.fixture(autouse=True)
def forgotten_tries() -> Iterator[None]:
    """Sign-in tries are counted in the cache; each test begins at none."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def noon() -> Iterator[factories.StoppedClock]:
    """It is noon (UTC) and stays noon."""
    stopped = factories.StoppedClock()
    with clock.running_on(stopped):
        yield stopped


@pytest.fixture
def browser_of_owner(db: None) -> Client:
    """A browser in which the owner is signed in."""
    return factories.reader()
