"""Connecting and reauthorizing by table: hand it in, look at it, start it, read its report.

The tokens come in once. From then on they lie sealed in the rows of the table and
go out with no page.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storewarden import clock, engine
from storewarden.marketplaces.registry import marketplace
from storewarden.people.queries import actor_of
from storewarden.stores import wording
from storewarden.stores.models import TableJob
from storewarden.stores.tables import actions as bulk
from storewarden.stores.tables import columns as table_columns
from storewarden.stores.tables import queries as bulk_queries
from storewarden.stores.tables import rules as table_rules
from storewarden.stores.tables.blanks import CSV, TEMPLATES
from storewarden.stores.tables.forms import TableForm
from storewarden.stores.tables.queries import Counts
from storewarden.stores.views.adding import gone_to
from storewarden.stores.views.answers import is_partial

TITLES: Mapping[str, Promise] = {
    table_columns.CONNECT: gettext_lazy("Connect by table"),
    table_columns.RENEW: gettext_lazy("Reauthorize by table"),
}


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, market: str, kind: str) -> HttpResponse:
    """The form; and keeping what was handed in, of which nothing is done yet."""
    if request.method != "POST":
        return render(request, "stores/table_form.html", form_page(market, kind))
    form = TableForm(kind, market, request.POST, request.FILES)
    if not form.is_valid() or form.table is None:
        return refused(request, form)
    job = bulk.hand_in(
        form.table, actor_of(request), accept_missing=form.cleaned_data["accept_missing"]
    )
    if form.table.unread:
        names = wording.listed(form.table.unread)
        messages.info(request, _("These columns are not read: %(names)s.") % {"names": names})
    return gone_to(request, job_url(job))


def form_page(market: str, kind: str) -> dict[str, Any]:
    return {
        "form": TableForm(kind, market),
        "kind": kind,
        "title": TITLES[kind],
        "market": marketplace(market),
        "columns": table_columns.header(kind, market),
        "types": wording.STORE_TYPES,
        "lately": bulk_queries.lately(market, kind),
    }


def refused(request: HttpRequest, form: TableForm) -> HttpResponse:
    """What is wrong with the table, and an empty form: what was pasted stays in the browser."""
    problems = [str(text) for texts in form.errors.values() for text in texts]
    if is_partial(request):
        answer = {"problems": problems}
        return render(request, "stores/_table_refused.html", answer, status=422)
    page = form_page(form.market, form.kind) | {"problems": problems}
    return render(request, "stores/table_form.html", page, status=422)


@require_safe
def template(request: HttpRequest, market: str, kind: str, form: str) -> HttpResponse:
    """An empty table with the names of the columns in the reader's language."""
    if kind not in TITLES or form not in TEMPLATES:
        raise Http404
    content_type, make = TEMPLATES[form]
    content = make(table_columns.header(kind, market))
    return download(content, content_type, f"storewarden-{kind}.{form}")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)


@require_safe
def table(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """What was handed in and how far it is, with a page of its lines."""
    job = job_or_404(pk)
    asked = request.GET
    only = asked.get("show") == bulk.REFUSED
    after, before = asked.get("after", ""), asked.get("before", "")
    page = progress_page(job) | {
        "only_refused": only,
        "page": bulk_queries.page(job, refused_only=only, after=after, before=before),
        "title": TITLES[job.kind],
        "market": marketplace(job.marketplace),
    }
    return render(request, "stores/table_job.html", page)


def progress_page(job: TableJob) -> dict[str, Any]:
    found = bulk_queries.counts(job)
    return {
        "job": job,
        "counts": found,
        "may_start": bool(found.held) and table_rules.may_start(job.made_at, clock.now()),
    }


@require_safe
def progress(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """How far it is, asked every two seconds; the lines come anew when something has moved."""
    job = job_or_404(pk)
    page = progress_page(job)
    answer = render(request, "stores/_table_progress.html", page)
    if request.GET.get("seen", "") != seen(page["counts"]):
        answer["HX-Trigger"] = "table-moved"
    return answer


def seen(counts: Counts) -> str:
    """What of a table a page has shown: it changes with every line that is settled."""
    return f"{counts.held}-{counts.done}-{counts.refused}"


@require_POST
def start(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Have the lines that are fine done. Pressed twice, it starts once."""
    job = job_or_404(pk)
    if bulk.start(job):
        engine.submit("stores.tables")
        messages.success(request, _("It has started. You may close this page meanwhile."))
    return redirect(job_url(job))


@require_POST
def stop(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Take back what has not begun; what is connected stays connected."""
    job = job_or_404(pk)
    if bulk.stop(job):
        messages.success(request, _("Stopped. The tokens that were left are destroyed."))
    return redirect(job_url(job))


@require_safe
def report(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """The outcome of each line as CSV, without tokens."""
    job = job_or_404(pk)
    text = bulk_queries.report(job, refused_only=request.GET.get("show") == bulk.REFUSED)
    return download(text.encode(), CSV, f"storewarden-{job.kind}-report.csv")


def job_or_404(pk: UUID) -> TableJob:
    found = TableJob.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def job_url(job: TableJob) -> str:
    return reverse("stores:table", kwargs={"market": job.marketplace, "pk": job.pk})
