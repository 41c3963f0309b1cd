"""The story of a store, step by step (issue 2); each step is verified in the sandbox."""

from django.utils.translation import gettext as _

from storewarden.demo import connecting, expiring, selling
from storewarden.demo.narrator import Narrator
from storewarden.demo.stage import Stage
from temu_sandbox import ServedSandbox


def tell(sandbox: ServedSandbox, narrator: Narrator) -> None:
    """Play all steps. Raises Refusal at the first that is not as it should be."""
    stage = Stage(sandbox, narrator)
    steps = (
        (_("Buyers place 250 orders at Temu"), selling.place_orders),
        (_("The developer apps are registered"), connecting.register_apps),
        (_("The seller authorizes the app in Seller Central"), connecting.authorize),
        (_("A semi-consignment store is checked and connected"), connecting.connect_semi),
        (_("A full-consignment store is checked and connected"), connecting.connect_full),
        (_("Products and stock come in"), selling.pull_products),
        (_("The orders come in"), selling.pull_orders),
        (_("A stock figure changes and reaches Temu"), selling.change_stock),
        (_("An order ships"), selling.ship),
        (_("The order shipping token turns 91 days old"), expiring.grow_old),
        (_("Meanwhile buyers place 12 orders"), expiring.miss_orders),
        (_("The store is reauthorized, and the orders are back"), expiring.come_back),
    )
    for title, step in steps:
        narrator.step(title)
        step(stage)
