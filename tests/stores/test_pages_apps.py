"""Settings › Developer apps."""

from uuid import UUID

import pytest

from storewarden.stores.access import app_secret
from storewarden.stores.models import DeveloperApp, Store
from tests.conftest import VirtualTime
from tests.stores.pages_kit import APPS, said, signed_in, text

APP = {"area": "us", "app_key": "test-key", "secret": "test-secret-of-an-app"}


def test_without_an_app_the_page_says_what_to_do(db: None, clock: VirtualTime):
    assert "Create a self-developed app on Temu's partner site" in text(signed_in().get(APPS))


def test_an_app_is_registered(db: None, clock: VirtualTime):
    answer = signed_in().post(APPS, APP)
    assert (answer.status_code, answer["Location"]) == (302, APPS)
    assert said(answer) == ["The app of the US area is registered."]
    assert app_secret(DeveloperApp.objects.get()).reveal() == APP["secret"]


def test_the_secret_of_a_known_key_is_replaced(db: None, clock: VirtualTime):
    client = signed_in()
    client.post(APPS, APP)
    answer = client.post(APPS, APP | {"secret": "test-secret-the-second"})
    assert "its secret is the new one" in said(answer)[-1]
    assert app_secret(DeveloperApp.objects.get()).reveal() == "test-secret-the-second"


def test_each_app_says_how_many_stores_use_it(semi_store: Store):
    page = signed_in().get(APPS).content.decode()
    row = page.partition('data-testid="app-us"')[2].partition("</tr>")[0]
    assert ">1</td>" in row


def test_areas_without_an_app_are_named(db: None, clock: VirtualTime):
    client = signed_in()
    client.post(APPS, APP)
    assert "No app yet for: CN / PA, EU, Global." in text(client.get(APPS))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("area", "mars", "There is no such area."),
        ("area", "", "Choose the area of the app."),
        ("app_key", "", "This is no app key"),
        ("app_key", "two words", "This is no app key"),
        ("secret", "", "This is no app secret"),
        ("secret", "two words", "This is no app secret"),
    ],
)
def test_what_is_wrong_is_said_in_place(
    db: None, clock: VirtualTime, field: str, value: str, sentence: str
):
    answer = signed_in().post(APPS, APP | {field: value})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not DeveloperApp.objects.exists()


def test_a_refused_form_does_not_send_the_secret_back(db: None, clock: VirtualTime):
    answer = signed_in().post(APPS, APP | {"app_key": ""})
    assert APP["secret"] not in answer.content.decode()


def test_removing_asks_first(apps):
    answer = signed_in().get(f"{APPS}{apps['eu'].pk}/remove/")
    assert "Remove this developer app?" in text(answer)
    assert DeveloperApp.objects.count() == 4


def test_an_app_is_removed(apps):
    answer = signed_in().post(f"{APPS}{apps['eu'].pk}/remove/")
    assert said(answer) == ["The app “sandbox-app-eu” is removed."]
    assert not DeveloperApp.objects.filter(area="eu").exists()


def test_an_app_in_use_is_kept_and_its_stores_are_named(semi_store: Store, apps):
    answer = signed_in().post(f"{APPS}{apps['us'].pk}/remove/")
    assert answer.status_code == 409
    assert "This app is used by Alpha." in text(answer)
    assert DeveloperApp.objects.filter(area="us").exists()


def test_an_unknown_app_is_not_found(apps):
    nobody = UUID("00000000-0000-4000-8000-000000000000")
    assert signed_in().post(f"{APPS}{nobody}/remove/").status_code == 404
