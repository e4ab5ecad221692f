// Working comfort in the browser: copying figures, findings and tables, all charts in one file, shortcuts with a
// help sheet, dialogs. Nothing here works a number out, and nothing leaves this machine.
"use strict";
(function () {
  const $ = (selector, within) => (within || document).querySelector(selector);
  const $$ = (selector, within) => [...(within || document).querySelectorAll(selector)];

  // ---- what is said: one line at the foot, polite, gone after a while ---------------------------------
  let silence = 0;
  function say(words) {
    const line = $("#said");
    if (!line) return;
    line.textContent = words;
    line.classList.add("shown");
    clearTimeout(silence);
    silence = setTimeout(() => { line.classList.remove("shown"); line.textContent = ""; }, 6000);
  }

  // ---- words of the page ------------------------------------------------------------------------------
  // What is only drawn for the eye of a machine or a screen reader's ear is left out of what is copied.
  function words(element) {
    if (!element) return "";
    const copy = element.cloneNode(true);
    for (const hidden of $$(".visually-hidden, script, style, [aria-hidden=true]", copy)) hidden.remove();
    for (const line of $$("br", copy)) line.replaceWith(" ");
    return copy.textContent.replace(/\s+/g, " ").trim();
  }
  const stop = (sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
  const provenance = () => { const line = $("#provenance"); return line ? line.dataset : {}; };
  function asAt(near) {
    const found = /as at (\d{1,2} \w+ \d{4})/.exec(near) || /as at (\d{1,2} \w+ \d{4})/.exec(words($(".page-head p")));
    return found ? found[1] : provenance().asAt || "";
  }
  function cited(near) {
    const day = asAt(near), number = provenance().snapshot;
    const parts = [day && !near.includes(`as at ${day}`) ? `as at ${day}` : "", number ? `snapshot ${number}` : ""];
    return parts.filter(Boolean).join(", ");
  }
  function selected() {
    const said = $("main [data-status]"), narrowed = $(".filters .clear");
    return said && narrowed ? said.dataset.status.replace(/:.*$/, "") : "";
  }

  // ---- the clipboard ----------------------------------------------------------------------------------
  // The copy event is asked first: it needs no leave of the user and takes both kinds at once everywhere.
  function put(text, html) {
    let done = false;
    const handler = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
      done = true;
    };
    document.addEventListener("copy", handler);
    try { document.execCommand("copy"); } finally { document.removeEventListener("copy", handler); }
    if (done) return Promise.resolve();
    if (!navigator.clipboard) return Promise.reject(new Error("no clipboard"));
    return navigator.clipboard.writeText(text);
  }
  function copy(text, html, what) {
    put(text, html).then(() => say(`Copied: ${what || text}`), () => say("The browser does not let this page copy."));
  }

  // ---- a figure, a finding -----------------------------------------------------------------------------
  function figureSentence(button) {
    if (button.dataset.sentence) return button.dataset.sentence;
    const tile = button.closest(".tile");
    const beside = words($(".beside", tile)), when = words($(".page-head p"));
    const year = /\d{4}-\d{2}(?: to \d{4}-\d{2})?/.exec(when);
    const title = words($("h2, h3", tile));
    const parts = [`${title}: ${words(button)}`];
    if (year && !title.includes(year[0]) && !/, \w+ \d{4}$/.test(title)) parts.push(`in ${year[0]}`);
    let sentence = parts.join(" ");
    if (beside && !/\d/.test(beside)) sentence += `, ${/^[A-Z][a-z]/.test(beside) ? beside[0].toLowerCase() + beside.slice(1) : beside}`;
    const narrowed = selected(), day = asAt(""), number = provenance().snapshot;
    if (narrowed) sentence += ` (${narrowed})`;
    if (day) sentence += `, as at ${day}`;
    return number ? `${sentence} (snapshot ${number})` : sentence;
  }
  function findingSentence(panel) {
    const finding = words($("h2, h3", panel)), measured = words($(".measured", panel));
    const of = [measured, cited(`${finding} ${measured}`)].filter(Boolean).join("; ");
    return of ? `${finding} (${of}).` : stop(finding);
  }

  // ---- a table ----------------------------------------------------------------------------------------
  // A minus sign of typography is no minus to a spreadsheet.
  const cellText = (cell) => { const said = words(cell); return /^−[£\d]/.test(said) ? said.replace("−", "-") : said; };
  const safe = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" })[sign]);
  // What a spreadsheet would take for a formula is made text, as in our files.
  const inert = (text) => (/^[=+@\t\r]/.test(text) || /^-(?![£\d])/.test(text) ? `'${text}` : text);
  function copyTable(panel, table) {
    const caption = words(table.caption) || words($("h2, h3", panel));
    const foot = [cited(caption), selected()].filter(Boolean).join("; ");
    const rows = $$("tr", table).map((row) => [...row.cells]);
    const lines = rows.map((cells) => cells.flatMap((cell) => [inert(cellText(cell)), ...Array(cell.colSpan - 1).fill("")]).join("\t"));
    const kind = (cell) => (cell.tagName === "TH" ? "th" : "td");
    const align = (cell) => (cell.classList.contains("number") || /^[−-]?[£\d]/.test(cellText(cell)) ? " align=\"right\"" : "");
    const body = rows.map((cells) => `<tr>${cells.map((cell) =>
      `<${kind(cell)}${align(cell)}${cell.colSpan > 1 ? ` colspan="${cell.colSpan}"` : ""}>${safe(cellText(cell))}</${kind(cell)}>`).join("")}</tr>`).join("");
    const html = `<table><caption>${safe(caption)}</caption>${body}</table><p>${safe(foot)}</p>`;
    copy([caption, ...lines, foot].join("\n"), html, `the table “${caption}”, ${rows.length} rows`);
  }

  // ---- a zip: files stored one after the other, as APPNOTE 6.3 describes; pictures are small already ------
  const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value >>> 0;
  });
  function crc32(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  }
  function zipped(files, now) {
    const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
    const day = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
    const parts = [], index = [];
    let at = 0, indexed = 0;
    for (const file of files) {
      const name = new TextEncoder().encode(file.name);
      // version, flag of UTF-8 names, stored, time, day, sum, both sizes, length of the name
      const shared = [[20, 2], [0x0800, 2], [0, 2], [time, 2], [day, 2], [crc32(file.bytes), 4], [file.bytes.length, 4], [file.bytes.length, 4], [name.length, 2]];
      const local = record([[0x04034b50, 4], ...shared, [0, 2]]);
      const entry = record([[0x02014b50, 4], [20, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]);
      parts.push(local, name, file.bytes);
      index.push(entry, name);
      at += local.length + name.length + file.bytes.length;
      indexed += entry.length + name.length;
    }
    const end = record([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [indexed, 4], [at, 4], [0, 2]]);
    return new Blob([...parts, ...index, end], { type: "application/zip" });
  }
  function record(fields) {
    const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, size]) => sum + size, 0)));
    let at = 0;
    for (const [value, size] of fields) {
      if (size === 4) view.setUint32(at, value, true); else view.setUint16(at, value, true);
      at += size;
    }
    return new Uint8Array(view.buffer);
  }

  // ---- all charts of the page ---------------------------------------------------------------------------
  const slug = (text) => text.normalize("NFKD").toLowerCase().replace(/£/g, "gbp-").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 70).replace(/-+$/, "");
  function bytesOf(address) {
    const comma = address.indexOf(","), body = address.slice(comma + 1);
    if (!address.slice(0, comma).includes(";base64")) return new TextEncoder().encode(decodeURIComponent(body));
    return Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  }
  async function allCharts(button) {
    const charts = $$("main .js-plotly-plot");
    if (!charts.length || !window.Plotly) { say("There is no chart on this page."); return; }
    button.disabled = true;
    say(`Drawing ${charts.length} chart${charts.length === 1 ? "" : "s"} …`);
    try {
      const files = [], list = [];
      for (const [index, chart] of charts.entries()) {
        const panel = chart.closest("section") || document.body;
        const finding = words($("h2, h3", panel)), name = `${String(index + 1).padStart(2, "0")}-${slug(finding) || "chart"}`;
        const size = { width: Math.max(chart.offsetWidth, 640), height: chart.offsetHeight || 400 };
        for (const format of ["png", "svg"]) {
          const address = await window.Plotly.toImage(chart, { format, scale: format === "png" ? 2 : 1, ...size });
          files.push({ name: `${format}/${name}.${format}`, bytes: bytesOf(address) });
        }
        const link = $("a[href^='/export/'][href*='.csv']", panel);
        const answer = link ? await fetch(link.href) : null;
        if (answer && answer.ok) files.push({ name: `tables/${name}.csv`, bytes: new Uint8Array(await answer.arrayBuffer()) });
        list.push(`${name}\n  ${finding}\n  ${words($(".measured", panel))}\n  ${words($(".caution", panel))}`.trimEnd());
      }
      const said = $("main [data-status]");
      const about = [
        document.title, words($("main h1")), "", said ? stop(said.dataset.status) : "", words($("#provenance")),
        `Address: ${location.pathname}${location.search}`, "",
        "png/ and svg/ hold each chart as a picture, tables/ the figures behind it.", "", ...list, "",
      ];
      files.unshift({ name: "README.txt", bytes: new TextEncoder().encode(about.join("\r\n").replace(/\r?\n/g, "\r\n")) });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(zipped(files, new Date()));
      link.download = `${slug(document.title) || "charts"}.zip`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      say(`${charts.length} chart${charts.length === 1 ? "" : "s"} in ${link.download}`);
    } catch (fault) {
      say("The charts could not be drawn as pictures.");
      throw fault;
    } finally {
      button.disabled = false;
    }
  }

  // ---- going to a page as a link of the page would --------------------------------------------------------
  function go(address) {
    history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }
  function anotherYear(step) {
    const bar = $("[data-years]");
    if (!bar) { say("This page is not narrowed by year."); return; }
    const years = bar.dataset.years.split(",").filter(Boolean), query = new URLSearchParams(location.search);
    const now = (query.get("years") || "").match(/\d{4}-\d{2}/g);
    const at = now ? years.indexOf(now[now.length - 1]) : years.length - 1; // without a choice the last year is in focus
    const next = years[at + step];
    if (!next) { say(step > 0 ? "There is no later year." : "There is no earlier year."); return; }
    query.set("years", next);
    go(`${location.pathname}?${query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",")}`);
    say(`Year ${next}`);
  }
  function toggleTables() {
    const tables = $$("main details[id$='-table']");
    if (!tables.length) { say("There is no table to open on this page."); return; }
    const open = tables.some((table) => !table.open);
    for (const table of tables) table.open = open;
    say(open ? `${tables.length} tables opened` : "Tables closed");
  }

  // ---- what the buttons of the page's tools do ---------------------------------------------------------------
  function show(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal(); // the focus goes back to where it was when it closes
    return dialog;
  }
  const ACTIONS = {
    "copy-link": () => copy(location.href, "", "the link to this view"),
    "all-charts": (button) => allCharts(button || $("[data-action=all-charts]")),
    "print": () => window.print(),
    "shortcuts": () => { fillHelp(); show("shortcuts"); },
    "save-view": () => {
      const dialog = show("save-view"), name = $("#save-view-name");
      $("#save-view-said").textContent = "";
      if (dialog && name) { name.focus(); name.select(); }
    },
    "compare": () => go(`/side-by-side?a=${encodeURIComponent(location.search.slice(1))}`),
    "close": (button) => button.closest("dialog").close(),
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    const data = button.dataset, panel = button.closest("section");
    if (data.action in ACTIONS) ACTIONS[data.action](button);
    else if ("copy" in data) copy(data.copy);
    else if ("copyFigure" in data) copy(figureSentence(button));
    else if ("copyFinding" in data) copy(findingSentence(panel));
    else if ("copyTable" in data) {
      const table = $(`#${CSS.escape(data.copyTable)} table`) || $("table", panel);
      if (table) copyTable(panel, table);
    }
  });
  // A text field tells Dash what is in it a moment after the key. A button that reads one (data-reads is its id) hands
  // the text over as it stands before its press is answered, or the last letters would be lost to a quick Enter.
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-reads]");
    const field = button && document.getElementById(button.dataset.reads);
    if (field) window.dash_clientside.set_props(field.id, { value: field.value });
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.id === "save-view-name") { event.preventDefault(); $("#save-view-do").click(); }
  });
  document.addEventListener("click", (event) => { if (event.target.tagName === "DIALOG") event.target.close(); });

  // ---- tools that this page has no use for are hidden ---------------------------------------------------------
  function fit() {
    const has = { "all-charts": $("main .dash-graph") !== null, "compare": $("main .filters [data-status]") !== null };
    for (const [action, there] of Object.entries(has)) {
      const button = $(`#page-tools [data-action=${action}]`);
      if (button && button.parentElement.hidden === there) button.parentElement.hidden = !there;
    }
  }
  let waiting = 0;
  new MutationObserver(() => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(fit); })
    .observe(document.documentElement, { childList: true, subtree: true });

  // ---- shortcuts: single keys, never while something is typed, and they can be switched off ---------------------
  const SETTING = "shortcuts-off";
  const kept = { get: () => { try { return localStorage.getItem(SETTING) === "1"; } catch { return false; } },
    set: (off) => { try { localStorage.setItem(SETTING, off ? "1" : "0"); } catch { /* a browser that keeps nothing forgets it */ } } };
  let off = kept.get(), pending = 0;
  const KEYS = [
    ["/", "Search", () => { const field = $("#site-search"); if (field) field.focus(); }],
    ["t", "Open or close all tables", toggleTables],
    ["c", "Copy the link to this view", ACTIONS["copy-link"]],
    ["s", "Save this view", ACTIONS["save-view"]],
    ["z", "All charts in one zip", () => ACTIONS["all-charts"]()],
    ["[", "The year before", () => anotherYear(-1)],
    ["]", "The year after", () => anotherYear(1)],
    ["p", "Print", ACTIONS.print],
    ["?", "This sheet", ACTIONS.shortcuts],
  ];
  // g and a letter go to a page: of each page of the navigation the first letter of its name that is free.
  function pageKeys() {
    const taken = new Set();
    return $$("#navigation a").map((link) => {
      const name = words(link), letter = [...name.toLowerCase()].find((sign) => /[a-z]/.test(sign) && !taken.has(sign));
      taken.add(letter);
      return [letter, name, link];
    }).filter(([letter]) => letter);
  }
  function fillHelp() {
    const list = $("#shortcuts-list");
    list.replaceChildren(...[...KEYS.map(([key, what]) => [[key], what]), ...pageKeys().map(([key, name]) => [["g", key], `Go to ${name}`])].map(([keys, what]) => {
      const row = document.createElement("div"), term = document.createElement("dt"), said = document.createElement("dd");
      for (const key of keys) { const shown = document.createElement("kbd"); shown.textContent = key; term.append(shown, " "); }
      said.textContent = what;
      row.append(term, said);
      return row;
    }));
    $("#shortcuts-off").textContent = off ? "Switch the shortcuts on" : "Switch the shortcuts off";
  }
  ACTIONS.switch = () => {
    off = !off;
    kept.set(off);
    fillHelp();
    say(off ? "Shortcuts are switched off" : "Shortcuts are switched on");
  };
  const typing = (element) => element.closest("input, textarea, select, [contenteditable=true], [role=combobox], [role=listbox], dialog");
  document.addEventListener("keydown", (event) => {
    if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const now = Date.now();
    if (now - pending < 1500) {
      pending = 0;
      const found = pageKeys().find(([letter]) => letter === event.key.toLowerCase());
      if (found) { event.preventDefault(); found[2].click(); }
      return;
    }
    if (event.key === "g") { pending = now; return; }
    const found = KEYS.find(([key]) => key === event.key);
    if (found) { event.preventDefault(); found[2](); }
  });
})();
