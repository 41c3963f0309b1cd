"""The life of a renewal link, as values and a time."""

from datetime import UTC, datetime, timedelta

from storewarden.stores.renewal import rules as link_rules
from storewarden.stores.renewal.rules import LinkState

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_works_from_the_start_to_its_end() -> None:
    assert link_rules.state(NOW + HOUR, NOW) is LinkState.OPEN
    assert link_rules.state(NOW + HOUR, NOW + HOUR) is LinkState.EXPIRED


def test_being_looked_at_does_not_use_it_up() -> None:
    state = link_rules.state(NOW + HOUR, NOW, opened_at=NOW)
    assert state is LinkState.OPENED
    assert state in link_rules.WORKS


def test_its_use_ends_it() -> None:
    assert link_rules.state(NOW, NOW, used_at=NOW) is LinkState.USED
    assert link_rules.state(NOW, NOW, used_at=NOW, revoked_at=NOW) is LinkState.USED


def test_a_claim_that_lapsed_is_no_use() -> None:
    claim = link_rules.claimed_until(NOW + HOUR, NOW)
    later = claim + timedelta(seconds=1)
    assert link_rules.state(NOW + HOUR, later, opened_at=NOW, used_at=claim) in link_rules.WORKS


def test_a_claim_never_looks_like_a_use() -> None:
    for left in (timedelta(seconds=1), link_rules.LONGEST_SAVE, HOUR):
        claim = link_rules.claimed_until(NOW + left, NOW)
        assert NOW <= claim < NOW + left
        assert link_rules.state(NOW + left, NOW, used_at=claim) is LinkState.OPEN
        assert link_rules.state(NOW + left, NOW + left, used_at=claim) is LinkState.EXPIRED


def test_revoking_it_or_archiving_its_store_ends_it() -> None:
    assert link_rules.state(NOW + HOUR, NOW, revoked_at=NOW) is LinkState.REVOKED
    assert link_rules.state(NOW + HOUR, NOW, archived=True) is LinkState.REVOKED
