"""What people write for the kiosks: one form a kind of content, on the same ground.

A form is made on a ``Ground``, what it needs to know of its territory, and filled with the content
that is changed, if any. Moments are read in the zone in force (the territory's).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from kiosk.domain.record import Json
from kiosk.domain.text import clean, clean_line
from sync.hub.office.forms import speaking
from sync.hub.office.menu_table import TABLE_BYTES_MAX, Reading, kept_bytes
from sync.hub.office.models import BODY_MAX, TITLE_MAX, Content, Kind, Level
from sync.hub.office.moderation import Written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOMENT: Final = "%Y-%m-%dT%H:%M"  # as <input type="datetime-local"> reads and writes it
LINE_MAX: Final = 120
DAYS_MAX: Final = 366
ASSUMED: Final = timedelta(hours=2)  # an event's length where nobody gave it, as kiosks take it
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT", re.ASCII)
_SPAN = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)", re.ASCII)
SPANS_MAX: Final = 4

Cleaned = dict[str, Any]


def _moment(label: StrOrPromise, *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )


def _day(label: StrOrPromise) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=widget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a form is made on.

    ``places`` are paths and names of the places with hours; ``read`` reads a file of menus.
    """

    has_communes: bool = False
    places: Sequence[tuple[str, str]] = ()
    read: Callable[[bytes], Reading]


