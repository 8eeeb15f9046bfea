"""The console over HTTP: who gets in, what the table shows, and that nothing is shown to strangers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from tests.console_desk import ACCOUNT, Desk, served

from refloat.store.finding_rows import Asked


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("console")) as desk:
        yield desk


def test_the_link_lets_in_once(desk: Desk) -> None:
    link = desk.link("sample-owner@localhost")
    first, second = desk.newcomer(), desk.newcomer()
    assert first.get(link).headers["location"] == "/"
    assert first.get("/").status_code == 200
    refused = second.get(link)
    assert refused.status_code == 403
    assert "works once" in refused.text


@pytest.mark.parametrize("path", ["/", "/strandings/"])
def test_a_stranger_sees_no_page(desk: Desk, path: str) -> None:
    answer = desk.newcomer().get(path)
    assert (answer.status_code, answer.headers["location"].startswith("/account/login/")) == (302, True)


def test_the_table_has_what_is_stranded(desk: Desk) -> None:
    page = desk.visitor.get("/strandings/").text
    for row in desk.store.strandings.open_strandings("Sample Harbour Goods"):
        assert row.sku in page


def test_filters_search_and_order_narrow_the_same_table(desk: Desk) -> None:
    strandings = desk.store.strandings.open_strandings("Sample Harbour Goods")
    closed = {row.sku for row in strandings if row.now.cause == "listing-closed"}
    page = desk.visitor.get("/strandings/?cause=listing-closed", part=True).text
    assert closed
    assert {row.sku for row in strandings if row.sku in page} == closed
    one = next(iter(closed))
    found = desk.visitor.get(f"/strandings/?q={one}", part=True).text
    assert {row.sku for row in strandings if row.sku in found} == {one}


def test_every_answer_is_fenced(desk: Desk) -> None:
    answer = desk.visitor.get("/")
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


def test_another_host_name_is_refused(desk: Desk) -> None:
    assert desk.visitor.client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_chinese_is_chosen_and_kept(desk: Desk) -> None:
    visitor = desk.newcomer(desk.link("sample-owner@localhost"))
    page = visitor.post("/language/", {"language": "zh-Hans", "back": "/strandings/"}).text
    assert 'lang="zh-Hans"' in page
    assert 'lang="zh-Hans"' in visitor.get("/").text
    assert 'lang="en"' in visitor.post("/language/", {"language": "en"}).text


def test_the_first_page_leads_to_what_it_counts(desk: Desk) -> None:
    """Every number on it is the number of rows behind its address."""
    page = desk.visitor.get("/").text
    numbers = re.findall(r'href="/strandings/\?([^"]+)"><span class="amount">([\d,]+)</span>', page)
    assert numbers
    for query, many in numbers:
        told = desk.visitor.get(f"/strandings/?{html.unescape(query)}", part=True).text
        assert f'<span class="count">{many}</span>' in told, query


def test_an_incident_leads_to_its_strandings(desk: Desk) -> None:
    """To exactly those that it counts."""
    page = desk.visitor.get("/").text
    queries = re.findall(r'<th scope="row"><a href="/strandings/\?([^"]+)"', page)
    counted = [one.skus for one in desk.store.pages.incidents(Asked(held=False), 40)]
    assert len(queries) == len(counted) > 5
    for query, skus in zip(queries, counted, strict=True):
        told = desk.visitor.get(f"/strandings/?{html.unescape(query)}", part=True).text
        assert f'<span class="count">{skus}</span>' in told, query


def test_a_filter_that_has_no_box_on_the_page_is_kept(desk: Desk) -> None:
    """A search, or an incident's day, shows no boxes of filters: the form that sends the next order asks for the same rows."""
    cause = desk.store.pages.facets(Asked(), ("cause",))["cause"][0].value
    for query in (f"cause={cause}&q=a", f"cause={cause}&day=unknown", "safety=safe&held=no", f"account={ACCOUNT}&cause=unknown&q=a"):
        page = desk.visitor.get(f"/strandings/?{query}").text
        form = page[page.index('class="ask"') : page.index("</form>", page.index('class="ask"'))]
        chosen = re.sub(r'<input type="(?:radio|checkbox)" name="\w+" value="[^"]*">', "", form)
        kept = {(name, html.unescape(value)) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', chosen)}
        assert set(parse_qsl(query)) <= kept, query


def test_a_view_is_kept_under_a_name_counted_and_forgotten(desk: Desk) -> None:
    person = desk.store.people.on_this_machine("sample-owner", datetime.now(UTC)).id
    hostile = '<script>alert("1")</script> 期限'
    desk.visitor.post("/views/", {"name": hostile, "address": "due=30&cause=nothing%20such&evil=1"}, seen="/strandings/?due=30")
    (view,) = desk.store.views.of(person)
    assert (view.name, view.address) == (hostile, "cause=nothing+such&due=30")
    page = desk.visitor.get("/").text
    assert hostile not in page
    assert html.escape(hostile).replace("&quot;", "&#34;") in page
    desk.visitor.post(f"/views/{view.id}/delete/")
    assert desk.store.views.of(person) == ()
    assert desk.visitor.post("/views/", {"name": "  ", "address": ""}).status_code == 409


def test_each_trend_has_its_table_and_its_drawing(desk: Desk) -> None:
    page = desk.visitor.get("/trends/").text
    pictures = re.findall(r'<img src="(/trends/[\w-]+\.svg)"', page)
    assert len(pictures) == page.count("<section>") >= 3
    for path in pictures:
        drawn = desk.visitor.get(path)
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert "<script" not in drawn.text
        assert "<path" in drawn.text
    assert desk.visitor.get("/trends/nothing.svg").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "at=%00",
        "at=e30",
        "at=WzEsMixudWxsXQ",
        "due=9999999999",
        "due=x",
        "sort=;drop",
        "q=%00%27%22",
        "day=0000-00-00",
        "cause=%F0%9F%98%80",
        "account=nobody",
        "age=-1",
        "held=maybe",
        "q=" + "x" * 5000,
    ],
)
def test_an_address_that_is_not_understood_shows_a_page_all_the_same(desk: Desk, query: str) -> None:
    assert desk.visitor.get(f"/strandings/?{query}").status_code == 200
