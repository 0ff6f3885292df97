// What makes the pages live, and quick by keyboard. Everything works without it: it only saves a reload and a mouse.
"use strict";

(function live() {
  const bar = document.querySelector("[data-live]");
  if (!bar || !window.EventSource) return;
  const told = bar.querySelector("[data-live-told]");
  const button = bar.querySelector("[data-live-pause]");
  const TELL_MS = 60000;
  const LOOK_MS = 2000;
  // Each look at a page that names young persons is a line in the access log for each of them, and that is kept.
  const NAMED_MS = 30000;
  const AGAIN_MS = 15000;
  let source = null;
  let paused = false;
  let waiting = false;
  let lost = false;
  let lastTold = 0;
  let looked = -Infinity;
  let timer = null;

  // What the reader is in the middle of is left alone until they are done.
  function busy(part) {
    const changed = [...part.querySelectorAll("input")].some((one) => one.value !== one.defaultValue);
    return changed || part.contains(document.activeElement);
  }

  function put(part, next) {
    if (next.innerHTML === part.dataset.was) return false;
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    const current = part.querySelector(".is-current");
    part.dataset.was = next.innerHTML;
    if (part.innerHTML === next.innerHTML) return false;
    part.replaceChildren(...next.childNodes);
    part.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? one.open; });
    if (current) part.querySelector(`[data-row="${current.dataset.row}"]`)?.classList.add("is-current");
    part.classList.remove("is-new");
    void part.offsetWidth;
    part.classList.add("is-new");
    return true;
  }

  async function refresh() {
    timer = null;
    if (paused) { waiting = true; return; }
    looked = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      found();
    } catch {
      lose();
      timer = setTimeout(refresh, AGAIN_MS);
    }
  }

  function show(fresh) {
    const parts = [...document.querySelectorAll("[data-panel]")];
    const named = (name, where) => where.querySelector(`[data-panel="${name}"]`);
    // Who signed out elsewhere, or waited too long, must not see the figures of somebody else under what is said of these.
    if (fresh.body.dataset.reader !== document.body.dataset.reader) {
      if (!parts.some(busy)) location.reload();
      return;
    }
    const left = new Set(parts.filter(busy));
    let changed = 0;
    for (const part of parts) {
      const next = named(part.dataset.panel, fresh);
      const whole = part.dataset.panelWith ? named(part.dataset.panelWith, document) : part;
      if (next && !left.has(whole) && put(part, next)) changed += 1;
    }
    document.documentElement.dataset.refreshed = String(Number(document.documentElement.dataset.refreshed || 0) + 1);
    if (changed && Date.now() - lastTold > TELL_MS) {
      lastTold = Date.now();
      told.textContent = bar.dataset.liveUpdated + " " + new Date().toLocaleTimeString(document.documentElement.lang);
    }
  }

  // A page that cannot ask must not look like one of which nothing changed.
  function lose() {
    lost = true;
    if (!paused) told.textContent = bar.dataset.liveLost;
  }

  function found() {
    if (lost && !paused) told.textContent = bar.dataset.liveOn;
    lost = false;
  }

  function soon() {
    if (timer !== null) return;
    const named = document.querySelector("a[href^='/casus/']");
    timer = setTimeout(refresh, named ? Math.max(LOOK_MS, looked + NAMED_MS - performance.now()) : LOOK_MS);
  }

  function open() {
    source = new EventSource("/v1/live");
    source.addEventListener("changed", soon);
    source.addEventListener("error", lose);
    source.addEventListener("open", () => {
      bar.dataset.liveState = "open";
      // What was new meanwhile is not told again.
      if (lost) soon();
    });
  }

  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? bar.dataset.liveResume : bar.dataset.livePause;
    told.textContent = paused ? bar.dataset.livePaused : lost ? bar.dataset.liveLost : bar.dataset.liveOn;
    if (!paused && waiting) { waiting = false; soon(); }
  });
  window.addEventListener("pagehide", () => source && source.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { open(); soon(); } });
  bar.hidden = false;
  told.textContent = bar.dataset.liveOn;
  open();
})();

(function keyboard() {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  if (!document.querySelector("[data-worklist]")) return;
  const place = () => rows().findIndex((row) => row.classList.contains("is-current"));

  function go(to) {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.classList.remove("is-current"));
    const row = all[Math.min(Math.max(to, 0), all.length - 1)];
    row.classList.add("is-current");
    // An alert about no young person leads to no case: then the row itself, so that Enter opens no other one.
    const target = row.querySelector("a") ?? row;
    if (target === row) row.tabIndex = -1;
    target.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      if (event.key === "Escape") document.activeElement.blur();
      return;
    }
    if (event.key === "j") go(place() + 1);
    else if (event.key === "k") go(place() - 1);
    else if (event.key === "a" && place() >= 0) {
      const field = rows()[place()].querySelector("input[name=note]");
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });
})();
