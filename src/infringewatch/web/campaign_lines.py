"""Campaigns as their pages show them: what the stored plan says, read as the scheduler reads it."""

from __future__ import annotations

from dataclasses import dataclass

from infringewatch.errors import InputError
from infringewatch.flows.plans import read_plan
from infringewatch.ruleset import CampaignSpec
from infringewatch.settings import get_settings
from infringewatch.store.models import Campaign


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign with its plan; ``spec`` is ``None`` where the plan cannot be read any more, and ``wrong`` says why."""

    row: Campaign
    spec: CampaignSpec | None
    wrong: str = ""

    @property
    def sites(self) -> list[str]:
        if self.spec is None:
            return []
        return [*self.spec.sites, *(host for profile in self.spec.profiles for host in profile.hosts)]


def line_of(campaign: Campaign) -> CampaignLine:
    try:
        return CampaignLine(campaign, read_plan(campaign.spec, settings=get_settings()))
    except (InputError, KeyError) as error:
        return CampaignLine(campaign, None, str(error))
