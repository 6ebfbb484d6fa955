// A page behind the door leaves the screen when its session is over: after the rest that ends it, and at once
// when somebody signs out in another tab of this browser. Tabs tell each other that somebody is there; nothing
// is kept. What was typed by then would not be taken any more, so two minutes before it is said.
"use strict";

const SOON = 120_000; // milliseconds
const LOOK = 5_000;
const rest = Number(document.body.dataset.rest) * 1000;
const others = new BroadcastChannel("habeas session");
let last = Date.now();

if (rest) {
  const soon = document.getElementById("soon");
  const away = document.getElementById("away").content;

  let over = false;
  const put = () => {
    over = true;
    document.title = away.querySelector("h1").textContent;
    document.body.replaceChildren(away);
    clearInterval(looking);
    others.close();
  };
  const look = () => {
    if (over) {
      return;
    }
    const left = last + rest - Date.now();
    if (left <= 0) {
      put();
    } else if ((left < SOON) === soon.hidden) {
      soon.hidden = left >= SOON;
      soon.textContent = soon.hidden ? "" : soon.dataset.words;
    }
  };
  const here = () => {
    last = Date.now();
    look();
  };
  const looking = setInterval(look, LOOK);
  others.onmessage = ({ data }) => (data === "over" ? put() : here());
  for (const seen of ["visibilitychange", "pageshow"]) {
    window.addEventListener(seen, look, true);
  }
  document.addEventListener("htmx:afterRequest", () => {
    here();
    others.postMessage("here");
  });
  others.postMessage("here");
} else {
  others.postMessage("over"); // the page to sign in: whoever sees it has no session in this browser
}
