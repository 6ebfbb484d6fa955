// Beside htmx: what it leaves open of the small things that happen in place. Nothing here is needed.
// An answer that is not what was asked for (somebody was quicker, the session ended, an error) is never put
// into a page: the browser goes there itself, as it does without any script. The focus is never lost.
"use strict";

let before = { id: "", open: [] };

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr, target } = event.detail;
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const wanted = requestConfig.elt.closest("[hx-select]").getAttribute("hx-select");
  if (xhr.status < 400 && answer.querySelector(wanted)) {
    const open = [...target.querySelectorAll("details[id][open]")].map((each) => each.id);
    before = { id: document.activeElement.id, open };
    return;
  }
  event.detail.shouldSwap = false;
  if (xhr.status === 409) {
    barred(answer);
  } else {
    plainly(requestConfig.elt);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  for (const id of before.open) {
    document.getElementById(id)?.setAttribute("open", "");
  }
  if (document.activeElement === document.body) {
    document.getElementById(before.id)?.focus();
  }
  if (document.activeElement === document.body) {
    event.detail.target.querySelector("[data-lands]")?.focus();
  }
});

for (const failed of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, (event) => plainly(event.detail.requestConfig.elt));
}

// As without a script. What only opens something has its link there already.
function plainly(asking) {
  if (asking instanceof HTMLFormElement) {
    HTMLFormElement.prototype.submit.call(asking);
  } else if (asking instanceof HTMLAnchorElement) {
    location.assign(asking.href);
  }
}

// Somebody was quicker: said in place, because what is typed elsewhere on the page would be gone with it.
function barred(answer) {
  const box = document.createElement("div");
  box.className = "errors";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  for (const [tag, id] of [["h2", "quicker"], ["p", "quicker-why"]]) {
    const words = document.createElement(tag);
    words.textContent = answer.getElementById(id).textContent;
    box.append(words);
  }
  const again = document.createElement("a");
  again.href = location.pathname;
  again.textContent = "Look at the case as it is now";
  box.append(again);
  document.getElementById("said").replaceChildren(box);
  box.focus();
}
