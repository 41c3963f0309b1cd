"""While a store is being deleted it stands in no list but that of the deletions."""

import pytest

from storewarden.stores import actions, checks, queries
from storewarden.stores.checks import Pasted
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.errors import NoSuchStore, Refusal
from storewarden.stores.models import Store
from storewarden.vault import Secret
from temu_sandbox.world import seed
from tests.conftest import PRODUCT, TESTER, Granting, order_slot
from tests.stores.pages_kit import LIST, signed_in, text, url_of


@pytest.fixture
def leaving(semi_store: Store) -> Store:
    deletion.ask_deletion(semi_store, "Alpha", TESTER)
    return semi_store


@pytest.mark.parametrize("narrowed", ["", "?state=archived", "?q=alpha"])
def test_the_list_does_not_show_it(leaving: Store, narrowed: str):
    shown = signed_in().get(f"{LIST}{narrowed}")
    assert f"store-{leaving.mall_id}" not in shown.content.decode()


def test_the_deletions_show_it(leaving: Store):
    assert "Alpha" in text(signed_in().get(f"{LIST}deletions/"))


@pytest.mark.parametrize("deed", ["", "reauthorize/", "rename/", "archive/", "progress/"])
def test_its_pages_are_not_found(leaving: Store, deed: str):
    assert signed_in().get(url_of(leaving, deed)).status_code == 404


def test_a_search_does_not_lead_to_it(leaving: Store):
    assert url_of(leaving) not in signed_in().get("/search/?q=Alpha")["Location"]


def test_a_command_does_not_find_it(leaving: Store):
    for name in ("Alpha", leaving.mall_id, str(leaving.pk)):
        with pytest.raises(NoSuchStore):
            queries.find_store(name)


class TestAtTheSameMoment:
    """The check passes, then somebody asks for the deletion, then the tokens are saved."""

    @pytest.fixture
    def pasted(self, grant: Granting) -> Pasted:
        tokens = {
            PRODUCT: Secret(grant(seed.SEMI_ONE, "cn").token),
            order_slot(): Secret(grant(seed.SEMI_ONE, "us").token),
        }
        return Pasted(checks.StoreType.SEMI, tokens)

    def test_connecting_again_is_refused_in_the_last_step(self, semi_store: Store, pasted: Pasted):
        actions.archive(semi_store, TESTER)
        card = checks.check(pasted)
        assert card.ok
        deletion.ask_deletion(semi_store, "Alpha", TESTER)
        with pytest.raises(Refusal) as refusal:
            actions._save_connected(semi_store, "Alpha", pasted, card, actions.Choices(), TESTER)
        assert refusal.value.cause == "being_deleted"
        assert Store.objects.get().archived_at is not None

    def test_reauthorizing_is_refused_in_the_last_step(self, semi_store: Store, pasted: Pasted):
        card = checks.check(pasted, semi_store)
        deletion.finish(deletion.ask_deletion(semi_store, "Alpha", TESTER))
        with pytest.raises(Refusal):
            actions._swap(semi_store, pasted, card, TESTER)
        assert not Store.objects.exists()
