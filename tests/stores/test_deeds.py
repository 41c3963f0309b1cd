"""Names, apps, pausing: the smaller deeds, with their bad input."""

import pytest

from storewarden.stores import actions, naming, queries
from storewarden.stores.errors import NoSuchStore, Refusal
from storewarden.stores.models import DeveloperApp, Store
from storewarden.vault import Secret
from tests.conftest import TESTER

BAD_NAMES = {
    "nickname_empty": ["", "   ", "\n\t"],
    "nickname_too_long": ["x" * 81, "x" * 10_000_000],
    "nickname_unprintable": ["a\x00b", "abc\u202edef", "\u200babc"],
}
BAD = [(cause, text) for cause, texts in BAD_NAMES.items() for text in texts]


@pytest.mark.parametrize(("cause", "text"), BAD, ids=[cause for cause, _ in BAD])
def test_a_bad_nickname_is_refused_with_its_reason(
    semi_store: Store, cause: str, text: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.rename(semi_store, text, TESTER)
    assert refusal.value.cause == cause
    assert Store.objects.get().nickname == "Alpha"


@pytest.mark.parametrize(
    "text", ["店铺一号", "👩‍👩‍👧 Shop ❤️", "<b>Bold</b>", "'; DROP TABLE stores_store; --"]
)
def test_any_printable_nickname_is_kept_as_it_is(semi_store: Store, text: str) -> None:
    actions.rename(semi_store, text, TESTER)
    assert Store.objects.get().nickname == text


def test_a_nickname_that_is_taken_is_refused_whatever_its_case(
    semi_store: Store, full_store: Store
) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.rename(full_store, "ALPHA", TESTER)
    assert refusal.value.cause == "nickname_taken"


PASTED = [
    "access_token:{}",
    "access_token：{}",
    ' "{}" ',
    "\u200b{}\ufeff",
    "access_token: {}\r\n",
    "'{}'",
]


@pytest.mark.parametrize("form", PASTED)
def test_paste_hygiene(form: str) -> None:
    token = "sandbox" + "1a" * 24
    cleaned = naming.clean_token("temu", form.format(token))
    assert cleaned is not None
    assert cleaned.reveal() == token


def test_a_token_broken_over_two_lines_is_joined() -> None:
    cleaned = naming.clean_token("temu", "sandboxabc\n  def123")
    assert cleaned is not None
    assert cleaned.reveal() == "sandboxabcdef123"


def test_an_empty_field_is_no_token() -> None:
    assert naming.clean_token("temu", " \n ") is None


@pytest.mark.parametrize(
    "bad", ["a\x00b", "tok😀en", "<script>", "1' OR '1'='1", "x" * 513, "a\u202eb" * 9_000]
)
def test_what_cannot_be_a_token_is_refused_in_words(bad: str) -> None:
    with pytest.raises(Refusal) as refusal:
        naming.clean_token("temu", bad)
    assert refusal.value.cause == "token_unfit"
    assert refusal.value.next_step


@pytest.mark.parametrize("text", ["", "nobody", "\x00", "x" * 10_000, "'; --", "\u202e"])
def test_an_unknown_store_is_a_sentence(semi_store: Store, text: str) -> None:
    with pytest.raises(NoSuchStore):
        queries.find_store(text)


def test_a_store_is_found_by_nickname_shop_id_and_id(semi_store: Store) -> None:
    for text in ("Alpha", semi_store.mall_id, str(semi_store.pk)):
        assert queries.find_store(text) == semi_store


def test_a_paused_store_has_no_usable_credentials_until_resumed(semi_store: Store) -> None:
    from storewarden.marketplaces.base import TokenKind

    actions.pause(semi_store, TESTER)
    assert queries.usable_credentials(TokenKind.ORDER) == []
    actions.resume(semi_store, TESTER)
    assert len(queries.usable_credentials(TokenKind.ORDER)) == 1


def test_an_app_in_use_is_not_removed(semi_store: Store, apps: dict[str, DeveloperApp]) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.remove_app(apps["us"], TESTER)
    assert refusal.value.cause == "app_in_use"
    assert DeveloperApp.objects.filter(area="us").exists()


def test_an_unused_app_is_removed(apps: dict[str, DeveloperApp]) -> None:
    actions.remove_app(apps["global"], TESTER)
    assert not DeveloperApp.objects.filter(area="global").exists()


@pytest.mark.parametrize("area", ["", "mars", "US", "us\x00"])
def test_an_unknown_area_is_refused(db: None, area: str) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.add_app("temu", area, "key", Secret("secret"), TESTER)
    assert refusal.value.cause == "area_unknown"


@pytest.mark.parametrize("key", ["", "  ", "a b", "x" * 200, "a\x00"])
def test_an_unfit_app_key_is_refused(db: None, key: str) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.add_app("temu", "us", key, Secret("secret"), TESTER)
    assert refusal.value.cause == "app_key_unfit"


@pytest.mark.parametrize("secret", ["", "a b", "x" * 300, "a\nb"])
def test_an_unfit_app_secret_is_refused(db: None, secret: str) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.add_app("temu", "us", "key", Secret(secret), TESTER)
    assert refusal.value.cause == "app_secret_unfit"


class TestTheList:
    def test_two_queries_however_many_stores(
        self, semi_store: Store, full_store: Store, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(2):  # type: ignore[operator]
            lines = queries.store_lines(queries.Wanted())
        assert [one.store.nickname for one in lines] == ["Alpha", "Full"]

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            (queries.Wanted(store_type="full"), ["Full"]),
            (queries.Wanted(area="us"), ["Alpha"]),
            (queries.Wanted(search="alp"), ["Alpha"]),
            (queries.Wanted(search="634418000000103"), ["Full"]),
            (queries.Wanted(state="authorized"), ["Alpha", "Full"]),
            (queries.Wanted(state="expired"), []),
            (queries.Wanted(search="\x00'; --"), []),
        ],
    )
    def test_filters(
        self, semi_store: Store, full_store: Store, wanted: queries.Wanted, names: list[str]
    ) -> None:
        assert [one.store.nickname for one in queries.store_lines(wanted)] == names

    def test_permissions_are_counted(self, semi_store: Store) -> None:
        line = queries.one_line(semi_store)
        assert line.granted == line.needed > 0
