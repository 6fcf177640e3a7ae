// What the page does beyond its links and forms: it shows a letter without loading the whole page
// again, searches while one types, moves by the arrow keys, and takes in news as they come.
const MOST = 200; // lines in the list, as many as the page has without this script
const list = document.getElementById("list");
const pane = document.getElementById("pane");
const search = document.getElementById("search");
const live = document.querySelector("#live button");
const said = document.querySelector("#live [role=status]");
const lines = () => document.getElementById("letters");

function wanted() {
  const said = new URLSearchParams(new FormData(search));
  for (const [name, value] of [...said]) if (!value) said.delete(name);
  return said;
}

async function part(address, what) {
  const asked = new URL(address, location.href);
  asked.searchParams.set("part", what);
  const answer = await fetch(asked);
  return answer.ok ? answer.text() : null;
}

function mark(path) {
  for (const link of lines().querySelectorAll("a")) {
    if (new URL(link.href).pathname === path) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

async function show(address) {
  const path = new URL(address, location.href).pathname;
  const html = await part(address, "pane").catch(() => null);
  if (html === null) return void (location.href = address);
  pane.innerHTML = html;
  document.body.className = path === "/" ? "" : "showing";
  document.title = `${pane.querySelector("h2").textContent} · Sandbox mailbox`;
  mark(path);
  pane.scrollTo(0, 0);
  scrollTo(0, 0);
}

addEventListener("click", (event) => {
  const link = event.target.closest("#letters a, .back a, .fields a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show(link.href);
});
addEventListener("popstate", () => show(location.href));

// The arrow keys move along the list.
list.addEventListener("keydown", (event) => {
  const here = event.target.closest("#letters li");
  const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!here || !next) return;
  event.preventDefault();
  here[next]?.firstElementChild.focus();
});

// Search while typing.
let typing;
async function find() {
  clearTimeout(typing);
  const address = `/?${wanted()}`;
  const html = await part(address, "list");
  if (html === null || address !== `/?${wanted()}`) return;
  list.innerHTML = html;
  if (location.pathname === "/") history.replaceState(null, "", address);
  mark(location.pathname);
  listen();
}
search.addEventListener("submit", (event) => { event.preventDefault(); find(); });
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(find, 250); });

// News: a page that is not looked at does not listen, since a browser has few connections.
const LOST = "The sandbox does not answer.";
const CROWDED = "Too many pages are open for this one to be live.";
let events;
let last = 0;
let untold = 0;

function listen() {
  events?.close();
  events = undefined;
  if (document.hidden || live.ariaPressed !== "true") return;
  const asked = wanted();
  const { seen, before } = lines().dataset;
  asked.set("since", seen);
  if (before) asked.set("before", before);
  events = new EventSource(`/events?${asked}`);
  events.onmessage = (event) => take(JSON.parse(event.data));
  events.onopen = () => { if (said.textContent === LOST) said.textContent = ""; };
  events.onerror = () => { said.textContent = events.readyState === EventSource.CLOSED ? CROWDED : LOST; };
}

function take(news) {
  if (news.emptied) return location.assign("/");
  document.getElementById("counts").innerHTML = news.counts;
  const faults = document.getElementById("faults");
  faults.textContent = news.faulty ? "on" : "none";
  faults.className = news.faulty ? "odd" : "";
  const answers = document.getElementById("answers");
  if (answers) answers.innerHTML = news.answers;
  const letters = lines();
  letters.dataset.seen = news.seen;
  if (!news.rows) return;
  const focused = document.activeElement?.closest("#letters a")?.getAttribute("href");
  const top = list.scrollTop;
  const height = list.scrollHeight;
  if (news.more) letters.replaceChildren();
  letters.insertAdjacentHTML("afterbegin", news.rows);
  list.querySelector(":scope > .none")?.remove();
  trim(letters, news.more);
  mark(location.pathname);
  if (top) list.scrollTop = top + list.scrollHeight - height;
  if (focused) letters.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  announce(news.fresh);
}

function trim(letters, more) {
  if (letters.children.length <= MOST && !more) return;
  while (letters.children.length > MOST) letters.lastElementChild.remove();
  const asked = wanted();
  asked.set("before", letters.lastElementChild.dataset.place);
  const older = document.getElementById("older");
  older.href = `/?${asked}`;
  older.hidden = false;
}

// Said aloud every five seconds at most.
function announce(fresh) {
  untold += fresh;
  const wait = last + 5000 - Date.now();
  if (wait > 0) return;
  last = Date.now();
  said.textContent = `${untold} new at ${new Date().toLocaleTimeString()}`;
  untold = 0;
}

live.addEventListener("click", () => {
  live.ariaPressed = String(live.ariaPressed !== "true");
  said.textContent = live.ariaPressed === "true" ? "" : "Paused";
  listen();
});
document.addEventListener("visibilitychange", listen);
document.getElementById("live").hidden = false;
search.querySelector("button").hidden = true;
listen();
