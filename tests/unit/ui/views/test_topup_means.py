"""The ways to pay, as the pay screen tells them by who takes the money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.steps import play
from ui.context import Context
from ui.views.topup import build_topup
from ui.views.topup_frame import TopupFrame
from ui.views.topup_means import PAYFIP, PHONE, TERMINAL, means_of

Orne = Callable[..., Context]


@pytest.fixture
def context(orne: Orne) -> Context:
    return orne()


def paying_with(context: Context, provider: str, url: str | None = None) -> TopupFrame:
    play("topup-pay", context)
    progress = context.wallet.progress
    assert progress is not None
    assert progress.payment is not None
    payment = replace(progress.payment, provider=provider)
    if url is not None:
        payment = replace(payment, url=url)
    context.wallet = replace(context.wallet, progress=replace(progress, payment=payment))
    return build_topup(context)


@pytest.mark.parametrize("provider", ["simulator", "stripe_checkout", "", "a_new_one"])
def test_a_page_of_whoever_is_paid_with_the_phone(context: Context, provider: str) -> None:
    frame = paying_with(context, provider)
    assert frame.headline == "Payez avec votre téléphone"
    assert frame.qr
    assert (frame.glyph, frame.footnote) == ("", "")


def test_payfip_is_named_and_its_address_is_in_clear(context: Context) -> None:
    frame = paying_with(context, "payfip", "https://www.payfip.gouv.fr/tpa/paiementws.web?idop=1")
    assert frame.headline == "Payez sur la page PayFiP"
    assert frame.host == "www.payfip.gouv.fr"
    assert frame.qr


def test_a_terminal_shows_no_code_and_says_that_it_needs_the_network(context: Context) -> None:
    frame = paying_with(context, "stripe_terminal", "")
    assert (frame.qr, frame.host, frame.code) == ("", "", "")
    assert frame.glyph == "credit-card"
    assert "besoin du réseau" in frame.footnote
    assert frame.spoken[:2] == ("Payez vingt euros sur le terminal de paiement.", frame.footnote)


def test_the_counter_s_code_is_there_beside_a_terminal_too(context: Context) -> None:
    paying_with(context, "stripe_terminal", "")
    context.wallet = replace(context.wallet, counter=True)
    assert (
        build_topup(context).rows[-1].heading == "Code du guichet\u00a0: 1020\u00a00048\u00a02115"
    )


def test_before_the_payment_the_hub_s_word_counts(context: Context) -> None:
    assert means_of(context) is PHONE
    context.wallet = context.wallet.taken_by("payfip")
    assert means_of(context) is PAYFIP


def test_a_payment_s_own_word_goes_before(context: Context) -> None:
    paying_with(context, "stripe_terminal")
    context.wallet = context.wallet.taken_by("payfip")
    assert means_of(context, context.wallet.progress) is TERMINAL


@pytest.mark.parametrize(
    ("provider", "simulated"), [("simulator", True), ("stripe_terminal", False), ("", True)]
)
def test_only_a_provider_that_moves_money_takes_the_mark_away(
    context: Context, provider: str, simulated: bool
) -> None:
    play("topup-pay", context)
    assert context.wallet.taken_by(provider).simulated == simulated
    assert context.wallet.taken_by(provider).forgotten().simulated == simulated
