"""What this process counts about its own doings, for /metrics: numbers by outcome, no secret.

Counters live in the process that did the work. A registry of our own keeps what other libraries
register by themselves out of the answer.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

PROBE_OUTCOMES = (
    "active",
    "scope_missing",
    "expired",
    "disconnected",
    "wrong_app",
    "app_blocked",
    "unreachable",
)
# A call waits 10 to 60 s for Temu at most (temu_openapi.areas).
CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

disable_created_metrics()
REGISTRY = CollectorRegistry()

_calls = Counter(
    "storewarden_calls",
    "Calls sent to the marketplace, by area and what came of each (ok, or why not).",
    ["area", "outcome"],
    registry=REGISTRY,
)
_call_seconds = Histogram(
    "storewarden_call_seconds",
    "How long a call took, from sending to its answer.",
    ["area"],
    buckets=CALL_SECONDS,
    registry=REGISTRY,
)
_probes = Counter(
    "storewarden_probes",
    "Probes of a token, by what they found; unreachable says nothing about the token.",
    ["outcome"],
    registry=REGISTRY,
)
_reminders = Counter(
    "storewarden_reminders_sent",
    "Reminders handed to a channel that took them, by kind.",
    ["kind"],
    registry=REGISTRY,
)
for _outcome in PROBE_OUTCOMES:
    _probes.labels(_outcome)  # a rate needs a zero to start from


def call_done(area: str, outcome: str, seconds: float) -> None:
    """One call was sent and answered, or not answered."""
    _calls.labels(area, outcome).inc()
    _call_seconds.labels(area).observe(seconds)


def probe_done(outcome: str) -> None:
    """A token was asked about; `outcome` is one of PROBE_OUTCOMES."""
    _probes.labels(outcome).inc()


def reminder_sent(kind: str) -> None:
    """A channel took a reminder of this kind."""
    _reminders.labels(kind).inc()