class ContentForm(forms.Form):
    """What every content has: a title, when it is shown, and whether in the communes too."""

    title = forms.CharField(label=_("Titre"), max_length=TITLE_MAX)
    body = forms.CharField(
        label=_("Texte"),
        max_length=BODY_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    valid_from = _moment(_("Afficher à partir du (vide\u00a0: dès la publication)"), required=False)
    valid_until = _moment(_("Retirer le (vide\u00a0: quand c’est fini)"), required=False)
    cascades = forms.BooleanField(
        label=_("Montrer aussi dans les communes du territoire"), required=False
    )

    facts: ClassVar[tuple[str, ...]] = ()  # the fields that go into ``data`` as they are
    lasts: ClassVar[tuple[str, ...]] = ("valid_from", "valid_until", "cascades")
    reading: Reading | None = None

    def __init__(
        self,
        said: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        ground: Ground,
        content: Content | None = None,
    ) -> None:
        super().__init__(said, files, initial=self._initial(content) if content else None)
        self.ground, self.content = ground, content
        if not ground.has_communes:
            del self.fields["cascades"]
        order = [name for name in self.fields if name not in self.lasts]
        self.order_fields([*order, *self.lasts])

    def clean_title(self) -> str:
        """Clean the title as every text from outside; it can't become empty."""
        title = clean_line(str(self.cleaned_data["title"]), limit=TITLE_MAX)
        if not title:
            raise forms.ValidationError(_("Remplissez ce champ."))
        return title

    def clean_body(self) -> str:
        """Clean the text."""
        return clean(str(self.cleaned_data["body"]), limit=BODY_MAX)

    def clean(self) -> Cleaned:
        """Hold the end after the beginning; where none was given it is the content's own."""
        cleaned: Cleaned = super().clean() or self.cleaned_data
        if "valid_until" in cleaned and cleaned["valid_until"] is None:
            cleaned["valid_until"] = self.natural_end(cleaned)
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("valid_until", _("La fin vient après le début."))
        return cleaned

    def natural_end(self, cleaned: Cleaned) -> datetime | None:
        """Give when the content is over by itself; None where that can't be told."""
        del cleaned
        return None

    def told(self) -> dict[str, Json]:
        """Give what goes into the content's ``data``."""
        return {name: _json(self.cleaned_data[name]) for name in self.facts}

    def asks_once_more(self) -> bool:
        """Say whether what was read is to be looked at before it is kept."""
        return False

    def written(self) -> Written:
        """Give what was written, once it is valid."""
        said = self.cleaned_data
        return Written(
            title=said["title"],
            body=said.get("body", ""),
            data=self.told(),
            cascades=bool(said.get("cascades", False)),
            valid_from=said["valid_from"],
            valid_until=said["valid_until"],
        )

    def _initial(self, content: Content) -> dict[str, object]:
        names = ("title", "body", "valid_from", "valid_until", "cascades")
        own = {name: _value(content.data.get(name)) for name in self.facts}
        return {**{name: getattr(content, name) for name in names}, **own}


class NoticeForm(ContentForm):
    """A message to everybody."""

    level = forms.ChoiceField(label=_("Niveau"), choices=Level.choices)
    valid_until = _moment(_("Retirer le"))
    facts = ("level",)


class EventForm(ContentForm):
    """An entry of the agenda."""

    starts_at = _moment(_("Commence le"))
    ends_at = _moment(_("Finit le"), required=False)
    place = forms.CharField(label=_("Lieu"), max_length=LINE_MAX, required=False)
    commune = forms.CharField(label=_("Commune"), max_length=LINE_MAX, required=False)
    price = forms.CharField(label=_("Prix"), max_length=LINE_MAX, required=False)
    facts = ("starts_at", "ends_at", "place", "commune", "price")

    def clean(self) -> Cleaned:
        """Hold the event's end after its beginning, its lines clean."""
        cleaned = super().clean()
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends_at", _("La fin vient après le début."))
        for name in ("place", "commune", "price"):
            cleaned[name] = clean_line(str(cleaned.get(name) or ""), limit=LINE_MAX)
        return cleaned

    def natural_end(self, cleaned: Cleaned) -> datetime | None:
        """Give the event's end."""
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        return ends or (begins + ASSUMED if begins else None)


class OpeningForm(ContentForm):
    """Other hours of a place on some days."""

    title = forms.CharField(label=_("Motif"), max_length=TITLE_MAX)
    place = forms.ChoiceField(label=_("Lieu"))
    first_day = _day(_("Du"))
    last_day = _day(_("Au (inclus)"))
    hours = forms.CharField(
        label=_("Horaires, par exemple 09:00-12:00,14:00-17:00 (vide\u00a0: fermé)"),
        max_length=60,
        required=False,
    )
    facts = ("place", "first_day", "last_day", "hours")

    def __init__(self, *args: Any, **named: Any) -> None:  # those of ContentForm
        super().__init__(*args, **named)
        del self.fields["body"]
        choice = self.fields["place"]
        assert isinstance(choice, forms.ChoiceField), "it is declared so"
        choice.choices = list(self.ground.places)

    def clean_hours(self) -> str:
        """Hold the hours to the times of a day, one span after the other."""
        hours = clean_line(str(self.cleaned_data["hours"])).replace(" ", "")
        spans = hours.split(",") if hours else []
        times = [moment for span in spans for moment in span.split("-")]
        in_order = all(first < then for first, then in pairwise(times))
        if len(spans) > SPANS_MAX or not in_order or not all(map(_SPAN.fullmatch, spans)):
            raise forms.ValidationError(
                _("Écrivez les heures ainsi\u00a0: 09:00-12:00,14:00-17:00.")
            )
        return hours

    def clean(self) -> Cleaned:
        """Hold the last day after the first, and not too far."""
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first is not None and last is not None:
            if last < first:
                self.add_error("last_day", _("La fin vient après le début."))
            elif (last - first).days >= DAYS_MAX:
                self.add_error("last_day", _("Au plus une année."))
        return cleaned

    def natural_end(self, cleaned: Cleaned) -> datetime | None:
        """Give the midnight after the last day."""
        last = cleaned.get("last_day")
        return _midnight_after(last) if last else None


class MenuForm(ContentForm):
    """A file of menus: looked at before it is kept, refused whole when a line is faulty."""

    title = forms.CharField(label=_("Nom de ces menus"), max_length=TITLE_MAX)
    table = forms.FileField(label=_("Fichier CSV, 128 Kio au plus"), required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=TABLE_BYTES_MAX * 2)

    def __init__(self, *args: Any, **named: Any) -> None:  # those of ContentForm
        super().__init__(*args, **named)
        del self.fields["body"]

    def clean(self) -> Cleaned:
        """Read the file that came, or the one that was looked at."""
        given = self.cleaned_data.get("table")
        raw = _bytes_of(given) if given else kept_bytes(str(self.cleaned_data.get("kept") or ""))
        if raw:
            self.reading = self.ground.read(raw)
            if self.reading.faults:
                self.add_error("table", _("Ce fichier a des fautes\u00a0; rien n’en est repris."))
        elif "table" not in self.errors and self.content is None:
            self.add_error("table", _("Choisissez un fichier."))
        return super().clean()

    def clean_table(self) -> UploadedFile | None:
        """Hold the file to its size."""
        given: UploadedFile | None = self.cleaned_data["table"]
        if given is not None and (given.size or 0) > TABLE_BYTES_MAX:
            raise forms.ValidationError(_("Ce fichier dépasse 128 Kio. Coupez-le par mois."))
        return given

    def asks_once_more(self) -> bool:
        """Say whether the file has only just come."""
        return self.reading is not None and "accept" not in self.data

    def told(self) -> dict[str, Json]:
        """Give the meals of the file, or those that are there already."""
        if self.reading is not None:
            return {"meals": [meal.kept() for meal in self.reading.meals]}
        return self.content.data if self.content is not None else {}

    def natural_end(self, cleaned: Cleaned) -> datetime | None:
        """Give the midnight after the last meal."""
        del cleaned
        days = self.reading.days if self.reading else ()
        return _midnight_after(max(days)) if days else None


def _bytes_of(given: UploadedFile) -> bytes:
    raw = given.read(TABLE_BYTES_MAX + 1)
    return raw if isinstance(raw, bytes) else raw.encode()


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _json(value: str | date | None) -> Json:
    """Give a field's value as JSON holds it; moments keep their offset."""
    return value.isoformat() if isinstance(value, date) else value


def _value(value: Json) -> object:
    """Give what a field shows of a value that JSON held."""
    if isinstance(value, str) and _ISO_MOMENT.match(value):
        return datetime.fromisoformat(value)
    return value


FORMS: Final[Mapping[Kind, type[ContentForm]]] = {
    Kind.NOTICE: NoticeForm,
    Kind.EVENT: EventForm,
    Kind.OPENING: OpeningForm,
    Kind.MENU: MenuForm,
}
speaking(*FORMS.values())
