"""The parts of a running Scrapy crawler that ours look at, typed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

if TYPE_CHECKING:
    from crawlers.session import Session


def spider_of(crawler: Crawler) -> Any:
    """The spider, one of ours, once it is made."""
    assert crawler.spider is not None
    return crawler.spider


def session_of(crawler: Crawler) -> Session:
    """The run that this process works on."""
    session: Session = spider_of(crawler).session
    return session


def engine_of(crawler: Crawler) -> ExecutionEngine:
    assert crawler.engine is not None
    return crawler.engine


def stats_of(crawler: Crawler) -> StatsCollector:
    assert crawler.stats is not None
    return crawler.stats
