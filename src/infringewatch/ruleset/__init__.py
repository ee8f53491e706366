"""The rules of an installation as typed records: measures, lexicons, site profiles, campaigns, regimes.

The one door to ``rules/``: an unknown key, a wrong value or a dangling name is a fault with file, line and key.
"""

from infringewatch.ruleset.campaigns import Budgets, CampaignSpec, CatchUp, Schedule, WatchListRef
from infringewatch.ruleset.forms import Content, Form, Letter, NoticeField
from infringewatch.ruleset.law import LegalBasis
from infringewatch.ruleset.lexicons import Lexicon, Term
from infringewatch.ruleset.loading import (
    Ruleset,
    check_rules,
    load_campaign,
    load_profile,
    load_regimes,
    load_ruleset,
    parse_campaign,
    parse_profile,
)
from infringewatch.ruleset.measures import Allegation, MeasurePack, Thresholds
from infringewatch.ruleset.regimes import Clock, ClockUnit, Platform, Regime
from infringewatch.ruleset.signals import MAIN_SIGNALS, QUALIFIER_SIGNALS, SIGNALS
from infringewatch.ruleset.sites import (
    BrowserPlan,
    LinkRole,
    LinkRule,
    Pagination,
    Selector,
    SiteKind,
    SiteProfile,
)

__all__ = [
    "MAIN_SIGNALS",
    "QUALIFIER_SIGNALS",
    "SIGNALS",
    "Allegation",
    "BrowserPlan",
    "Budgets",
    "CampaignSpec",
    "CatchUp",
    "Clock",
    "ClockUnit",
    "Content",
    "Form",
    "LegalBasis",
    "Letter",
    "Lexicon",
    "LinkRole",
    "LinkRule",
    "MeasurePack",
    "NoticeField",
    "Pagination",
    "Platform",
    "Regime",
    "Ruleset",
    "Schedule",
    "Selector",
    "SiteKind",
    "SiteProfile",
    "Term",
    "Thresholds",
    "WatchListRef",
    "check_rules",
    "load_campaign",
    "load_profile",
    "load_regimes",
    "load_ruleset",
    "parse_campaign",
    "parse_profile",
]
