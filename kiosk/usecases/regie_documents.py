"""The régie's documents from the journal's closings: plain text and CSV.

They are written for the régisseur and the public accountant, in French only, as French law wants
them (instruction codificatrice 06-031-A-B-M, décret 2012-1246). Amounts are those of the closings:
nothing is added up here that the verifier doesn't check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.domain.closing import Closing, Period
from kiosk.domain.ledger import INCOME
from kiosk.domain.money import decimal

PERIODS: Mapping[Period, str] = {"day": "jour", "month": "mois", "year": "année"}
KINDS: Mapping[str, str] = {
    "topup": "Recharges",
    "debit": "Débits du porte-monnaie",
    "entry": "Entrées prises sur carnet",
    "purchase": "Achats de carnets et d’abonnements",
    "bill": "Factures",
    "refund": "Remboursements",
    "bank.refund": "Remboursements par la banque",
    "transfer": "Transferts de solde",
    "reversal": "Contre-passations",
    "cash": "Encaissements en espèces",
    "cheque": "Encaissements par chèque",
    "giveback": "Sommes rendues, carte non rechargée",
    "payout": "Remboursements versés en espèces",
    "deposit": "Dégagements d’espèces",
    "cheque.slip": "Remises de chèques",
    "till.open": "Ouvertures de caisse",
    "till.handover": "Passages de caisse",
    "till.freeze": "Débuts de contrôle inopiné",
    "till.check": "Contrôles inopinés",
    "till.count": "Comptages à l’aveugle",
    "till.close": "Fermetures de caisse",
}
RETENTION = "Pièce à conserver six ans (livre des procédures fiscales, article L. 102 B)."
ATTESTATION = """\
PROJET D’ATTESTATION INDIVIDUELLE, À VÉRIFIER ET À SIGNER PAR L’ÉDITEUR

Ce projet est produit par le logiciel lui-même. Il n’est ni un certificat, ni une attestation tant
que l’éditeur ne l’a pas vérifié, complété et signé sous sa responsabilité.

Logiciel : Alvéole. Version : ……………………  Éditeur : ……………………
Clé publique de l’appareil : {keys}

L’éditeur atteste, après vérification, des conditions suivantes :
[ ] inaltérabilité : écritures et clôtures chaînées par SHA-256 ; modification et suppression
    refusées par la base de données ; correction par une nouvelle écriture ;
[ ] sécurisation : clôtures signées (Ed25519) par la clé de l’appareil ; empreintes gardées
    hors de l’appareil ;
[ ] conservation : clôtures du jour, du mois et de l’année, avec total de la période et total
    perpétuel ;
[ ] archivage : exports CSV et beancount, vérifiables par verify_ledger.py sans ce logiciel.

Dernière clôture : n° {number}, {name}. Total perpétuel : {perpetual}.

Fait à ……………………, le ……………………        Signature :
"""


def documents_of(closings: Sequence[Closing], keys: Sequence[str]) -> Mapping[str, str]:
    """Give the documents by file name; ``closings`` oldest first, ``keys`` in hex."""
    papers: dict[str, str] = {}
    for closing in closings:
        stem = f"{closing.number:06d}-{closing.name}"
        papers[f"cloture-{stem}.txt"] = closing_text(closing)
        papers[f"bordereau-{stem}.csv"] = slip(closing)
        if closing.period == "month":
            days = [one for one in closings if _within(one, closing)]
            papers[f"justification-{stem}.txt"] = justification(closing, days)
    if closings:
        papers["attestation-projet.txt"] = attestation(closings[-1], keys)
    return papers


def closing_text(closing: Closing) -> str:
    """Give a closing (Z) as text."""
    lines = [
        f"CLÔTURE (Z) N° {closing.number} — {PERIODS[closing.period]} {closing.name}",
        f"Faite le {closing.at:%Y-%m-%d %H:%M:%S} UTC",
        f"Écritures {closing.first} à {closing.now.last} ({closing.entries})",
        f"Empreinte : {closing.now.head.hex()}",
        "",
        f"{'Nature':<40}{'Nombre':>8}{'Montant':>16}",
    ]
    for kind in sorted(closing.now.kinds):
        tally = closing.tally(kind)
        lines.append(f"{KINDS.get(kind, kind):<40}{tally.entries:>8}{euros(tally.cents):>16}")
    lines += ["", f"{'Compte':<40}{'Mouvement':>12}{'Solde':>16}"]
    for account, balance in sorted(closing.now.accounts.items()):
        lines.append(f"{account:<40}{euros(closing.moved(account)):>12}{euros(balance):>16}")
    lines += [
        "",
        f"Total de la période : {euros(closing.cents)}",
        f"Total perpétuel : {euros(closing.now.cents)}",
    ]
    if closing.suspense:
        lines.append(f"ATTENTION : compte d’attente non soldé : {euros(closing.suspense)}")
    return "\n".join([*lines, RETENTION, ""])


def slip(closing: Closing) -> str:
    """Give the bordereau of a period: what each service has earned, in CSV (point-virgule)."""
    lines = ["cloture;periode;nom;service;recettes_eur"]
    lines += [
        f"{closing.number};{PERIODS[closing.period]};{closing.name};{service};{decimal(cents, ',')}"
        for service, cents in incomes(closing).items()
    ]
    total = decimal(sum(incomes(closing).values()), ",")
    lines.append(f"{closing.number};{PERIODS[closing.period]};{closing.name};TOTAL;{total}")
    return "\n".join([*lines, ""])


def justification(month: Closing, days: Sequence[Closing]) -> str:
    """Give a month's justification: its days add up to it, its balances are told."""
    lines = [
        f"JUSTIFICATION MENSUELLE — {month.name} (clôture n° {month.number})",
        "",
        f"{'Jour':<14}{'Clôture':>8}{'Écritures':>12}{'Recettes':>16}",
    ]
    for day in days:
        earned = euros(sum(incomes(day).values()))
        lines.append(f"{day.name:<14}{day.number:>8}{day.entries:>12}{earned:>16}")
    earned = euros(sum(incomes(month).values()))
    lines += [f"{'TOTAL':<14}{month.number:>8}{month.entries:>12}{earned:>16}", ""]
    lines += [
        f"Solde {account} : {euros(balance)}"
        for account, balance in sorted(month.now.accounts.items())
        if not account.startswith(INCOME)
    ]
    if sum(day.entries for day in days) != month.entries:
        lines.append("ATTENTION : les jours listés ne couvrent pas tout le mois.")
    return "\n".join([*lines, RETENTION, ""])


def attestation(last: Closing, keys: Sequence[str]) -> str:
    """Give the draft of the publisher's self-attestation; it claims nothing by itself."""
    perpetual = euros(last.now.cents)
    return ATTESTATION.format(
        keys=", ".join(keys), number=last.number, name=last.name, perpetual=perpetual
    )


def incomes(closing: Closing) -> Mapping[str, int]:
    """Give what each service has earned in a period, in cents."""
    return {
        account.removeprefix(INCOME): -closing.moved(account)
        for account in sorted(closing.now.accounts)
        if account.startswith(INCOME)
    }


def euros(cents: int) -> str:
    """Give cents as French euros: « 1 234,50 € »."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", "\u202f") + f",{rest:02d}\u00a0€"


def _within(day: Closing, month: Closing) -> bool:
    inside = day.first >= month.first and day.now.last <= month.now.last
    return day.period == "day" and inside
