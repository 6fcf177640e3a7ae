// Parts of a page are replaced by what the server makes of them, without the page going away.
//
// A link or a form with data-part="name" asks for its address as it would, and puts the element of
// the page that comes with the id "name" in the place of ours. Without this script they are links
// and forms like any other. Markup only ever comes from our own server, read as a document of its
// own in which nothing runs.

const TOKEN = document.querySelector('meta[name="token"]')?.content ?? "";

export function fetchPage(address, { method = "GET", body = null, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open(method, address);
    asked.responseType = "document";
    if (method !== "GET") asked.setRequestHeader("x-batchsend-token", TOKEN);
    for (const [name, value] of Object.entries(headers)) asked.setRequestHeader(name, value);
    asked.onload = () => resolve({ page: asked.response, address: asked.responseURL, status: asked.status });
    asked.onerror = () => reject(new Error("no answer"));
    asked.send(body);
  });
}

export function replacePart(page, name) {
  const now = document.getElementById(name);
  const then = page?.getElementById(name);
  if (!now || !then) return false;
  const focused = document.activeElement?.id;
  const part = document.importNode(then, true);
  now.replaceWith(part);
  if (page.title) document.title = page.title;
  replaceSteps(page);
  const again = focused && document.getElementById(focused);
  if (again && part.contains(again)) {
    const end = again.value?.length;
    again.focus();
    if (again.type === "text" || again.type === "search") again.setSelectionRange(end, end);
  }
  document.dispatchEvent(new CustomEvent("part", { detail: part }));
  return true;
}

// What is done may be more than before.
function replaceSteps(page) {
  const [now, then] = [document, page].map((each) => each.getElementById("steps"));
  if (now && then && !now.contains(document.activeElement)) now.replaceWith(document.importNode(then, true));
}

export async function follow(address, part, options = {}) {
  const main = document.getElementById(part);
  main?.setAttribute("aria-busy", "true");
  try {
    const came = await fetchPage(address, options);
    answers(true);
    // A form that was refused is answered at its own address, where no page is to be had.
    if (options.method === "POST" && sameAddress(came.address, address) && replacePart(came.page, part)) return;
    if (samePlace(came.address) && !needsMore(came.page) && replacePart(came.page, part)) {
      if (!options.quiet) history.pushState(null, "", came.address);
      return;
    }
    location.assign(came.address);
  } catch {
    main?.removeAttribute("aria-busy");
    answers(false);
  }
}

// Say that the server does not answer, for as long as that is so.
export function answers(does) {
  const said = document.getElementById("said");
  if (!said) return;
  said.className = does ? "unseen" : "gone";
  said.textContent = does ? "" : said.dataset.gone ?? "";
}

// A page that was waited for may need scripts that the one that waited has not.
function needsMore(page) {
  const own = new Set([...document.scripts].map((each) => each.src));
  return [...(page?.scripts ?? [])].some((each) => each.src && !own.has(new URL(each.getAttribute("src"), location.href).href));
}

function sameAddress(one, other) {
  return new URL(one, location.href).href === new URL(other, location.href).href;
}

function samePlace(address) {
  return new URL(address, location.href).pathname === location.pathname;
}

function encoded(form, submitter) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) fields.append(name, value);
  return fields;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-part]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  follow(link.href, link.dataset.part);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-part]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const fields = encoded(form, event.submitter);
  const part = form.dataset.part;
  if (form.method === "get") {
    const address = new URL(form.action);
    address.search = fields;
    follow(address.href, part);
    return;
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  follow(form.action, part, { method: "POST", body: fields.toString(), headers });
});

// A field with data-at-once sends its form when it is changed; a search field also while one types.
let waiting;
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-at-once]:not([type=search])")) event.target.form.requestSubmit();
});
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-at-once][type=search]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => event.target.form.requestSubmit(), 250);
});

// An element with data-again asks for the page again after so many milliseconds.
function again() {
  const place = document.querySelector("[data-again]");
  if (place) setTimeout(() => follow(location.href, "main", { quiet: true }), Number(place.dataset.again));
}
again();
document.addEventListener("part", again);

window.addEventListener("popstate", () => location.reload());
