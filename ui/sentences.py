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
    "card.absent": N_("Posez d’abord la carte ou le badge sur le lecteur."),
    "card.blocked": N_("Cette carte est bloquée. À l’accueil, un agent peut vous aider."),
    "card.expired": N_("Cette carte n’est plus valable. À l’accueil, un agent la renouvelle."),
    "card.two": N_("Une seule carte à la fois, s’il vous plaît. Retirez l’autre."),
    "card.other": N_("C’est une autre carte. Reposez celle du début."),
    "payment.declined": N_("Le paiement a été refusé. Rien n’est débité."),
    "payment.unknown": N_("Ce paiement doit être vérifié par un agent. Demandez à l’accueil."),
    "purse.empty": N_("Il n’y a pas assez sur la carte. Rechargez-la à une borne ou à l’accueil."),
    "code.foreign": N_("Ce code n’est pas un code de ce territoire."),
    "code.tampered": N_("Ce code a été modifié\u00a0: il n’est pas valable. Allez à l’accueil."),
    "code.wrong": N_("Ce code n’est pas le bon. Comparez-le avec votre téléphone."),
    "counter.code": N_("Aucune borne n’a donné ce code. Relisez-le, puis retapez-le."),
    "ticket.unknown": N_("Aucun billet payé ici ne porte ce numéro. Relisez-le sur le billet."),
    "bill.unknown": N_("Cette facture ne se paie pas ici. Demandez à l’accueil."),
    "bill.reference": N_("Cette référence n’est pas complète. Recopiez-la comme sur la facture."),
    "bill.paid": N_("Cette facture est déjà payée. Rien n’est débité."),
    "bill.busy": N_(
        "Cette facture est en cours de paiement. Rien d’autre n’est débité. Réessayez plus tard, "
        "ou demandez à l’accueil."
    ),
    "code.closed": N_(
        "Trop de codes faux\u00a0: celui-ci est fermé. Ce qui est payé n’est pas perdu\u00a0: "
        "posez la carte ici un autre jour, ou allez à l’accueil."
    ),
    "code.expired": N_("Ce code n’est plus valable. Ce qui est payé n’est pas perdu."),
    "printer.paper": N_("Il n’y a plus de papier. Prenez le reçu sur votre téléphone."),
    "printer.unavailable": N_("L’imprimante ne répond pas. Prenez le reçu sur votre téléphone."),
    "provider.refused": N_("Le paiement est mal réglé ici. Demandez à l’accueil."),
    "webhook.stale": N_("Cet avis de paiement est trop ancien. Un agent doit le vérifier."),
    "till.closed": N_("La caisse est fermée. Demandez à l’accueil quand elle ouvre."),
    "till.open": N_("La caisse est déjà ouverte."),
    "till.frozen": N_("La caisse est comptée ou en contrôle\u00a0: aucun argent ne bouge."),
    "till.other": N_("Une autre personne tient la caisse. Faites d’abord le passage de caisse."),
    "till.drawer_full": N_("Le tiroir dépasserait son plafond. Faites d’abord un dégagement."),
    "till.drawer_short": N_("Le tiroir ne contient pas cette somme."),
    "till.second": N_("Il faut deux personnes, dont un responsable. La seconde pose son badge."),
    "till.reversal": N_("Cette écriture ne peut pas être contre-passée."),
    "purse.full": N_("Avec cette somme, la carte dépasserait son maximum. Choisissez moins."),
    "product.unknown": N_("Ce produit n’est plus vendu ici. Demandez à l’accueil."),
    "card.limit": N_("La limite sans réseau est atteinte. Réessayez plus tard, ou à l’accueil."),
    "move.disputed": N_("La dernière opération de cette carte doit être vérifiée à l’accueil."),
    "transfer.too_soon": N_("Le solde de la carte perdue ne peut pas encore être déplacé."),
    "pin.refused": N_("Ce code n’est pas le bon. Réessayez."),
    "pin.locked": N_("Trop de codes faux. Réessayez plus tard, ou demandez à l’accueil."),
    "staff.only": N_("Ce badge ne donne pas le droit de faire cela."),
    "loan.refused": N_("La médiathèque ne le permet pas. Demandez à son accueil."),
    "report.personal": N_(
        "Ces mots contiennent un numéro de téléphone ou une adresse e-mail. Effacez-les."
    ),
    "report.too_many": N_(
        "Cette borne a déjà envoyé beaucoup de signalements. Réessayez dans une heure."
    ),
    "period.closed": N_("Cette période est déjà clôturée."),
    "blocklist.old": N_("Sans réseau depuis trop longtemps : la carte est seulement lue."),
    "library.unavailable": N_("La médiathèque ne répond pas pour l’instant. Réessayez plus tard."),
    "card.full": N_("Votre carte n’a plus de place pour un abonnement. Demandez à l’accueil."),
    "card.key_absent": N_("Cette borne ne peut pas le faire hors connexion. Réessayez plus tard."),
    "card.keys_awaited": N_("Cette borne ne lit pas encore les cartes. Demandez à l’accueil."),
    "card.credit_spent": N_("Cette borne ne peut plus recharger de carte pour le moment."),
    "card.pulled": N_("La carte a été retirée trop tôt. Reposez la même carte."),
    "reader.absent": N_("Le lecteur de cartes ne répond pas. Demandez à l’accueil."),
    "data.absent": N_("Cette information n’est pas arrivée. Demandez à l’accueil."),
    "payment.unavailable": N_("Le paiement ne répond pas pour l’instant. Nous réessayons."),
    "ledger.busy": N_("La recharge n’est pas possible pour l’instant. Réessayez dans une minute."),
    "hub.nothing": N_("Cela n’est pas connu de la mairie."),
    "signature.refused": N_("Cette borne n’est pas reconnue. Allez à l’accueil."),
    "device.revoked": N_("Cette borne est hors service. Allez à l’accueil."),
    "licence.ended": N_("Cette borne n’encaisse plus rien. Demandez à l’accueil."),
    "clock.set_back": N_(
        "L’heure de la borne est fausse\u00a0: le paiement est fermé. Adressez-vous à l’accueil."
    ),
    "enrolment.refused": N_("Cette borne n’est pas admise. Demandez à la mairie."),
    "address.refused": N_("Cette adresse n’est pas une source publique."),
    "source.unavailable": N_("La source ne répond pas. Les dernières données restent affichées."),
    "storage.full": N_("La recharge n’est pas possible ici. Rien n’est débité."),
    "card.tampered": N_("Cette carte ne peut pas être lue sûrement. Allez à l’accueil avec elle."),
    "webhook.forged": N_("Cet avis de paiement n’est pas de la banque. Rien n’a été fait."),
    "feed.refused": N_("Les nouvelles données sont refusées. Celles d’avant restent affichées."),
    "feed.damaged": N_("Des données sont arrivées abîmées. Celles d’avant restent affichées."),
    "feed.forged": N_("Ces données ne sont pas signées. Celles d’avant restent affichées."),
    "hub.unavailable": N_("Les nouvelles n’arrivent pas pour l’instant. Réessayez plus tard."),
    "ledger.tampered": N_("La recharge est arrêtée ici. Allez à l’accueil avec votre carte."),
}

# At the till "ask at the desk" is no help: whoever reads it is the desk.
STAFF: Mapping[str, str] = {
    "licence.ended": N_(
        "Cette borne n’a plus le droit d’encaisser. La caisse peut être comptée et fermée. "
        "Prévenez l’administrateur."
    ),
    "device.revoked": N_(
        "Cette borne a été retirée du service. La caisse peut être comptée et fermée. "
        "Prévenez l’administrateur."
    ),
    "clock.set_back": N_(
        "L’heure de la borne est fausse\u00a0: rien ne s’encaisse. La caisse peut être comptée et "
        "fermée. Prévenez le technicien."
    ),
    "card.keys_awaited": N_(
        "Les clés des cartes ne sont pas encore arrivées. Prévenez l’administrateur."
    ),
}


def sentence(words: Words, message_key: str) -> str:
    """Give the sentence of a message key; "" for none."""
    return words(SENTENCES[message_key]) if message_key else ""


def staff_sentence(words: Words, message_key: str) -> str:
    """Give the sentence of a message key as the staff read it; "" for none."""
    own = STAFF.get(message_key)
    return sentence(words, message_key) if own is None else words(own)
