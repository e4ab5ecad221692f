// Draws what dashboard/components/markup.py sends: elements as [tag, attributes, ...inside], handed to React at once.
// One component of Dash's for a whole table: its renderer asks every component of its own after every change.
"use strict";
(function () {
  // The same as Dash's own link does: another address, no other document, and the page from its top.
  function follow(event) {
    const link = event.currentTarget, ownWindow = !link.target || link.target === "_self";
    if (event.metaKey || event.shiftKey || event.altKey || event.ctrlKey || !ownWindow) return;
    event.preventDefault();
    window.history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  // An address of another kind (javascript: …) leads nowhere; ours begin with a slash, a question mark or a place.
  const safe = (address) => (/^[/?#]/.test(address) ? address : window.dash_clientside.clean_url(address));

  function drawn(node) {
    if (!Array.isArray(node)) return node;
    const [tag, { ...attributes }, ...inside] = node;
    if (attributes.id) attributes.key = attributes.id; // what has a name stays itself when its neighbours change
    if (attributes.href) attributes.href = safe(attributes.href);
    if (tag !== "Link") return window.React.createElement(tag, attributes, ...inside.map(drawn));
    return window.React.createElement("a", { ...attributes, onClick: follow }, ...inside.map(drawn));
  }

  window.dashboard_markup = {
    Markup: ({ tree }) => window.React.createElement(window.React.Fragment, null, ...tree.map(drawn)),
  };
})();
