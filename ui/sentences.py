"""What the citizen reads when something is refused or unavailable: one sentence a message key.

No exception's own text is ever shown (UX.md, principle 5).
"""

from __future__ import annotations

from collections.abc import Mapping

from ui.words import N_, Words

SENTENCES: Mapping[str, str] = {
    "input.refused": N_("Cette demande n’est pas possible ici. Demandez à l’accueil."),
    "hours.not_understood": N_("Ces horaires ne se lisent pas. Demandez à l’accueil."),
    "amount.refused": N_("Ce montant n’est pas possible. Choisissez-en un autre."),
    "currency.refused": N_("Seuls les euros sont acceptés. Demandez à l’accueil."),
    "card.foreign": N_("Ce n’est pas une carte de vie quotidienne. Rien n’y a été lu."),
    "card.blocked": N_("Cette carte est bloquée. À l’accueil, un agent peut vous aider."),
    "card.expired": N_("Cette carte n’est plus valable. À l’accueil, un agent la renouvelle."),
    "card.other": N_("C’est une autre carte. Reposez celle du début."),
    "payment.declined": N_("Le paiement a été refusé. Rien n’est débité."),
    "payment.unknown": N_("Ce paiement doit être vérifié par un agent. Demandez à l’accueil."),
    "provider.refused": N_("Le paiement est mal réglé ici. Demandez à l’accueil."),
    "webhook.stale": N_("Cet avis de paiement est trop ancien. Un agent doit le vérifier."),
    "till.closed": N_("La caisse est fermée. Demandez à l’accueil quand elle ouvre."),
    "purse.empty": N_("Il n’y a pas assez sur la carte. Vous pouvez la recharger ici."),
    "purse.full": N_("Avec cette somme, la carte dépasserait son maximum. Choisissez moins."),
    "card.pulled": N_("La carte a été retirée trop tôt. Reposez la même carte."),
    "reader.absent": N_("Le lecteur de cartes ne répond pas. Demandez à l’accueil."),
    "data.absent": N_("Cette information n’est pas arrivée. Demandez à l’accueil."),
    "payment.unavailable": N_("Le paiement ne répond pas pour l’instant. Nous réessayons."),
    "ledger.busy": N_("La recharge n’est pas possible pour l’instant. Réessayez dans une minute."),
    "storage.full": N_("La recharge n’est pas possible ici. Rien n’est débité."),
    "card.tampered": N_("Cette carte ne peut pas être lue sûrement. Allez à l’accueil avec elle."),
    "webhook.forged": N_("Cet avis de paiement n’est pas de la banque. Rien n’a été fait."),
    "ledger.tampered": N_("La recharge est arrêtée ici. Allez à l’accueil avec votre carte."),
}


def sentence(words: Words, message_key: str) -> str:
    """Give the sentence of a message key; "" for none."""
    return words(SENTENCES[message_key]) if message_key else ""
