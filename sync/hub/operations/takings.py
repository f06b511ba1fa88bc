"""The pages of closings: what each kiosk took by which means, and whether its chain holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from django.views.decorators.http import require_safe

from kiosk.domain.closing import Period
from kiosk.domain.errors import NothingThere
from kiosk.domain.ledger import INCOME, Account
from sync.hub.accounts.rights import Action
from sync.hub.devices.models import Device
from sync.hub.events.closings import Anchor, Chain, Fault, chain_of
from sync.hub.office.gate import allowed, allowed_somewhere
from sync.hub.operations import sheet

KIOSKS_MAX: Final = 200
SHOWN_MAX: Final = 120  # closings on a kiosk's page; the file has them all
PERIODS: Final[dict[Period, str]] = {
    "day": gettext_noop("jour"),
    "month": gettext_noop("mois"),
    "year": gettext_noop("année"),
}
FAULTS: Final = {
    Fault.UNREADABLE: gettext_lazy("contenu illisible"),
    Fault.GAP: gettext_lazy("il manque une clôture avant celle-ci"),
    Fault.TWICE: gettext_lazy("ce numéro est venu deux fois\u00a0: peut-être une copie"),
    Fault.BROKEN: gettext_lazy("elle ne suit pas la précédente\u00a0: le journal a été réécrit"),
    Fault.UNSIGNED: gettext_lazy("la signature n’est pas celle de cette borne"),
    Fault.BACKWARDS: gettext_lazy("le total perpétuel a baissé"),
}
MEANS: Final = (Account.BANK_CLEARING, Account.CASH_DRAWER, Account.CHEQUE_DRAWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A closing as it is shown; sums are in euros, "" where only the hash came."""

    number: int
    at: str
    digest: str
    faults: tuple[str, ...]
    period: str = ""
    name: str = ""
    means: tuple[str, ...] = ("",) * len(MEANS)
    income: str = ""
    total: str = ""
    perpetual: str = ""
    suspense: str = ""


@require_safe
def takings(request: HttpRequest) -> HttpResponse:
    """Show each kiosk's last closing and how its chain stands."""
    own = allowed_somewhere(request, Action.CLOSINGS)
    devices = Device.objects.filter(territory__in=own).select_related("territory")
    chains = [chain_of(one) for one in devices[:KIOSKS_MAX]]
    lines = [
        (one.device, _row(one.last) if one.last else None, one, _standing(one)) for one in chains
    ]
    more = max(devices.count() - KIOSKS_MAX, 0)
    return render(request, "operations/takings.html", {"lines": lines, "more": more})


@require_safe
def kiosk(request: HttpRequest, kiosk: str) -> HttpResponse:
    """Show the closings of one kiosk, the newest first."""
    chain = _chain(request, kiosk)
    rows = [_row(one) for one in reversed(chain.anchors[-SHOWN_MAX:])]
    told = {
        "device": chain.device,
        "rows": rows,
        "is_sound": not chain.faults,
        "standing": _standing(chain),
        "more": len(chain.anchors) - len(rows),
    }
    return render(request, "operations/closings.html", told)


@require_safe
def export(request: HttpRequest, kiosk: str) -> HttpResponse:
    """Give all closings of one kiosk as CSV."""
    chain = _chain(request, kiosk)
    answer = HttpResponse(sheet.written(_lines(chain)), content_type=sheet.MEDIA)
    name = f"clotures-{chain.device.territory_id}-{chain.device.name}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _chain(request: HttpRequest, kiosk: str) -> Chain:
    device = Device.objects.filter(pk=kiosk).select_related("territory").first()
    if device is None:
        raise NothingThere("no such kiosk")
    allowed(request, Action.CLOSINGS, device.territory_id)
    return chain_of(device)


def _standing(chain: Chain) -> str:
    if not chain.anchors:
        return _("Aucune clôture reçue")
    count = len(chain.faults)
    if not count:
        return _("Chaîne intacte")
    return ngettext("%d anomalie", "%d anomalies", count) % count


def _row(anchor: Anchor, euros: Callable[[int], str] = sheet.shown) -> Row:
    row = Row(
        number=anchor.number,
        at=anchor.at,
        digest=anchor.digest,
        faults=tuple(str(FAULTS[one]) for one in anchor.faults),
    )
    closing = anchor.closing
    if closing is None:
        return row
    incomes = [name for name in closing.now.accounts if name.startswith(INCOME)]
    return replace(
        row,
        period=_(PERIODS[closing.period]),
        name=closing.name,
        means=tuple(euros(closing.moved(one)) for one in MEANS),
        income=euros(-sum(closing.moved(name) for name in incomes)),
        total=euros(closing.cents),
        perpetual=euros(closing.now.cents),
        suspense=euros(closing.suspense),
    )


def _lines(chain: Chain) -> Iterator[list[str | int]]:
    yield [
        "borne", "numéro", "période", "nom", "moment", "carte bancaire (€)", "espèces (€)",
        "chèques (€)", "recettes (€)", "total de la période (€)", "total perpétuel (€)",
        "en suspens (€)", "empreinte", "anomalies",
    ]  # fmt: skip
    for one in (_row(anchor, sheet.euros) for anchor in chain.anchors):
        yield [
            chain.device.name, one.number, one.period, one.name, one.at, *one.means, one.income,
            one.total, one.perpetual, one.suspense, one.digest, " / ".join(one.faults),
        ]  # fmt: skip
