"""The console over HTTP: who gets in, what the table shows, and that nothing is shown to strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.console_desk import Desk, served


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
