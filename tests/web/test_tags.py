"""What templates can say."""

from datetime import timedelta

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from storewarden.web.templatetags import desk
from tests.web.factories import NOON, StoppedClock


def drawn(template: str, /, **values: object) -> str:
    return Template(template).render(Context(values))


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As you call it.")
    on = forms.BooleanField(label="On", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Place", choices=[("x", "X")])


def test_a_chip_says_its_word_and_when_it_was_last_known(noon: StoppedClock) -> None:
    chip = drawn('{% chip "ok" "Active" at=at %}', at=NOON - timedelta(minutes=3))
    assert 'class="chip chip-ok"' in chip
    assert "Active" in chip
    assert "3 min ago" in chip


def test_what_stands_in_a_chip_cannot_become_html() -> None:
    chip = drawn('{% chip "bad" text title=text %}', text='<img src=x onerror="x">')
    assert "<img" not in chip
    assert "&lt;img" in chip


@pytest.mark.parametrize(
    ("state", "tone"),
    [("authorized", "ok"), ("expiring", "warn"), ("expired", "bad"), ("paused", "muted")],
)
def test_a_state_has_the_same_tone_on_every_page(state: str, tone: str) -> None:
    assert f"chip-{tone}" in drawn("{% state_chip state label %}", state=state, label="x")


def test_a_state_nobody_told_us_about_is_never_green() -> None:
    assert "chip-muted" in drawn('{% state_chip "new_state" "New" %}')


def test_semi_consignment_has_the_orange_chip() -> None:
    assert "chip-semi" in drawn('{% type_chip "semi" %}')
    assert "Full-Consignment" in drawn('{% type_chip "full" %}')


def test_never_is_said_where_nothing_happened_yet() -> None:
    assert "never" in drawn("{% ago None %}")
    assert "not pulled" in drawn('{% ago None "not pulled" %}')
    assert "–" in drawn("{% when None %}{% days_left None %}{% due None %}{% number None %}")


def test_a_number_is_grouped_and_zero_is_a_number() -> None:
    assert "1,234,567" in drawn("{% number 1234567 %}")
    assert ">0<" in drawn("{% number 0 %}")


def test_progress_never_runs_past_its_end_and_without_a_total_only_runs() -> None:
    assert 'value="250" max="250"' in drawn('{% progress 300 250 "Orders" %}')
    running = drawn('{% progress 3 0 "Orders" %}')
    assert "max=" not in running
    assert 'aria-label="Orders"' in running


def test_only_the_end_of_a_long_text_is_shown() -> None:
    assert desk.tail("abcdefgh") == "…efgh"
    assert desk.tail("") == "–"


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    field = drawn("{% field form.name %}", form=Sample({"name": ""}))
    assert '<label class="form-label" for="id_name">Name</label>' in field
    assert 'aria-describedby="id_name_hint id_name_error"' in field
    assert 'id="id_name_hint"' in field
    assert 'id="id_name_error"' in field
    assert "is-invalid" in field


def test_a_field_without_hint_and_error_describes_itself_by_nothing() -> None:
    assert "aria-describedby" not in drawn("{% field form.place %}", form=Sample())


def test_each_kind_of_field_has_a_name_for_screen_readers() -> None:
    form = Sample()
    assert '<label class="form-check-label" for="id_on">On</label>' in drawn(
        "{% field form.on %}", form=form
    )
    assert "<legend" in drawn("{% field form.kind %}", form=form)
    assert 'class="form-select"' in drawn("{% field form.place %}", form=form)
    assert "visually-hidden" in drawn("{% field form.place hide_label=True %}", form=form)


def test_an_icon_is_decoration_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'aria-label="Done"' in drawn('{% icon "check" "Done" %}')


def test_older_and_newer_pages_keep_the_filters() -> None:
    request = RequestFactory().get("/orders/?state=to_ship&after=c1")
    include = '{% include "web/inc/pages.html" with newer="n1" older="o2" shown=50 %}'
    page = Template(include).render(RequestContext(request))
    assert 'href="?state=to_ship&amp;before=n1"' in page
    assert 'href="?state=to_ship&amp;after=o2"' in page
    assert "50 rows on this page" in page


def test_there_is_no_paging_where_there_is_one_page() -> None:
    page = drawn('{% include "web/inc/pages.html" %}', request=RequestFactory().get("/"))
    assert page.strip() == ""


def test_a_progress_card_asks_again_only_while_something_runs() -> None:
    include = '{% include "web/inc/progress_card.html" with id="p" title="Pull" poll="/p" %}'
    assert 'hx-trigger="every 2s"' in drawn(include, running=True)
    assert "hx-" not in drawn(include, running=False)
