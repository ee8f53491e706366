"""The field's words, the same on every page: what states, levels, verdicts and kinds are called."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "new": gettext_lazy("new"),
    "unsure": gettext_lazy("unsure"),
    "infringing": gettext_lazy("infringing"),
    "not_infringing": gettext_lazy("not infringing"),
    "authorised": gettext_lazy("authorised"),
    "noticed": gettext_lazy("notice sent"),
    "closed": gettext_lazy("closed"),
    "present": gettext_lazy("online"),
    "missing": gettext_lazy("missed once or twice"),
    "gone": gettext_lazy("gone"),
    "relisted": gettext_lazy("back online"),
    "ignore": gettext_lazy("weak"),
    "review": gettext_lazy("review"),
    "strong": gettext_lazy("strong"),
    "open": gettext_lazy("to decide"),
    "all": gettext_lazy("all states"),
    "listing": gettext_lazy("listing"),
    "chapter": gettext_lazy("chapter"),
    "book": gettext_lazy("book"),
    "video": gettext_lazy("video"),
    "shop": gettext_lazy("shop"),
    "trademark": gettext_lazy("trade mark"),
    "product": gettext_lazy("product"),
    "copyright": gettext_lazy("copyright work"),
    "geographical_indication": gettext_lazy("geographical indication"),
    "plant_variety": gettext_lazy("plant variety"),
    "imitation": gettext_lazy("imitation"),
    "counterfeit": gettext_lazy("counterfeit"),
    "unlicensed_use": gettext_lazy("unlicensed use"),
    "copied_image": gettext_lazy("copied picture"),
    "piracy": gettext_lazy("piracy"),
    "unlicensed_work": gettext_lazy("unlicensed work"),
    "due": gettext_lazy("waiting"),
    "claimed": gettext_lazy("under way"),
    "done": gettext_lazy("done"),
    "needs_browser": gettext_lazy("needs a browser"),
    "failed": gettext_lazy("failed"),
    "running": gettext_lazy("running"),
    "interrupted": gettext_lazy("interrupted"),
    "finished": gettext_lazy("finished"),
    "draft": gettext_lazy("draft"),
    "queued": gettext_lazy("ready to send"),
    "sending": gettext_lazy("being sent"),
    "sent": gettext_lazy("sent"),
    "uncertain": gettext_lazy("uncertain"),
    "withdrawn": gettext_lazy("withdrawn"),
    "analyst": gettext_lazy("analyst"),
    "operator": gettext_lazy("operator"),
    "rights_holder": gettext_lazy("rights holder"),
    "trainee": gettext_lazy("trainee"),
    "same": gettext_lazy("same"),
    "width": gettext_lazy("other width"),
    "variant": gettext_lazy("variant"),
    "script": gettext_lazy("other script"),
    "split": gettext_lazy("split"),
    "pinyin": gettext_lazy("pinyin"),
    "initial": gettext_lazy("initial"),
    "look_alike": gettext_lazy("look-alike"),
    "leet": gettext_lazy("digit for letter"),
    "same_sound": gettext_lazy("same sound"),
    "near_sound": gettext_lazy("near sound"),
    "keyboard": gettext_lazy("next key"),
    "swapped": gettext_lazy("swapped"),
    "doubled": gettext_lazy("doubled"),
    "inserted": gettext_lazy("inserted"),
    "dropped": gettext_lazy("dropped"),
    "invisible": gettext_lazy("invisible"),
    "separator": gettext_lazy("set apart"),
    "other": gettext_lazy("other"),
    "affix": gettext_lazy("added word"),
    "page": gettext_lazy("page"),
    "screenshot": gettext_lazy("screenshot"),
}


def word(value: str) -> str:
    """What ``value`` (a member of one of the model's vocabularies) is called in the reader's language."""
    found = _WORDS.get(str(value))
    return str(found) if found is not None else str(value).replace("_", " ")


def queue_title(measure: str) -> str:
    """The name of a measure's queue."""
    names = {"27": _("Marks and products"), "28": _("Literature"), "36": _("Copyright and marks online")}
    return names.get(measure, measure)
