#include "finview/pipeline/map_page_text.h"

namespace finview::internal {

const char* const kMapPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>FinView map</title>
<style>
:root { --ink: #14252e; --soft: #5d707a; --line: #d9e1e5; --accent: #0b6e99; }
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: grid; grid-template-rows: auto 1fr; color: var(--ink); background: #fff;
  font: 15px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; padding: 10px 18px;
  border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 19px; }
header span { color: var(--soft); }
select, input, button { font: inherit; padding: 3px 8px; border: 1px solid var(--line);
  border-radius: 4px; background: #fff; color: inherit; }
main { display: grid; grid-template-columns: minmax(0, 1fr) 230px; min-height: 0; }
#stage { position: relative; overflow: hidden; touch-action: none; cursor: grab; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
aside { overflow: auto; border-left: 1px solid var(--line); padding: 12px 14px; }
aside h2 { margin: 0 0 6px; font-size: 14px; color: var(--soft); font-weight: 600; }
aside ul { list-style: none; margin: 0; padding: 0; }
aside button { display: flex; gap: 8px; align-items: center; width: 100%; border: 0; padding: 2px 4px;
  text-align: left; cursor: pointer; overflow-wrap: anywhere; }
aside button[aria-pressed=true] { background: #e6f1f6; }
aside i { flex: none; width: 12px; height: 12px; border-radius: 50%; }
aside small { margin-left: auto; color: var(--soft); }
#card { position: absolute; display: none; width: 220px; padding: 10px; background: #fff;
  border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 4px 18px #14252e33;
  pointer-events: none; overflow-wrap: anywhere; font-size: 13px; }
#card img { display: block; max-width: 100%; min-width: 96px; margin: 0 auto 6px; border-radius: 4px;
  background: #eef2f4; }
#card b { display: block; font-size: 14px; }
#card div span { color: var(--soft); }
@media (max-width: 720px) { main { grid-template-columns: 1fr; } aside { display: none; } }
</style>
</head>
<body>
<header>
<h1>FinView map</h1>
<span id="count"></span>
<label>Color by <select id="by"></select></label>
<input id="find" type="search" placeholder="Find a name, file or individual" aria-label="Find">
<button id="reset" type="button">Whole map</button>
</header>
<main>
<div id="stage"><canvas id="map" tabindex="0" aria-label="Map of fins"></canvas><div id="card"></div></div>
<aside><h2 id="legend-title"></h2><ul id="legend"></ul></aside>
</main>
<script type="application/json" id="data">@DATA@</script>
<script>
"use strict";
const fins = JSON.parse(document.getElementById("data").textContent);
const stage = document.getElementById("stage"), canvas = document.getElementById("map");
const card = document.getElementById("card"), by = document.getElementById("by");
const find = document.getElementById("find"), context = canvas.getContext("2d");
const kinds = { class: "cluster", individual: "individual", encounter: "encounter", date: "date",
  outlier: "outlier" };
let view = { scale: 1, x: 0, y: 0 }, groups = new Map(), chosen = null, pointed = -1, drag = null;

const named = (kind, fin) => kind === "class" ? (fin.class < 0 ? "none" : String(fin.class))
  : kind === "outlier" ? (fin.outlier ? "outlier" : "inlier") : fin[kind] || "not known";
const isGrey = name => name === "none" || name === "not known" || name === "inlier";

function colors(kind) {
  const counts = new Map();
  for (const fin of fins) counts.set(named(kind, fin), (counts.get(named(kind, fin)) || 0) + 1);
  const names = [...counts.keys()].sort((a, b) => isGrey(a) - isGrey(b) || counts.get(b) - counts.get(a)
    || a.localeCompare(b, "en", { numeric: true }));
  groups = new Map();
  let hue = 0;
  names.forEach((name, i) => {
    const color = isGrey(name) ? "#b3bec4" : name === "outlier" ? "#c0392b"
      : `hsl(${(hue++ * 137.508 + 200) % 360} ${62 + i % 3 * 12}% ${38 + (i >> 1) % 3 * 9}%)`;
    groups.set(name, { color, count: counts.get(name) });
  });
}

function legend() {
  document.getElementById("legend-title").textContent = `Fins by ${kinds[by.value]} (${groups.size})`;
  const list = document.getElementById("legend");
  list.replaceChildren(...[...groups].slice(0, 400).map(([name, group]) => {
    const item = document.createElement("li"), button = document.createElement("button");
    const dot = document.createElement("i"), count = document.createElement("small");
    dot.style.background = group.color;
    count.textContent = group.count;
    button.type = "button";
    button.append(dot, name, count);
    button.setAttribute("aria-pressed", chosen === name);
    button.onclick = () => { chosen = chosen === name ? null : name; legend(); draw(); };
    item.append(button);
    return item;
  }));
}

function whole() {
  const xs = fins.map(fin => fin.x), ys = fins.map(fin => fin.y);
  const low = [xs.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.min(a, b), Infinity)];
  const high = [xs.reduce((a, b) => Math.max(a, b), -Infinity), ys.reduce((a, b) => Math.max(a, b), -Infinity)];
  const wide = Math.max(high[0] - low[0], 1e-9), tall = Math.max(high[1] - low[1], 1e-9);
  view.scale = 0.92 * Math.min(stage.clientWidth / wide, stage.clientHeight / tall);
  if (!isFinite(view.scale)) view.scale = 1;
  view.x = stage.clientWidth / 2 - view.scale * (low[0] + high[0]) / 2;
  view.y = stage.clientHeight / 2 + view.scale * (low[1] + high[1]) / 2;
  draw();
}

const screen = fin => [view.x + view.scale * fin.x, view.y - view.scale * fin.y];
const radius = () => Math.max(2.5, Math.min(6, 0.9 * Math.sqrt(stage.clientWidth * stage.clientHeight / (fins.length + 1)) / 6));

function draw() {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = stage.clientWidth * ratio;
  canvas.height = stage.clientHeight * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const text = find.value.trim().toLowerCase(), r = radius();
  const shown = fin => (chosen === null || named(by.value, fin) === chosen)
    && (!text || [fin.name, fin.file, fin.individual].some(s => (s || "").toLowerCase().includes(text)));
  let matches = 0;
  for (const pass of [false, true]) fins.forEach((fin, i) => {
    const is = shown(fin);
    if (is !== pass) return;
    matches += is;
    const [x, y] = screen(fin);
    context.globalAlpha = is ? 0.85 : 0.12;
    context.fillStyle = groups.get(named(by.value, fin)).color;
    context.beginPath();
    context.arc(x, y, i === pointed ? r + 3 : r, 0, 7);
    context.fill();
    if (i === pointed) { context.globalAlpha = 1; context.lineWidth = 2; context.strokeStyle = "#14252e"; context.stroke(); }
  });
  document.getElementById("count").textContent = matches === fins.length ? `${fins.length} fins` : `${matches} of ${fins.length} fins`;
}

function show(index, px, py) {
  pointed = index;
  card.style.display = index < 0 ? "none" : "block";
  if (index >= 0) {
    const fin = fins[index], title = document.createElement("b");
    title.textContent = fin.name;
    card.replaceChildren();
    if (fin.picture) { const img = document.createElement("img"); img.src = fin.picture; img.alt = ""; card.append(img); }
    card.append(title);
    const rows = { individual: fin.individual, cluster: fin.class < 0 ? "none" : fin.class,
      probability: fin.probability === null ? "" : Math.round(100 * fin.probability) + " %",
      encounter: fin.encounter, date: fin.date, file: fin.file };
    for (const [key, value] of Object.entries(rows)) {
      if (value === "" || value === undefined || value === null) continue;
      const row = document.createElement("div"), label = document.createElement("span");
      label.textContent = key + " ";
      row.append(label, String(value));
      card.append(row);
    }
    const fits = px + 16 + 230 < stage.clientWidth;  // else to the left, so that the fin stays in sight
    card.style.left = Math.max(4, fits ? px + 16 : px - 16 - 220) + "px";
    card.style.top = Math.max(4, Math.min(py + 16, stage.clientHeight - card.offsetHeight - 8)) + "px";
  }
  draw();
}

function nearest(px, py) {
  let best = -1, reach = (radius() + 6) ** 2;
  fins.forEach((fin, i) => {
    const [x, y] = screen(fin), d = (x - px) ** 2 + (y - py) ** 2;
    if (d < reach) { reach = d; best = i; }
  });
  return best;
}

const at = event => { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
function zoom(px, py, factor) {
  view.x = px - (px - view.x) * factor;
  view.y = py - (py - view.y) * factor;
  view.scale *= factor;
  draw();
}
stage.addEventListener("pointerdown", event => { drag = at(event); stage.setPointerCapture(event.pointerId); });
stage.addEventListener("pointerup", () => { drag = null; });
stage.addEventListener("pointermove", event => {
  const [x, y] = at(event);
  if (drag) { view.x += x - drag[0]; view.y += y - drag[1]; drag = [x, y]; draw(); return; }
  const index = nearest(x, y);
  if (index !== pointed) show(index, x, y);
});
stage.addEventListener("pointerleave", () => show(-1));
stage.addEventListener("wheel", event => { event.preventDefault(); zoom(...at(event), Math.exp(-event.deltaY / 500)); }, { passive: false });
canvas.addEventListener("keydown", event => {
  const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
  if (step) { view.x += step[0]; view.y += step[1]; draw(); event.preventDefault(); }
  if (event.key === "+" || event.key === "-") zoom(stage.clientWidth / 2, stage.clientHeight / 2, event.key === "+" ? 1.3 : 1 / 1.3);
});
document.getElementById("reset").onclick = whole;
find.oninput = draw;
by.onchange = () => { chosen = null; colors(by.value); legend(); draw(); };
window.addEventListener("resize", whole);
for (const kind of Object.keys(kinds)) {
  if (kind !== "class" && kind !== "outlier" && !fins.some(fin => fin[kind])) continue;
  by.append(new Option(kinds[kind], kind));
}
colors(by.value);
legend();
whole();
const start = fins.findIndex(fin => "#" + fin.index === location.hash);
if (start >= 0) show(start, ...screen(fins[start]));
</script>
</body>
</html>
)html";

}  // namespace finview::internal
