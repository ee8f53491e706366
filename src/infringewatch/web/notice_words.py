"""What notices, their clocks and the gate say, for the reader's language: happenings, checks and refusals."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy, gettext_noop

from infringewatch.model import JSON, NoticeEventKind

HAPPENINGS = {
    NoticeEventKind.SENT: gettext_lazy("notice sent"),
    NoticeEventKind.RECEIVED: gettext_lazy("the platform confirmed the receipt"),
    NoticeEventKind.REMOVED: gettext_lazy("the platform removed it"),
    NoticeEventKind.REFUSED: gettext_lazy("the platform refused"),
    NoticeEventKind.DECISION_RECEIVED: gettext_lazy("another decision of the platform"),
    NoticeEventKind.COUNTER_RECEIVED: gettext_lazy("a counter-notice was made"),
    NoticeEventKind.COUNTER_FORWARDED: gettext_lazy("the counter-notice reached us"),
    NoticeEventKind.COMPLAINED: gettext_lazy("we complained to the authority"),
    NoticeEventKind.SUED: gettext_lazy("we sued"),
    NoticeEventKind.REINSTATED: gettext_lazy("the platform put it back"),
    NoticeEventKind.WITHDRAWN: gettext_lazy("notice withdrawn"),
}
TOLD_BY_PEOPLE = tuple(kind for kind in HAPPENINGS if kind not in (NoticeEventKind.SENT, NoticeEventKind.WITHDRAWN))
WHO = {
    "platform": gettext_lazy("platform"),
    "right_holder": gettext_lazy("right holder"),
    "user": gettext_lazy("other side"),
    "authority": gettext_lazy("authority"),
    "court": gettext_lazy("court"),
}
CHANNEL_NAMES = {
    "by_hand": gettext_lazy("by hand: a person sends it and says so"),
    "outbox": gettext_lazy("outbox: written as mail and ZIP into a folder, with the evidence"),
}
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}

_ = gettext_noop
SENTENCES: tuple[str, ...] = (
    _("the law of this way is in force today"),
    _("choose another way of notice"),
    _("at least one address is named"),
    _("take a hit into the case and draft anew"),
    _("the text names the hits of the case as it stands"),
    _("the case has gained or lost hits: draft anew"),
    _("the field is filled in"),
    _("fill it in and draft anew"),
    _("the statement is made by a person"),
    _("read it, tick it if it is true, and draft anew"),
    _("a person decided: infringing"),
    _("decide the hit on its page, or take it out of the case"),
    _("the right is in force"),
    _("import the list with the right's present dates, or take its hits out"),
    _("this way is open to the kind of right"),
    _("open a case by a way that covers this kind of right"),
    _("nobody has allowed this use today"),
    _("end the permission if it is wrong, or take the hit out of the case"),
    _("evidence is sealed"),
    _("ask for a new screenshot on the hit's page"),
    _("the sealed bytes are what was sealed"),
    _("restore the vault from a backup, or seal the page anew by a recheck"),
    _("the channel is known"),
    _("choose a channel of this installation"),
    _("the platform takes so many addresses in one notice"),
    _("split the case"),
    _("no other notice for this address and right is under way or within the waiting time"),
    _("wait, or withdraw the other notice"),
    _("no counter-notice bars another notice"),
    _("only a complaint to the authority or a lawsuit remains"),
    _("the address stands in the text"),
    _("draft anew"),
    _("nothing in the text is left blank"),
    _("fill in what is missing and draft anew"),
    _("another person than the drafter lets it through"),
    _("ask a colleague to let it through"),
    _("counted from the sending: the platform has not confirmed the receipt"),
    _("the sending was interrupted between the channel and our record"),
    _("the State Council's holidays of %(year)s are not known to this version: count this limit by hand"),
    _("the case has changed since the gate passed this notice: draft it anew (missing: %(what)s)"),
    _("a case gathers hits of one site or of one seller"),
    _("a case keeps at least one hit"),
    _("a notice of this case has gone out or is under way: its hits stay as they were named"),
    _("your role may not change cases"),
    _("a notice of this case is on its way: send, resolve or withdraw it first"),
    _("this case is closed already"),
    _("this case is open already"),
    _("your role may not record this"),
    _("this can only have happened between the sending and now"),
    _("this notice is not out"),
    _("this notice has moved on in the meantime"),
    _("there is no way of notice %(way)s"),
    _("after notice %(n)s"),
    _("a notice has gone out on this hit: withdraw it on its case's page first"),
)


def in_language(texts: JSON) -> str:
    """One of ``{"en": …, "zh": …}`` by the reader's language."""
    chosen = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(texts.get(chosen) or next(iter(texts.values()), "")) if isinstance(texts, dict) else ""
