"""Temu, simulated: open API gateways, Seller Central, time, faults and a control panel.

Usable alone (``temu-sandbox serve``). Everything is built after the protocol notes of the
project; where those say "unknown", the choice stands behind one switch and says so.
"""

from temu_sandbox.clock import WorldClock
from temu_sandbox.control import Control
from temu_sandbox.faults import Fault
from temu_sandbox.server import ServedSandbox, create_app, serve
from temu_sandbox.world.world import World

__all__ = ["Control", "Fault", "ServedSandbox", "World", "WorldClock", "create_app", "serve"]
