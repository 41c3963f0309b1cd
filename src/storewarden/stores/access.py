"""Opening a credential for use, and what a refusal does to it.

`using` is how every area gets at the marketplace: a refusal about the token
makes the credential due for a probe at once; an outage changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from storewarden import clock, engine, vault
from storewarden.marketplaces.base import ABOUT_THE_TOKEN, Access, Cause, Refused, Slot, TokenKind
from storewarden.stores import rules
from storewarden.stores.models import Credential, DeveloperApp
from storewarden.vault import Secret


def app_secret(app: DeveloperApp) -> Secret:
    return vault.open_sealed(app.secret_sealed, table="developer_app", row=app.id, column="secret")


def token_of(credential: Credential) -> Secret:
    return vault.open_sealed(
        credential.token_sealed, table="credential", row=credential.id, column="token"
    )


def slot_of(credential: Credential) -> Slot:
    return Slot(TokenKind(credential.kind), credential.area)


def access(credential: Credential) -> Access:
    """What a call with this credential needs."""
    return Access(
        slot_of(credential),
        credential.app.app_key,
        app_secret(credential.app),
        token_of(credential),
        credential.store.mall_id,
    )


def trial(slot: Slot, app: DeveloperApp, token: Secret) -> Access:
    """What a check needs: a token that is stored nowhere yet."""
    return Access(slot, app.app_key, app_secret(app), token)


@contextmanager
def using(credential: Credential) -> Iterator[Access]:
    """Access for calls; a refusal about the token has it probed at once and is re-raised."""
    try:
        yield access(credential)
    except Refused as refusal:
        if refusal.cause in ABOUT_THE_TOKEN:
            _ask_at_once(credential, refusal.cause)
        raise


def _ask_at_once(credential: Credential, cause: Cause) -> None:
    """Make the credential due for a probe now, unless the refusal tells what is known."""
    row = Credential.objects.filter(pk=credential.pk)
    state = row.values_list("state", flat=True).first()
    if state is not None and rules.tells_news(cause, rules.CredentialState(state)):
        now = clock.now()
        row.update(probe_after=now)
        engine.submit("stores.probe_due", key=str(int(now.timestamp()) // 5))
