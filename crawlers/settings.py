"""Scrapy's settings: polite, inside the scope, no doors open. What an installation may choose is read from its environment."""

from __future__ import annotations

from infringewatch import __version__
from infringewatch.settings import get_settings

_installation = get_settings()
_contact = f" (+{_installation.contact})" if _installation.contact else ""

BOT_NAME = "InfringeWatch"
SPIDER_MODULES = ["crawlers.spiders"]
USER_AGENT = f"InfringeWatch/{__version__}{_contact}"
ROBOTSTXT_USER_AGENT = "InfringeWatch"
ROBOTSTXT_OBEY = True

# Who takes pages in: a module that fulfils crawlers.session.Intake, by its name.
INTAKE = "infringewatch.flows.intake"
BROWSER = True  # whether the installation's browser, if it has one, may be used

SCHEDULER = "crawlers.scheduler.FrontierScheduler"
ITEM_PIPELINES = {"crawlers.pipelines.IntakePipeline": 100}
EXTENSIONS = {
    "crawlers.extensions.Keeper": 0,
    "crawlers.extensions.RobotsReader": 0,
    # Doors that run code from outside, open by default.
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "crawlers.middlewares.ScopeGuard": 50,
    "crawlers.middlewares.RobotsGuard": 100,
    "crawlers.middlewares.CarefulRedirect": 600,
    "crawlers.middlewares.RawExchange": 860,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
TWISTED_DNS_RESOLVER = "crawlers.resolver.GuardedResolver"
DNS_TIMEOUT = 20
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOADER_CLIENTCONTEXTFACTORY = "crawlers.handshakes.RememberingPolicy"
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_FAIL_ON_DATALOSS = True
REDIRECT_MAX_TIMES = 8
DEFERRED_WAIT = 5.0  # seconds after a first 429 or 503 that does not say how long; twice that later
RETRY_WAIT = 2.0  # seconds before the second try of a fetch that failed for a passing reason; four times that later
HTTPERROR_ALLOW_ALL = True  # every answer has an outcome; none is dropped on the way
HTTPPROXY_ENABLED = False  # a proxy would resolve names behind the guard's back
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
URLLENGTH_LIMIT = 2083

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 0.25
DOWNLOAD_DELAY_JITTER = 0.0
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 48 << 20  # a book's file that is being read holds up no other request
CONCURRENT_ITEMS = 8  # the default costs a third of the CPU per response (scrapy issue 5182)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
WARN_ON_GENERATOR_RETURN_VALUE = False
