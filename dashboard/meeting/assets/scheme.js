// Light or dark as this reader chose; without a choice the system's. Runs before anything is drawn.
(() => {
  try {
    const chosen = localStorage.getItem("meeting-scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
  } catch { /* a browser that keeps nothing follows the system */ }
})();
