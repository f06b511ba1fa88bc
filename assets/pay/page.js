// What the phone does for an offline kiosk: shows its request, has it paid, shows the code.
// The request stands behind the address's "#": no browser sends it, it is POSTed.
"use strict";

const POLL_MS = 2000, POLLS_MAX = 900; // half an hour
const DEMO = document.documentElement.dataset.demo === "yes";
const WORDS = {
  fr: {
    other: "English", demo: "DÉMO : aucun argent ne circule", wait: "Un instant…",
    title: "Payer pour la borne", kiosk: "Borne", sum: "Montant", what: "Pour",
    load: "Recharge de la carte", entry: "Entrée", short: "Code court",
    compare: "Vérifiez que la borne montre le même montant et le même code court.",
    pay: "Payer {sum}", go: "Ouvrir la page de paiement",
    paying: "Payez, puis revenez sur cette page : le code s’affiche ici.",
    paid: "C’est payé. Tapez ce code sur la borne :",
    after: "Le code sert une seule fois, sur cette borne, aujourd’hui. Vous pouvez revoir cette page.",
    over: "Ce paiement n’a pas eu lieu. Rien n’est débité. Demandez un autre code à la borne.",
    scan: "Le même code, à scanner",
    none: "Scannez le code affiché par la borne.",
    "code.expired": "Cette demande est trop ancienne. Demandez-en une autre à la borne.",
    "code.foreign": "Ce n’est pas une demande d’une borne de ce territoire. Ne payez pas.",
    "code.tampered": "Cette demande a été modifiée. Ne payez pas.",
    "amount.refused": "Ce montant n’est pas possible.",
    "card.limit": "Cette borne a atteint sa limite du jour. Réessayez demain, ou à l’accueil.",
    failed: "Pas de réponse pour l’instant. Nous réessayons : rien n’est perdu.",
  },
  en: {
    other: "Français", demo: "DEMO: no money moves", wait: "One moment…",
    title: "Pay for the kiosk", kiosk: "Kiosk", sum: "Amount", what: "For",
    load: "Card top-up", entry: "Entry", short: "Short code",
    compare: "Check that the kiosk shows the same amount and the same short code.",
    pay: "Pay {sum}", go: "Open the payment page",
    paying: "Pay, then come back to this page: the code appears here.",
    paid: "It is paid. Type this code on the kiosk:",
    after: "The code works once, on this kiosk, today. You can come back to this page.",
    over: "This payment didn’t happen. Nothing was taken. Ask the kiosk for another code.",
    scan: "The same code, to be scanned",
    none: "Scan the code that the kiosk shows.",
    "code.expired": "This request is too old. Ask the kiosk for another one.",
    "code.foreign": "This isn’t a request of a kiosk of this territory. Don’t pay.",
    "code.tampered": "This request was changed. Don’t pay.",
    "amount.refused": "This amount isn’t possible.",
    "card.limit": "This kiosk has reached its limit for today. Try tomorrow, or at the desk.",
    failed: "No answer for now. We keep trying: nothing is lost.",
  },
};
const $ = (id) => document.getElementById(id);
let language = (navigator.language || "fr").startsWith("fr") ? "fr" : "en";
let answer = { state: "wait" }, polls = 0, timer = 0;


function text() {
  const given = location.hash.slice(1);
  try {
    return decodeURIComponent(given);
  } catch {
    return given.replaceAll("%20", " "); // a scanner has unescaped it already
  }
}

const euros = (cents) =>
  new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(cents / 100);

function put(id, said) {
  $(id).textContent = said;
  $(id).hidden = !said;
}

function facts(words) {
  const rows = answer.request_known ? [
    [words.what, answer.product ? `${words.entry} ${answer.product}` : words.load],
    [words.sum, euros(answer.amount_cents)], [words.kiosk, answer.kiosk],
    [words.short, answer.short],
  ] : [];
  $("facts").replaceChildren(...rows.flatMap(([name, said]) => {
    const term = document.createElement("dt"), value = document.createElement("dd");
    term.textContent = name;
    value.textContent = said;
    return [term, value];
  }));
  $("facts").hidden = !rows.length;
}

function drawn(words) {
  const { side = 0, path = "" } = answer;
  $("scan").toggleAttribute("hidden", !path); // SVG has no property of that name
  $("scan").setAttribute("viewBox", `-4 -4 ${side + 8} ${side + 8}`);
  $("scan").setAttribute("aria-label", words.scan);
  $("scan").firstElementChild.setAttribute("d", path);
}

function show() {
  const words = WORDS[language], state = answer.state;
  document.documentElement.lang = language;
  document.body.dataset.state = state;
  put("demo", DEMO ? words.demo : "");
  put("other", words.other);
  put("title", words.title);
  put("told", { new: "" }[state] ?? words[state] ?? words.failed);
  facts(words);
  put("compare", state === "new" ? words.compare : "");
  put("pay", state === "new" ? words.pay.replace("{sum}", euros(answer.amount_cents)) : "");
  put("go", state === "paying" && answer.url ? words.go : "");
  if (answer.url) $("go").href = answer.url;
  put("code", answer.code ? answer.code.replace(/(\d{4})(?=\d)/g, "$1 ") : "");
  put("after", state === "paid" ? words.after : "");
  drawn(words);
}

async function ask(path) {
  clearTimeout(timer);
  try {
    const got = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ request: text() }), referrerPolicy: "no-referrer",
    });
    const told = await got.json();
    answer = got.ok ? { ...told, request_known: true } : { ...answer, state: told.error };
    if (got.status >= 500) again();
  } catch {
    answer = { ...answer, state: "failed" };
    again();
  }
  if (answer.state === "paying") again();
  show();
}

function again() {
  if (polls++ < POLLS_MAX) timer = setTimeout(() => ask("code/look"), POLL_MS);
}

function begin() {
  answer = { state: text() ? "wait" : "none" };
  show();
  if (text()) ask("code/look");
}

$("other").addEventListener("click", () => {
  language = language === "fr" ? "en" : "fr";
  show();
});
$("pay").addEventListener("click", () => {
  $("pay").disabled = true;
  ask("code/pay").finally(() => { $("pay").disabled = false; });
});
addEventListener("hashchange", begin);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && ["paying", "failed"].includes(answer.state)) ask("code/look");
});
begin();
