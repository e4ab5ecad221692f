// A session that has ended: what the page asks is refused, so the page is opened anew, which leads to signing in.
"use strict";
(function () {
  const ask = window.fetch;
  window.fetch = function (...given) {
    return ask.apply(this, given).then((answer) => {
      if (answer.status === 401 && new URL(answer.url).pathname.startsWith("/_dash-")) window.location.reload();
      return answer;
    });
  };
})();
