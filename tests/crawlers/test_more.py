"""Lists that go on by script only, told from pages that merely mention it."""

from __future__ import annotations

import pytest

from crawlers.more import goes_on_by_script


@pytest.mark.parametrize(
    "html",
    [
        "<button class=x onclick=more()>加载更多</button>",
        "<button><span>Load more</span></button>",
        '<a href="#" class="page-link">下一页</a>',
        "<a href='javascript:next()'>Next</a>",
        '<div role="button">Show more</div>',
        "<script>new IntersectionObserver(load)</script>",
        "<div class='infinite-scroll'></div>",
        "<script>window.addEventListener('scroll', load)</script>",
    ],
)
def test_a_list_with_more_behind_a_script_is_known(html: str) -> None:
    assert goes_on_by_script(html)


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/list?page=2'>下一页</a>",
        "<p>Load more coal, said the stoker.</p>",
        "<button>Buy</button>",
        "<p>next</p>",
    ],
)
def test_an_ordinary_page_is_left_alone(html: str) -> None:
    assert not goes_on_by_script(html)
