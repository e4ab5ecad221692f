// The shell's part in the browser: no chart may be sent anywhere, the navigation keeps the view, a chart can be
// had as a picture, and the status line says what the page now shows.
"use strict";
(function () {
  // ---- charts: traps set before plotly.js arrives -------------------------------------------------
  const LOCKED = { showSendToCloud: false, plotlyServerURL: "", showEditInChartStudio: false, showLink: false, sendData: false };

  // One chart a frame: the first is seen before the next is begun, and the page answers in between.
  let turn = Promise.resolve();
  const shown = () => new Promise((done) => {
    const later = setTimeout(done, 100); // a page that is not looked at has no frames
    requestAnimationFrame(() => setTimeout(() => { clearTimeout(later); done(); }));
  });
  function inTurn(draw) {
    const mine = turn.then(draw);
    turn = mine.catch(() => {}).then(shown);
    return mine;
  }

  function guarded(plotly) {
    for (const name of ["newPlot", "react"]) {
      const original = plotly[name];
      plotly[name] = function (element, data, layout, config) {
        if (data && data.data) { // newPlot(element, {data, layout, config})
          return inTurn(() => original.call(plotly, element, Object.assign({}, data, { config: Object.assign({}, data.config, LOCKED) })));
        }
        return inTurn(() => original.call(plotly, element, data, layout, Object.assign({}, config, LOCKED)));
      };
    }
    if (plotly.setPlotConfig) plotly.setPlotConfig(LOCKED);
    return plotly;
  }

  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: false,
    get: () => plotly,
    set: (arrived) => { plotly = arrived ? guarded(arrived) : arrived; },
  });

  // ---- chart as a picture: <button data-picture="id of the graph" data-format="png|svg"> -------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-picture]");
    if (!button || !plotly) return;
    const frame = document.getElementById(button.dataset.picture);
    const chart = frame && (frame.classList.contains("js-plotly-plot") ? frame : frame.querySelector(".js-plotly-plot"));
    if (!chart) return;
    plotly.downloadImage(chart, {
      format: button.dataset.format || "png", filename: button.dataset.filename || button.dataset.picture, scale: 2,
      width: chart.offsetWidth, height: chart.offsetHeight,
    });
  });

  // ---- paper: every table stands open, and every chart is as wide as the page ----------------------------
  // Pixels between the margins of A4, upright; or across, where style_print.css lays a wide table.
  const paper = () => (document.querySelector("main thead tr:last-child > :nth-child(14)") ? 1030 : 690);
  const opened = new Set(), narrowed = new Set();

  window.addEventListener("beforeprint", () => {
    for (const drawer of document.querySelectorAll("main .panel-foot details:not([open]), main details.more:not([open])")) {
      opened.add(drawer);
      drawer.open = true;
    }
    const between = paper();
    for (const chart of document.querySelectorAll("main .js-plotly-plot")) {
      const width = chart.closest(".panel") ? between - 30 : between;
      if (!plotly || !chart.offsetWidth || Math.abs(chart.offsetWidth - width) < 8) continue;
      narrowed.add(chart);
      plotly.relayout(chart, { autosize: false, width });
    }
  });
  window.addEventListener("afterprint", () => {
    for (const drawer of opened) drawer.open = false;
    for (const chart of narrowed) if (chart.isConnected) plotly.relayout(chart, { autosize: true, width: null });
    opened.clear();
    narrowed.clear();
  });

  // ---- focus: a choice draws the page anew; whoever made it by keyboard goes on where they were ---------
  let focused = null; // the element of the page that had the focus last
  document.addEventListener("focusin", (event) => {
    focused = event.target.closest("main") ? event.target : null;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("main")) focused = null;
  });
  function keepFocus() {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    const gone = focused;
    const again = gone.id && document.getElementById(gone.id);
    if (!document.querySelector("#provenance")) return; // not drawn yet
    (again || document.getElementById("main")).focus({ preventScroll: true });
    if (again && gone.dataset.expanded) again.click(); // a list from which more may be chosen
  }

  // ---- the status line says what [data-status] inside main says, when that changes ------------------
  function sayStatus() {
    const line = document.getElementById("status");
    const said = document.querySelector("main [data-status]");
    if (line && said && line.textContent !== said.dataset.status) line.textContent = said.dataset.status;
  }
  // ---- an address with a place in it (#measure-spend) leads there once the page is drawn, and unfolds it ---
  let led = "";
  function leadToPlace() {
    if (!location.hash || led === location.href || !document.querySelector("#provenance")) return;
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return; // the page of the address may not have come yet
    led = location.href;
    for (let at = place; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    place.scrollIntoView({ block: "start" });
  }
  window.addEventListener("hashchange", () => { led = ""; leadToPlace(); });

  let waiting = 0;
  new MutationObserver(() => {
    keepFocus(); // at once: the next key may already be on its way
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { sayStatus(); leadToPlace(); });
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-status"] });

  // ---- navigation: mark the page, carry the selection along, open and close it on a narrow screen -----
  const CARRIED = new Set(["years", "settings", "phases", "needs", "lines", "in_borough", "provider", "as_at", "prices"]);
  const root = document.documentElement;

  function openMenu(isOpen) {
    const button = document.getElementById("menu");
    if (!button) return;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) root.dataset.menu = "open";
    else delete root.dataset.menu;
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("#menu")) openMenu(root.dataset.menu !== "open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || root.dataset.menu !== "open") return;
    openMenu(false);
    document.getElementById("menu").focus();
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    shell: {
      // Gives each link the selection that is now in the address, so that a page opens on the same; what one
      // page alone understands stays behind.
      navigation: function (pathname, search, ...links) {
        const list = document.getElementById("navigation");
        for (const link of list ? list.querySelectorAll("a") : []) {
          if (link.pathname === pathname) link.setAttribute("aria-current", "page");
          else link.removeAttribute("aria-current");
        }
        openMenu(false);
        const kept = (search || "").replace(/^\?/, "").split("&").filter((pair) => CARRIED.has(pair.split("=")[0]));
        return links.map((id) => id["link-to"] + (kept.length ? "?" + kept.join("&") : ""));
      },
    },
  });
})();
