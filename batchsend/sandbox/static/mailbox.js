// What the page does beyond its links and forms: it shows a letter without loading the whole page
// again, searches while one types, moves by the arrow keys, and takes in what is new as it comes.
import { fetchPage, replacePart } from "/web/parts.js";

const MOST = 200; // lines in the list, as many as the page has without this script
const PAUSE = 1000; // milliseconds from one look at what is new to the next
const scroll = document.getElementById("scroll");
const search = document.getElementById("search");
const live = document.querySelector("#live button");
const said = document.querySelector("#live [role=status]");
const lines = () => document.getElementById("letters");

function wanted() {
  const said = new URLSearchParams(new FormData(search));
  for (const [name, value] of [...said]) if (!value) said.delete(name);
  return said;
}

function mark() {
  for (const link of lines().querySelectorAll("a")) {
    if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// Elements of another page in the place of ours; what had the focus has it again.
function swap(page, ...ids) {
  const focused = document.activeElement?.id;
  for (const id of ids) {
    const then = page.getElementById(id);
    if (then) document.getElementById(id)?.replaceWith(document.importNode(then, true));
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

async function show(address) {
  const came = await fetchPage(address).catch(() => null);
  if (came?.status !== 200 || !replacePart(came.page, "main")) return void (location.href = address);
  history.pushState(null, "", address);
  document.body.className = came.page.body.className;
  mark();
  document.getElementById("main").scrollTo(0, 0);
  scrollTo(0, 0);
}

addEventListener("click", (event) => {
  const link = event.target.closest("#letters a, .back a, .fields a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.href);
});

// The arrow keys move along the list.
scroll.addEventListener("keydown", (event) => {
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
  const came = await fetchPage(address).catch(() => null);
  if (came?.status !== 200 || address !== `/?${wanted()}`) return;
  swap(came.page, "list");
  if (location.pathname === "/") history.replaceState(null, "", address);
  mark();
}
search.addEventListener("submit", (event) => { event.preventDefault(); find(); });
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(find, 250); });

// News: a page that is not looked at does not listen, since a browser has few connections.
const LOST = "The sandbox does not answer.";
const CROWDED = "Too many pages are open for this one to be live.";
let events;
let newest;
let taking = false;

function listen() {
  events?.close();
  events = undefined;
  if (document.hidden || live.ariaPressed !== "true") return;
  events = new EventSource("/events");
  events.onmessage = (event) => { newest = JSON.parse(event.data); takeAll(); };
  events.onopen = () => { if (said.textContent === LOST) said.textContent = ""; };
  events.onerror = () => { said.textContent = events.readyState === EventSource.CLOSED ? CROWDED : LOST; };
}

// In a flood of letters nobody reads faster than this.
async function takeAll() {
  if (taking) return;
  taking = true;
  while (newest) {
    const news = newest;
    newest = undefined;
    if (await take(news).catch(() => false)) await new Promise((go) => setTimeout(go, PAUSE));
  }
  taking = false;
}

async function take(news) {
  const known = lines().dataset;
  if (String(news.emptied) !== known.emptied) return void location.assign("/");
  if (String(news.seen) === known.seen && news.faulty === (known.faulty === "on")) return false;
  const asked = wanted();
  asked.set("since", known.seen);
  const came = await fetchPage(`/?${asked}`);
  if (came.status !== 200) return false;
  const now = wanted();
  now.set("since", lines().dataset.seen);
  if (String(now) !== String(asked)) return true; // another search has come between
  swap(came.page, "counts", "answers");
  add(came.page);
  return true;
}

function add(page) {
  const letters = lines();
  const theirs = page.getElementById("letters");
  Object.assign(letters.dataset, { seen: theirs.dataset.seen, faulty: theirs.dataset.faulty });
  const fresh = [...theirs.children].map((line) => document.importNode(line, true));
  if (!fresh.length || letters.dataset.before) return;
  const top = scroll.scrollTop;
  const height = scroll.scrollHeight;
  const more = !page.getElementById("older").hidden;
  const focused = document.activeElement?.id;
  if (more) letters.replaceChildren();
  letters.prepend(...fresh);
  document.querySelector("#list > .none")?.remove();
  trim(letters, more);
  mark();
  if (top) scroll.scrollTop = top + scroll.scrollHeight - height;
  if (focused) document.getElementById(focused)?.focus();
  announce(fresh.length);
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
let last = 0;
let untold = 0;
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
