"""PayFiP's web service, spoken in SOAP: two calls, their answers and their documented faults.

Facts of the DGFiP's guide and of running installations: the calls are ``creerPaiementSecurise``
and ``recupererDetailPaiementSecurise``; a functional fault carries a code (P1: no such idOp,
P5: no result yet), a technical one none. Answers are read with defusedxml and bounded.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kiosk.domain.errors import PaymentUnavailable
from payments.http_post import address, post

BYTES_MAX = 100_000
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


class PayfipClient:
    """Asks the service once; ``fault`` is the code of a functional fault, "" for an answer."""

    ADDRESS = (
        "https://www.payfip.gouv.fr/tpa/services/mas_securite/"
        "contrat_paiement_securise/PaiementSecuriseService"
    )

    def __init__(self, url: str) -> None:
        """Remember where the service is; raises InputRefused for plain HTTP beyond loopback."""
        self._service = address(url)

    def ask(self, call: str, fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Give the fault's code and the answer's fields; raises PaymentUnavailable.

        ``failed`` when the service said that it broke.
        """
        status, body = post(
            self._service, "", envelope(call, fields), _HEADERS, bytes_max=BYTES_MAX
        )
        try:
            root = fromstring(body, forbid_dtd=True)
        except (ET.ParseError, DefusedXmlException, ValueError) as wrong:
            raise PaymentUnavailable(f"PayFiP answers {status}, no XML: {wrong}") from wrong
        found = _first(root, "FonctionnelleErreur")
        if found is not None:
            return _fields(found).get("code", ""), {}
        if _first(root, "Fault") is not None or status != 200:
            raise PaymentUnavailable(f"PayFiP broke: {status}", failed=True)
        answer = _first(root, "return")
        if answer is None:
            raise PaymentUnavailable("PayFiP's answer holds nothing")
        return "", _fields(answer)


def envelope(call: str, fields: Mapping[str, str]) -> bytes:
    """Spell a call."""
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns:pai="{NAMESPACE}">'
        f"<soapenv:Body><pai:{call}><arg0>{inside}</arg0></pai:{call}></soapenv:Body>"
        "</soapenv:Envelope>"
    ).encode()


def local(tag: str) -> str:
    """Give a tag without its namespace."""
    return tag.rpartition("}")[2]


def _first(root: ET.Element, name: str) -> ET.Element | None:
    return next((one for one in root.iter() if local(one.tag) == name), None)


def _fields(parent: ET.Element) -> dict[str, str]:
    """Give the children's texts; names in small letters (idOp is spelled in two ways)."""
    return {local(child.tag).lower(): (child.text or "").strip() for child in parent}
