"""What stands in the calendar: one event a token, at the moment that it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from icalendar import Event

from storewarden.marketplaces.base import StoreType
from storewarden.stores import actions
from storewarden.stores.checks import Pasted
from storewarden.stores.models import Credential, Store
from storewarden.stores.probes import probe
from storewarden.vault import Secret
from temu_sandbox.world.world import World
from tests.calendars.conftest import Subscribe
from tests.conftest import TESTER, ConnectedStore, Granting, VirtualTime, order_slot

Connect = Callable[..., ConnectedStore]


def token(store: Store, kind: str = "order") -> Credential:
    return store.credentials.select_related("store", "app").get(kind=kind)


def enter(store: Store, text: str) -> None:
    actions.reauthorize(store, Pasted(StoreType.SEMI, {order_slot(): Secret(text)}), TESTER)


def start(event: Event) -> object:
    return event["DTSTART"].dt


def triggers(event: Event) -> list[timedelta]:
    return [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


def test_each_token_has_one_event_at_the_exact_moment_that_it_ends(
    semi_store: Store, subscribe: Subscribe
) -> None:
    found = {str(one["SUMMARY"]): start(one) for one in subscribe().events}
    assert found == {
        "Temu token of Alpha ends: product stock token": token(semi_store, "product").expires_at,
        "Temu token of Alpha ends: order shipping token (US)": token(semi_store).expires_at,
    }


def test_it_reminds_14_3_and_1_days_before(semi_store: Store, subscribe: Subscribe) -> None:
    event = subscribe().event("(US)")
    assert triggers(event) == [timedelta(days=-14), timedelta(days=-3), timedelta(days=-1)]
    assert {str(one["ACTION"]) for one in event.walk("VALARM")} == {"DISPLAY"}


def test_it_takes_up_no_time_in_the_calendar(semi_store: Store, subscribe: Subscribe) -> None:
    event = subscribe().event("(US)")
    assert (str(event["TRANSP"]), str(event["STATUS"])) == ("TRANSPARENT", "CONFIRMED")


def test_a_date_that_moves_changes_the_same_event(
    connect: Connect, subscribe: Subscribe, world: World, clock: VirtualTime
) -> None:
    made, reader = connect(), subscribe()
    assert made.order is not None
    before = reader.event("(US)")
    clock.advance(3600)
    world.authorizations.age(made.order.id, 20)
    probe(token(made.store))
    after = reader.event("(US)")
    assert after["UID"] == before["UID"]
    assert start(before) - start(after) == timedelta(days=20)  # type: ignore[operator]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_a_new_token_is_another_event_and_the_old_one_is_gone(
    connect: Connect, subscribe: Subscribe, world: World, clock: VirtualTime
) -> None:
    made, reader = connect(), subscribe()
    assert made.order is not None
    before = reader.event("(US)")
    clock.advance(days=60)
    enter(made.store, world.authorizations.generate_new(made.order.id).token)
    after = reader.event("(US)")
    assert after["UID"] != before["UID"]
    assert start(after) == token(made.store).expires_at
    assert len(reader.events) == 2


def test_a_token_that_died_early_stands_where_it_died_and_reminds_of_nothing(
    connect: Connect, subscribe: Subscribe, world: World, clock: VirtualTime
) -> None:
    made, reader = connect(), subscribe()
    assert made.order is not None
    uid = reader.event("(US)")["UID"]
    clock.advance(days=10)
    world.authorizations.remove(made.order.id)
    probe(token(made.store))
    event = reader.event("(US)")
    assert str(event["SUMMARY"]).startswith("Temu token of Alpha stopped working")
    assert start(event) == token(made.store).died_at
    assert (event["UID"], triggers(event)) == (uid, [])
    assert "Disconnected in Seller Central." in str(event["DESCRIPTION"])


def test_when_it_works_again_it_goes_back_to_its_end(
    connect: Connect, subscribe: Subscribe, world: World, clock: VirtualTime
) -> None:
    made, reader = connect(), subscribe()
    assert made.order is not None
    before = reader.event("(US)")
    world.authorizations.remove(made.order.id)
    probe(token(made.store))
    world.authorizations.authorize_again(made.order.id)
    enter(made.store, made.order.token)
    after = reader.event("(US)")
    assert (after["UID"], start(after)) == (before["UID"], start(before))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert len(triggers(after)) == 3


@pytest.mark.parametrize("probed", [True, False])
def test_past_its_validity_it_has_ended_at_its_end(
    connect: Connect, subscribe: Subscribe, clock: VirtualTime, probed: bool
) -> None:
    made, reader = connect(), subscribe()
    end = token(made.store).expires_at
    clock.advance(days=91)
    if probed:
        probe(token(made.store))
    event = reader.event("(US)")
    assert str(event["SUMMARY"]).startswith("Temu token of Alpha has ended")
    assert (start(event), triggers(event)) == (end, [])


def test_an_estimated_end_is_marked(semi_store: Store, subscribe: Subscribe) -> None:
    Credential.objects.filter(kind="order").update(expires_estimated=True)
    event = subscribe().event("(US)")
    assert str(event["SUMMARY"]).endswith("order shipping token (US) (estimated)")
    assert str(event["STATUS"]) == "TENTATIVE"
    assert "90 days" in str(event["DESCRIPTION"])


def test_a_permission_that_lacks_does_not_move_the_end(
    semi_store: Store, subscribe: Subscribe
) -> None:
    lacking = {"state": "scope_missing", "cause": "core_permission_missing"}
    Credential.objects.filter(kind="order").update(**lacking)
    event = subscribe().event("(US)")
    assert start(event) == token(semi_store).expires_at


def test_an_archived_store_is_not_in_it_and_a_paused_one_is(
    semi_store: Store, subscribe: Subscribe
) -> None:
    reader = subscribe()
    actions.pause(semi_store, TESTER)
    assert len(reader.events) == 2
    actions.archive(semi_store, TESTER)
    assert reader.events == []


def test_another_nickname_is_told_to_the_calendar(
    semi_store: Store, subscribe: Subscribe, clock: VirtualTime
) -> None:
    reader = subscribe()
    before = reader.event("(US)")
    clock.advance(60)
    actions.rename(semi_store, "Beta", TESTER)
    after = reader.event("Beta ends: order")
    assert after["UID"] == before["UID"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_every_area_has_its_own_event(
    semi_store: Store, subscribe: Subscribe, grant: Granting
) -> None:
    more = grant(int(semi_store.mall_id), "eu")
    pasted = Pasted(StoreType.SEMI, {order_slot("eu"): Secret(more.token)})
    actions.reauthorize(semi_store, pasted, TESTER)
    reader = subscribe()
    assert start(reader.event("(EU)")) == semi_store.credentials.get(area="eu").expires_at
    assert len({str(one["UID"]) for one in reader.events}) == 3


def test_it_leads_to_the_store_where_the_pages_stand(
    semi_store: Store, subscribe: Subscribe, public_url: str
) -> None:
    url = f"{public_url}/settings/authorization-center/temu/{semi_store.pk}/"
    assert {str(one["URL"]) for one in subscribe().events} == {url}


def test_without_an_address_of_the_pages_it_leads_nowhere(
    semi_store: Store, subscribe: Subscribe
) -> None:
    assert all("URL" not in one for one in subscribe().events)


def test_it_speaks_the_language_of_the_feed(semi_store: Store, subscribe: Subscribe) -> None:
    titles = "".join(str(one["SUMMARY"]) for one in subscribe(language="zh-hans").events)
    assert "订单发货 Token" in titles
    assert "order shipping" not in titles


def test_it_names_no_store_where_that_was_chosen(
    semi_store: Store, subscribe: Subscribe, public_url: str
) -> None:
    reader = subscribe(with_nicknames=False)
    assert str(reader.event("(US)")["SUMMARY"]).startswith("Temu token of a store ends:")
    assert "Alpha" not in reader.text


@pytest.mark.parametrize("with_nicknames", [True, False])
def test_no_token_fingerprint_or_shop_id_is_in_it(
    connect: Connect, subscribe: Subscribe, public_url: str, with_nicknames: bool
) -> None:
    made = connect()
    assert made.order is not None
    text = subscribe(with_nicknames=with_nicknames).text
    row = token(made.store)
    hidden = [made.order.token, made.product.token, row.fingerprint, row.last4, row.token_sealed]
    for secret in [*hidden, made.store.mall_id, "sandbox-app", "sandbox-secret"]:
        assert secret
        assert secret not in text
