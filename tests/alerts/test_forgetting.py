"""What the alerts keep of a store goes with it."""

import pytest

from storewarden.alerts.forgetting import ERASER
from storewarden.alerts.models import Alert, Delivery, Message, Rung
from storewarden.stores import erasing
from storewarden.stores.models import Store
from tests.alerts.kit import Time, alert, channel, item, message
from tests.web import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]


@pytest.fixture
def alpha() -> Store:
    return factories.store("Alpha")


@pytest.fixture
def beta() -> Store:
    return factories.store("Beta", "634418200002")


def rung(of: Store) -> Rung:
    token = of.credentials.get(kind="order")
    return Rung.objects.create(
        credential=token, fingerprint=token.fingerprint, rung=7, reached_at=of.connected_at
    )


def test_the_deletion_of_stores_knows_of_it() -> None:
    assert erasing.erasers()["alerts"] is ERASER


def test_its_alerts_rungs_and_items_of_messages_go_and_those_of_others_stay(
    alpha: Store, beta: Store, time: Time
) -> None:
    channel("json://127.0.0.1:9/")
    message(item(alpha))
    both = message(item(alpha), item(beta))
    alert(alpha)
    alert(beta)
    rung(alpha)
    rung(beta)
    assert ERASER.count(alpha.pk) == 4
    while ERASER.erase_some(alpha.pk, 1):
        pass
    assert ERASER.count(alpha.pk) == 0
    assert [one["store"] for one in Message.objects.get().items] == [str(beta.pk)]
    assert Delivery.objects.get().message == both
    assert Alert.objects.get().store == beta
    assert Rung.objects.get().credential.store == beta


def test_no_more_rows_at_a_time_than_asked_for(alpha: Store) -> None:
    for _ in range(3):
        message(item(alpha))
    assert [ERASER.erase_some(alpha.pk, 2), ERASER.erase_some(alpha.pk, 2)] == [2, 1]
