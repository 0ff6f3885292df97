// What makes the pages live, and quick by keyboard. Everything works without it: it only saves a reload and a mouse.
"use strict";

(function live() {
  const bar = document.querySelector("[data-live]");
  if (!bar || !window.EventSource) return;
  const told = bar.querySelector("[data-live-told]");
  const button = bar.querySelector("[data-live-pause]");
  const TELL_MS = 60000;
  const LOOK_MS = 2000;
  let source = null;
  let paused = false;
  let waiting = false;
  let lastTold = 0;
  let timer = null;

  async function refresh() {
    timer = null;
    if (paused) { waiting = true; return; }
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    let changed = 0;
    for (const part of document.querySelectorAll("[data-panel]")) {
      const next = fresh.querySelector(`[data-panel="${part.dataset.panel}"]`);
      // What the reader is in the middle of is left alone until they are done.
      if (!next || next.innerHTML === part.dataset.was || part.contains(document.activeElement)) continue;
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      part.dataset.was = next.innerHTML;
      if (part.innerHTML === next.innerHTML) continue;
      part.replaceChildren(...next.childNodes);
      part.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? one.open; });
      part.classList.remove("is-new");
      void part.offsetWidth;
      part.classList.add("is-new");
      changed += 1;
    }
    document.documentElement.dataset.refreshed = String(Number(document.documentElement.dataset.refreshed || 0) + 1);
    if (changed && Date.now() - lastTold > TELL_MS) {
      lastTold = Date.now();
      told.textContent = bar.dataset.liveUpdated + " " + new Date().toLocaleTimeString(document.documentElement.lang);
    }
  }

  function soon() {
    if (timer === null) timer = setTimeout(refresh, LOOK_MS);
  }

  function open() {
    source = new EventSource("/v1/live");
    source.addEventListener("changed", soon);
    source.addEventListener("open", () => { bar.dataset.liveState = "open"; });
  }

  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? bar.dataset.liveResume : bar.dataset.livePause;
    told.textContent = paused ? bar.dataset.livePaused : bar.dataset.liveOn;
    if (!paused && waiting) { waiting = false; soon(); }
  });
  window.addEventListener("pagehide", () => source && source.close());
  bar.hidden = false;
  told.textContent = bar.dataset.liveOn;
  open();
})();

(function keyboard() {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  if (!document.querySelector("[data-worklist]")) return;
  let at = -1;

  function go(to) {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.classList.remove("is-current"));
    at = Math.min(Math.max(to, 0), all.length - 1);
    all[at].classList.add("is-current");
    all[at].querySelector("a").focus();
    all[at].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      if (event.key === "Escape") document.activeElement.blur();
      return;
    }
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? 0 : at - 1);
    else if (event.key === "a" && at >= 0) {
      const field = rows()[at].querySelector("input[name=note]");
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });
})();
