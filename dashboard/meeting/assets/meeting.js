// The meeting by keyboard, swipe and buttons. Every view is a page that works without this; here the next one is
// fetched and put in the place of the one before, so that a full screen stays full and the clock runs on.
(() => {
  "use strict";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("meeting") : null;
  const main = () => document.querySelector("main");
  const isStage = document.body.classList.contains("stage");
  const isNotes = document.body.classList.contains("notes");
  const kept = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch { /* nothing is kept then */ }
    return value;
  };

  // ---- the clock: the time of day, and since when the meeting runs; both windows share it
  const started = () => {
    const known = Number(kept("meeting-started"));
    const now = Date.now();
    if (known && now - known < 6 * 3600e3) return known;
    kept("meeting-started", String(now));
    return now;
  };
  const tick = () => {
    const clock = document.getElementById("clock");
    if (!clock) return;
    const now = new Date(), minutes = Math.max(0, Math.floor((now - started()) / 60000));
    const two = (number) => String(number).padStart(2, "0");
    clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())} · ${minutes} min`;
  };

  // ---- going from view to view
  let going = 0;
  const show = async (address, { push = true, tell = true } = {}) => {
    const turn = ++going;
    let text;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      text = await answer.text();
    } catch {
      location.href = address; // the browser says what is wrong
      return;
    }
    if (turn !== going) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    main().replaceWith(document.adoptNode(page.querySelector("main")));
    document.title = page.title;
    document.body.className = page.body.className;
    if (push) history.pushState(null, "", address);
    scrollTo(0, 0);
    main().querySelector("h1").focus({ preventScroll: true });
    ready();
    if (tell) announce();
  };
  const announce = () => channel && channel.postMessage({ from: isNotes ? "notes" : "stage", view: main().dataset.view });
  const go = (link) => link && show(link.getAttribute("href"));
  const end = async (isLast) => {
    // The first and the last are known from their own pages: the way on is followed to its end.
    if (!isLast) return show(isNotes ? "/meeting/notes" : "/meeting");
    return show(isNotes ? "/meeting/notes/questions" : "/meeting/questions");
  };
  if (channel) channel.onmessage = ({ data }) => {
    if (!data || typeof data.view !== "string" || !/^[a-z0-9-]+$/.test(data.view)) return;
    if (data.view === main().dataset.view) return;
    if (isNotes && data.from === "stage") show(`/meeting/notes/${data.view}`, { tell: false });
    if (isStage && data.from === "notes") show(`/meeting/${data.view}`, { tell: false });
  };
  addEventListener("popstate", () => (isStage || isNotes) && show(location.pathname + location.search, { push: false }));

  // ---- blank, full screen, light and dark
  const blank = () => document.body.toggleAttribute("data-blank");
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const scheme = () => {
    const root = document.documentElement;
    const isDark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = kept("meeting-scheme", isDark ? "light" : "dark");
  };

  // ---- keys
  const byId = (id) => document.getElementById(id);
  const keys = {
    ArrowRight: () => go(byId("next")), PageDown: () => go(byId("next")), " ": () => go(byId("next")),
    ArrowLeft: () => go(byId("previous")), PageUp: () => go(byId("previous")),
    Home: () => end(false), End: () => end(true),
    f: full, b: blank, ".": blank, d: scheme,
    t: () => { const way = byId("to-table") || byId("back"); if (way) location.href = way.href; },
    q: () => { const way = byId("to-questions"); if (way) show(way.getAttribute("href")); },
    n: () => { const way = byId("to-notes"); if (way) window.open(way.href, "notes", "popup,width=900,height=700"); },
    Escape: () => { if (document.body.hasAttribute("data-blank")) blank(); else if (byId("back")) location.href = byId("back").href; },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target;
    if (target.closest("input, textarea, select")) return;
    if (event.key === " " && target.closest("a, button")) return;
    // A table that is wider or longer than its room is scrolled by its own keys.
    const room = target.closest(".table-room");
    if (room && /^(Arrow|Page|Home|End)/.test(event.key) && (room.scrollWidth > room.clientWidth || room.scrollHeight > room.clientHeight)) return;
    const act = keys[event.key] || keys[event.key.toLowerCase()];
    const isMove = /^(Arrow|Page|Home|End| )/.test(event.key);
    if (!act || (isMove && !isStage && !isNotes)) return;
    event.preventDefault();
    act();
  });

  // ---- swipe
  let touch = null;
  addEventListener("touchstart", (event) => {
    const inRoom = event.target.closest(".table-room, input, textarea, select");
    touch = event.touches.length === 1 && !inRoom ? event.touches[0] : null;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!touch || !(isStage || isNotes)) return;
    const across = event.changedTouches[0].clientX - touch.clientX, down = event.changedTouches[0].clientY - touch.clientY;
    touch = null;
    if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(down)) return;
    go(byId(across < 0 ? "next" : "previous"));
  }, { passive: true });

  // ---- buttons
  addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && (link.id === "next" || link.id === "previous") && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      go(link);
    }
    if (document.body.hasAttribute("data-blank")) blank();
    const button = event.target.closest("button");
    if (button && button.id === "restart") { kept("meeting-started", String(Date.now())); tick(); }
    if (button && button.id === "copy") {
      navigator.clipboard.writeText(byId("story-text").value).then(
        () => { byId("copied").textContent = "Copied."; },
        () => { byId("copied").textContent = "The browser did not let it be copied; take the text file."; },
      );
    }
  });

  const ready = () => {
    tick();
    for (const id of ["restart", "copy"]) if (byId(id)) byId(id).hidden = false;
    document.documentElement.dataset.ready = "yes";
  };
  setInterval(tick, 5000);
  ready();
  if (isStage) announce();
})();
