"""What the lower rooms say, in the reader's language: their sentences are English with values put in.

A sentence is known by its form; the values go over as they are. What is not known stays English. Pure.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

from infringewatch.web.notice_words import SENTENCES

_ = gettext_noop
FORMS: tuple[str, ...] = (
    *SENTENCES,
    _("%(who)s has decided this hit in the meantime"),
    _("your role may look at hits but not decide them"),
    _("your role may look at hits but not put them aside"),
    _("your role may look at hits but not send crawlers to them"),
    _("your role may not add permissions"),
    _("your role may not draft notices"),
    _("your role may not hand in watch lists"),
    _("your role may not let notices through"),
    _("your role may not open cases"),
    _("your role may not withdraw this notice"),
    _("your role may not start or stop campaigns"),
    _("a trainee may draft notices but not send them"),
    _("a hit that is %(before)s cannot become %(after)s"),
    _("a notice that is %(before)s cannot become %(after)s"),
    _("there is no decision of yours on this hit to undo"),
    _("a decision can be undone for ten minutes; decide anew instead"),
    _("a notice has gone out on this decision"),
    _("a case needs hits of one right holder"),
    _("only hits that a person decided as infringing can be pursued"),
    _("there is no hit %(n)s"),
    _("there is no case %(n)s"),
    _("there is no notice %(n)s"),
    _("there is no run %(n)s"),
    _("shutdown"),
    _("there is no watch list %(n)s"),
    _("there is no campaign %(n)s"),
    _("there is no queue %(n)s"),
    _("there is no notice text for %(way)s"),
    _("there is no screenshot of this hit yet"),
    _("the screenshot of this hit is no PNG"),
    _("there is no sealed bundle to export"),
    _("no copied text is recorded for this hit"),
    _("this page of the queue cannot be found: its address is damaged"),
    _("this page of results cannot be found: its address is damaged"),
    _("the file that you handed in is gone: hand it in again"),
    _("log in first"),
    _("run %(n)s of this campaign is waiting or at work already"),
    _("run %(n)s is neither interrupted nor failed"),
    _("run %(n)s is in other hands: %(who)s works on it"),
    _("run %(n)s has ended (%(state)s); there is nothing to go on with"),
    _("asked to stop by %(who)s"),
    _("the crawler ended with code %(n)s"),
    _("the id of a campaign stays: %(id)s"),
    _("the id %(id)s is taken"),
    _("forbidden by robots.txt"),
    _("denied by the profile"),
    _("the host answers %(n)s"),
    _("a missing page answers %(n)s"),
    _("probed: shows the words that the profile names for a missing page"),
    _("choose rows first"),
    _("this verdict does not exist"),
    _("the case has changed since the gate passed this notice: draft it anew"),
    _("the gate has not passed this text"),
    _("the gate passed another text than this one"),
    _("this notice has moved on in the meantime"),
    _("run %(n)s is in other hands or has ended"),
    _("run %(n)s has ended"),
    _("missing from the vault: %(name)s"),
    _("changed since it was sealed: %(name)s"),
    _("cannot be read from the vault: %(name)s"),
    _("the search index %(path)s cannot be used: %(why)s"),
    _("registration_no %(number)s already stands in the list “%(name)s”"),
    _("%(file)s: %(n)s faulty rows; nothing was stored"),
    _("%(file)s: no row is good; nothing was stored"),
    _("%(file)s: is no CSV, TSV, XLSX or JSON file"),
    _("%(file)s: is a ZIP: unpack it and name the list in it"),
    _("%(file)s: is no text file"),
    _("%(file)s: is empty"),
    _("%(file)s: is no readable XLSX workbook (%(why)s)"),
    _("%(file)s: the workbook is damaged (%(why)s)"),
    _("%(file)s: is no valid JSON (%(why)s)"),
    _('%(file)s: a list of objects, or an object with "rights", is needed'),
    _("%(file)s: would unpack to %(n)s MB, which is refused"),
    _("%(file)s: is larger than %(n)s MB"),
    _("%(file)s: two entries have the same name"),
    _("%(file)s: is no ZIP file that can be unpacked (%(why)s)"),
    _("%(file)s: holds more than %(n)s files"),
    _("%(file)s: is encrypted"),
    _("%(file)s: the entry %(name)s leads out of the folder, or is a link"),
    _("%(file)s: must hold one list (CSV, TSV, XLSX or JSON) at its top; found %(found)s"),
    _("the list has more than %(n)s rows: divide it"),
    _("the file is larger than %(n)s MB: divide the list"),
    _("%(value)s is not one of %(options)s"),
    _("%(value)s is not a date in the form 2026-01-31"),
    _("%(value)s is no day of the calendar"),
    _("%(value)s is not a number such as 1299 or 1299.50"),
    _("%(value)s is no currency code such as CNY or USD (ISO 4217)"),
    _("%(value)s is neither yes nor no"),
    _("%(value)s is not a Nice class from 1 to 45"),
    _("%(value)s: write the host alone, without http://"),
    _("%(value)s is not host, host:port or *.host, with a path where only a part is licensed"),
    _("%(value)s: dates are written host@2026-01-01..2026-12-31"),
    _("%(value)s: the licence ends before it begins"),
    _("%(value)s must be relative to the list's folder"),
    _("%(value)s lies outside the list's folder"),
    _("%(value)s cannot be looked at: %(why)s"),
    _("%(value)s is no file"),
    _("%(value)s does not exist"),
    _("%(value)s in %(folder)s leads out of the list's folder"),
    _("%(value)s lies before valid_from (%(start)s)"),
    _("lies before valid_from (%(start)s)"),
    _("a product needs the registration_no of its trademark"),
    _("%(value)s stands here twice; its findings could not say which"),
    _("a single value is needed, not a list"),
    _("holds a character that cannot be stored (a control or half a character)"),
    _("is longer than %(n)s characters"),
    _("is missing"),
    _("must not be empty"),
    _("stands in the header twice"),
    _("this column is missing"),
    _("cell %(n)s has no heading"),
    _("no trademark in this list has the registration_no %(value)s"),
    _("the trademark %(value)s has faults itself (row %(n)s)"),
    _("%(value)s stands in row %(n)s already"),
    _("a quotation mark is opened here and never closed"),
    _("a JSON object is needed"),
    _("%(name)s: a text, a number, yes or no, or a list of texts is needed"),
    _("there is no site profile %(name)s"),
    _("campaign %(id)s: there is no site profile %(name)s"),
    _("campaign %(id)s: there is no watch list “%(name)s”"),
    _("a key must be a plain word"),
    _("this key stands here twice"),
    _("unknown key"),
    _("unknown key (did you mean %(word)s?)"),
    _("%(value)s does not have the right form"),
    _("%(value)s is neither true nor false"),
    _("a list of texts is needed"),
    _("each entry must be a text"),
    _("a table of keys and values is needed"),
    _("a list of tables is needed"),
    _("a single value is needed, not a list or a table"),
    _("%(value)s is not a whole number"),
    _("%(value)s is not a number"),
    _("%(value)s is not between %(low)s and %(high)s"),
    _("%(value)s is not a regular expression: %(why)s"),
    _("not valid YAML: %(why)s"),
    _("is larger than %(n)s MB"),
    _("is not UTF-8"),
    _("at least one site is needed: names of profiles, or profiles under `profiles`"),
    _("%(value)s is not a time zone such as Asia/Shanghai"),
    _("%(value)s is not a cron line of five fields such as `30 2 * * mon-fri`"),
    _("%(value)s is not an http or https address"),
    _("%(value)s is not a host, host:port or *.host"),
    _("%(value)s is not a known encoding"),
    _("css or pattern is needed"),
    _("is no field of an item; there are %(names)s"),
    _("%(name)s has 1 mistake"),
    _("%(name)s has %(n)s mistakes"),
)
_VALUE = re.compile(r"%\((\w+)\)s")


def say(sentence: str) -> str:
    """``sentence`` in the reader's language, as far as its form is known; ours are preferred to more general ones."""
    known = gettext(sentence)
    if known != sentence:
        return known
    for form, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            return gettext(form) % match.groupdict()
    return sentence


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each form with the pattern that knows it, those with more fixed text first."""
    forms = sorted(FORMS, key=lambda form: -len(_VALUE.sub("", form)))
    return tuple((form, _pattern(form)) for form in forms if _VALUE.search(form))


def _pattern(form: str) -> re.Pattern[str]:
    pieces = _VALUE.split(form)
    parts = [f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)]
    return re.compile("".join(parts), re.DOTALL)
