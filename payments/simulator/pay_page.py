"""The pay page that the demo's QR opens: plain HTML in French, loudly marked, two buttons."""

from __future__ import annotations

from html import escape

from payments.simulator.objects import Session

_FRAME = """<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paiement simulé</title>
<style>
body {{ font: 1.2rem/1.5 sans-serif; max-width: 32rem; margin: 2rem auto; padding: 0 1rem }}
.mark {{ background: #7a0019; color: #fff; padding: .75rem 1rem; font-weight: bold }}
button {{ font: inherit; min-height: 4rem; width: 100%; margin: .5rem 0 }}
</style>
<p class="mark">SIMULATION : aucun argent ne circule.</p>
<h1>{title}</h1>
{body}
</html>
"""
_BUTTONS = """<form method="post">
<button name="answer" value="pay">Payer</button>
<button name="answer" value="decline">Refuser</button>
</form>"""
_OVER = {
    "complete": "Payé. Retournez à la borne.",
    "expired": "Ce paiement est terminé. Rien n’a été débité.",
}


def page(session: Session | None) -> str:
    """Give the page of a session, or the one that says that there is none."""
    if session is None:
        return _FRAME.format(title="Paiement inconnu", body="<p>Retournez à la borne.</p>")
    euros = f"{session.amount // 100},{session.amount % 100:02d}\N{NO-BREAK SPACE}€"
    over = _OVER.get(session.status)
    reference = f"<p>Référence : {escape(session.reference)}</p>"
    body = f"<p>{over}</p>" if over else f"{reference}\n{_BUTTONS}"
    return _FRAME.format(title=f"Recharge de {euros}", body=body)
