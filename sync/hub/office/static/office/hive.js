// Lays the hive out by drag, by taps and by keys; what is done is the page's own form, filled in.
"use strict";

const hive = document.querySelector(".hive");
const form = document.querySelector("#placer");
const told = document.querySelector("#dit");
const tiles = [...hive.querySelectorAll(".tile")];
const DRAG_FROM = 6; // px: less is a tap
let taken = null; // the tile that is moved
let over = null; // the tile whose place it would take
let drag = null; // where a pointer took it

const say = (text, tile) => {
  told.textContent = text.replace("{nom}", tile.dataset.name).replace("{place}", tile.dataset.number);
};

const centre = (tile) => {
  const box = tile.querySelector("polygon").getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, reach: box.width * 0.6 };
};

const nearest = (point, among) => {
  const far = (tile) => Math.hypot(centre(tile).x - point.x, centre(tile).y - point.y);
  return among.reduce((best, tile) => (far(tile) < far(best) ? tile : best), among[0]);
};

function mark(tile) {
  tiles.forEach((one) => one.classList.toggle("over", one === tile && one !== taken));
  over = tile;
}

function take(tile) {
  taken = tile;
  tile.classList.add("taken");
  tile.setAttribute("aria-pressed", "true");
  mark(tile);
  say(hive.dataset.taken, tile);
}

function leave() {
  if (taken === null) return;
  taken.classList.remove("taken");
  taken.setAttribute("aria-pressed", "false");
  taken = null;
  mark(null);
  told.textContent = hive.dataset.left;
}

function put() {
  if (over === null || over === taken) {
    leave();
    return;
  }
  form.elements.service.value = taken.dataset.service;
  form.elements.position.value = over.dataset.number;
  form.requestSubmit(form.querySelector("button:not([formaction])"));
}

// the tile that lies next in a direction: nearest among those that lie that way
function beside(tile, key) {
  const from = centre(tile);
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const ahead = tiles.filter((one) => {
    const at = centre(one);
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    const along = dx * way[0] + dy * way[1];
    return along > 1 && along >= 0.8 * Math.abs(dx * way[1] + dy * way[0]);
  });
  return ahead.length ? nearest(from, ahead) : tile;
}

function pressed(event) {
  const tile = event.currentTarget;
  if (event.key.startsWith("Arrow")) {
    const next = beside(taken ? over : tile, event.key);
    if (taken === null) next.focus();
    else {
      mark(next);
      say(hive.dataset.over, next);
    }
  } else if (event.key === "Enter" || event.key === " ") {
    if (taken === null) take(tile);
    else put();
  } else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
}

function tapped(tile) {
  if (taken === null) take(tile);
  else {
    mark(tile);
    put();
  }
}

function moved(event) {
  if (drag === null) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.far && Math.hypot(dx, dy) < DRAG_FROM) return;
  if (!drag.far) {
    drag.far = true;
    leave();
    take(drag.tile);
  }
  const scale = drag.tile.ownerSVGElement.viewBox.baseVal.width / drag.tile.ownerSVGElement.clientWidth;
  drag.tile.setAttribute("transform", `${drag.place} translate(${dx * scale} ${dy * scale})`);
  const point = { x: event.clientX, y: event.clientY };
  const others = tiles.filter((one) => one !== drag.tile);
  const hit = nearest(point, others);
  const near = Math.hypot(centre(hit).x - point.x, centre(hit).y - point.y) < centre(hit).reach;
  mark(near ? hit : drag.tile);
}

function released() {
  if (drag === null) return;
  const { tile, far, place } = drag;
  drag = null;
  tile.setAttribute("transform", place);
  if (far) put();
  else tapped(tile);
}

function down(event) {
  if (event.button !== 0) return;
  const tile = event.currentTarget;
  if (event.pointerType === "touch") return; // fingers scroll: they tap (see click)
  drag = { tile, x: event.clientX, y: event.clientY, place: tile.getAttribute("transform"), far: false };
  tile.setPointerCapture(event.pointerId);
  event.preventDefault();
  tile.focus({ preventScroll: true });
}

for (const tile of tiles) {
  tile.setAttribute("tabindex", "0");
  tile.setAttribute("role", "button");
  tile.setAttribute("aria-pressed", "false");
  tile.setAttribute("aria-describedby", "aide");
  tile.addEventListener("keydown", pressed);
  tile.addEventListener("pointerdown", down);
  tile.addEventListener("pointermove", moved);
  tile.addEventListener("pointerup", released);
  tile.addEventListener("pointercancel", () => {
    if (drag !== null) drag.tile.setAttribute("transform", drag.place);
    drag = null;
    leave();
  });
  tile.addEventListener("click", (event) => {
    if (event.pointerType === "touch") tapped(tile);
  });
}
if (hive.dataset.focus) tiles.find((one) => one.dataset.service === hive.dataset.focus)?.focus();
