// Shows on the page what the code in its address, or the pasted one, says.
"use strict";

const KINDS = {
  1: "Recharge", 2: "Achat", 3: "Facture", 4: "Remboursement", 5: "Encaissement au guichet",
};
const MARKS = [
  [1, "Duplicata"], [2, "Démonstration : aucune somme réelle"], [4, "Formation : aucune valeur"],
];
const TOLD = {
  good: "Authentique", forged: "Modifié : ce code n’est pas valable",
  foreign: "Ce n’est pas un code de ce territoire", empty: "Collez un code, ou scannez-le",
};

const euros = (cents) =>
  new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" }).format(cents / 100);
const moment = (seconds) => new Date(seconds * 1000).toLocaleString("fr-FR");
const day = (days) =>
  new Date(days * 86400000).toLocaleDateString("fr-FR", { timeZone: "UTC" });

function rowsOf(value) {
  if (value.what === "entry") {
    return [
      ["Billet", value.product], ["Entrées", String(value.quantity)], ["Prix", euros(value.cents)],
      ["Valable", `du ${day(value.firstDay)} au ${day(value.lastDay)}`],
      ["Borne", value.kiosk], ["Émis le", moment(value.at)], ["Billet n°", value.id],
    ];
  }
  const total = value.lines.reduce((sum, line) => sum + line.cents, 0);
  return [
    ["Reçu", KINDS[value.kind] || "?"], ["Territoire", value.territory],
    ...value.lines.map((line) => [line.label, euros(line.cents)]), ["Total", euros(total)],
    ...(value.lastFour ? [["Carte", `•••• ${value.lastFour}`]] : []),
    ["Borne", value.kiosk], ["Le", moment(value.at)], ["Numéro", value.number],
    ["Écriture n°", String(value.entry)],
  ];
}

function shown(answer) {
  const verdict = document.getElementById("verdict"), list = document.getElementById("rows");
  verdict.textContent = TOLD[answer.state];
  verdict.className = answer.state;
  list.replaceChildren();
  const marks = MARKS.filter(([bit]) => answer.value && answer.value.marks & bit);
  document.getElementById("marks").textContent = marks.map(([, word]) => word).join(" · ");
  for (const [name, text] of answer.value ? rowsOf(answer.value) : []) {
    const term = document.createElement("dt"), told = document.createElement("dd");
    term.textContent = name;
    told.textContent = text;
    list.append(term, told);
  }
  document.body.dataset.state = answer.state;
}

// A percent sign is base45's own, or an address has escaped all or only blanks: each is tried.
async function check(text) {
  const answers = {};
  for (const one of [text, text.replaceAll("%20", " "), unescaped(text)]) {
    const answer = await verified(one, KEYS);
    answers[answer.state] = answer;
  }
  shown(text.trim() ? answers.good || answers.forged || answers.foreign : { state: "empty" });
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const fromAddress = () => check(location.hash.slice(1));

document.getElementById("code").addEventListener("input", (event) => check(event.target.value));
addEventListener("hashchange", fromAddress);
fromAddress();
