// One letter at a time; without this script they stand below each other.
const words = JSON.parse(document.body.dataset.words);
// A message in the language of the page, with its places filled.
const _ = (message, places) =>
  (words[message] ?? message).replace(/\{(\w+)\}/g, (_whole, name) => places[name]);
const letters = [...document.querySelectorAll("article")];
const links = [...document.querySelectorAll("nav a")];
const back = document.getElementById("back");
const on = document.getElementById("on");

function current() {
  return Math.max(0, letters.findIndex((letter) => `#${letter.id}` === location.hash));
}

function show() {
  const chosen = current();
  letters.forEach((letter, place) => { letter.hidden = place !== chosen; });
  links.forEach((link, place) => {
    if (place === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  links[chosen].scrollIntoView({ block: "nearest", inline: "nearest" });
  document.getElementById("place").textContent = _("Row {row} · {number} of {letters}", {
    row: letters[chosen].id.replace("row-", ""), number: chosen + 1, letters: letters.length,
  });
  back.disabled = chosen === 0;
  on.disabled = chosen === letters.length - 1;
  scrollTo(0, 0);
}

function go(place) {
  if (place >= 0 && place < letters.length) location.hash = letters[place].id;
}

if (letters.length) {
  document.body.classList.add("leafed");
  document.querySelector(".leaf").hidden = false;
  back.addEventListener("click", () => go(current() - 1));
  on.addEventListener("click", () => go(current() + 1));
  addEventListener("hashchange", show);
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const steps = {
      ArrowLeft: current() - 1, ArrowRight: current() + 1, Home: 0, End: letters.length - 1,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    go(steps[event.key]);
  });
  show();
}
