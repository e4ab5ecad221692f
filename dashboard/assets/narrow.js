// On a phone a chart takes the margins, ticks and labels that its figure keeps under layout.meta.narrow, and gives
// them back when the screen is wide again. The figure's own layout is what a wide screen has.
"use strict";
(function () {
  const NARROW = 480; // dashboard/figures/drawing.py

  const at = (object, path) => path.replace(/\[(\d+)\]/g, ".$1").split(".").reduce((part, name) => (part === undefined ? part : part[name]), object);

  function fit(chart) {
    const meta = chart.layout && chart.layout.meta;
    const narrow = meta && meta.narrow;
    if (!narrow || !Object.keys(narrow).length || !chart.offsetWidth || !window.Plotly) return;
    const isNarrow = chart.offsetWidth < NARROW;
    if (isNarrow === Boolean(meta.isNarrow)) return;
    if (isNarrow) meta.wide = Object.fromEntries(Object.keys(narrow).map((name) => [name, at(chart.layout, name)]));
    const wanted = isNarrow ? narrow : Object.fromEntries(Object.entries(meta.wide).map(([name, value]) => [name, value === undefined ? null : value]));
    meta.isNarrow = isNarrow;
    window.Plotly.relayout(chart, wanted);
  }

  let waiting = 0;
  function soon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => document.querySelectorAll(".js-plotly-plot").forEach(fit));
  }
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
})();
