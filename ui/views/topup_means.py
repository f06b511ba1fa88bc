"""How a payment is made, in words, by who takes the money.

Any page that a phone opens is told alike; a provider that works otherwise has its own words here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.usecases.reload_progress import Progress
from ui.context import Context
from ui.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The words of one way to pay, in the source language.

    ``by`` is told before the sum is asked for; ``steps`` are the first two things to do, ``card``,
    ``ticket`` and ``bill`` the third one, for a load, an entry and a bill; ``spoken`` says {sum} in
    words; ``glyph`` stands in place of a code to scan, "" where there is one.
    """

    by: str
    headline: str
    steps: tuple[str, str]
    card: str
    ticket: str
    bill: str
    spoken: str
    note: str = ""
    glyph: str = ""


PHONE = Means(
    by=N_("Avec votre téléphone"),
    headline=N_("Payez avec votre téléphone"),
    steps=(N_("1. Scannez le code"), N_("2. Vérifiez l’adresse et le montant")),
    card=N_("3. Payez, puis reposez la carte"),
    ticket=N_("3. Payez\u00a0: le billet s’affiche ici"),
    bill=N_("3. Payez\u00a0: le reçu s’affiche ici"),
    spoken=N_("Payez {sum} avec votre téléphone."),
)
PAYFIP = Means(
    by=N_("Avec PayFiP, sur votre téléphone"),
    headline=N_("Payez sur la page PayFiP"),
    steps=(N_("1. Scannez le code"), N_("2. Vérifiez l’adresse et le montant")),
    card=N_("3. Payez avec PayFiP, puis reposez la carte"),
    ticket=N_("3. Payez avec PayFiP\u00a0: le billet s’affiche ici"),
    bill=N_("3. Payez avec PayFiP\u00a0: le reçu s’affiche ici"),
    spoken=N_("Payez {sum} avec PayFiP, sur votre téléphone."),
)
TERMINAL = Means(
    by=N_("Sur le terminal de paiement"),
    headline=N_("Suivez le terminal de paiement"),
    steps=(N_("1. Vérifiez le montant sur le terminal"), N_("2. Présentez-y votre carte bancaire")),
    card=N_("3. Reposez ensuite votre carte ici"),
    ticket=N_("3. Le billet s’affiche ici"),
    bill=N_("3. Le reçu s’affiche ici"),
    spoken=N_("Payez {sum} sur le terminal de paiement."),
    note=N_("Le terminal a besoin du réseau\u00a0: sans réseau, il ne prend aucun paiement."),
    glyph="credit-card",
)
_MEANS: Mapping[str, Means] = {"payfip": PAYFIP, "stripe_terminal": TERMINAL}


def means_of(context: Context, progress: Progress | None = None) -> Means:
    """Give how this payment is made; before it began, how the next one will be."""
    payment = None if progress is None else progress.payment
    told = payment.provider if payment is not None else ""
    return _MEANS.get(told or context.wallet.provider, PHONE)
