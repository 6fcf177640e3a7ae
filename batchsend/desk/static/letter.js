// Screen 4: the letter is written, the finished page is drawn beside it, and it is saved.

import { chosenField, commands, dragField, inTable, openEditor, setStyle, showFieldAs } from "/static/letter_editor.js";

const TOKEN = document.querySelector('meta[name="token"]')?.content ?? "";
const PAUSE = 100;
const place = document.getElementById("letter");
if (place) open(JSON.parse(place.dataset.letter), place.dataset.where);

function open(letter, where) {
  const { words } = letter;
  const state = document.getElementById("state");
  const source = document.getElementById("source");
  let known = letter.known;
  let unsaved = false;
  let writing = 0;

  const page = finishedPage(where, letter.key, words, content);
  const editor = source ? null : openEditor(document.getElementById("paper"), letter.doc, {
    label: words.letter,
    words,
    changed: (text) => { tools?.(); if (text) touched(); },
    save,
  });
  const tools = editor && toolbar(editor);
  if (source) {
    source.value = letter.base;
    source.addEventListener("input", touched);
    source.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
    });
  }

  function content() {
    const what = source
      ? { text: asWritten(source.value, letter.base) }
      : { base: letter.base, doc: editor.json() };
    return { key: letter.key, ...what };
  }

  function touched() {
    unsaved = true;
    state.textContent = words.unsaved;
    clearTimeout(writing);
    writing = setTimeout(page.draw, PAUSE);
  }

  async function save() {
    state.textContent = words.saving;
    const sent = content();
    unsaved = false;
    const answer = await post(`${where}/save`, { ...sent, known });
    if (answer?.known) known = answer.known;
    else unsaved = true;
    if (answer?.known && unsaved) return;
    state.textContent = answer?.said ?? words.gone;
    state.classList.toggle("wrong", !answer?.known);
  }

  async function fit() {
    const chosen = [...document.querySelectorAll("#unfit select")].filter((each) => each.value);
    if (!chosen.length) return;
    const names = Object.fromEntries(chosen.map((each) => [each.name, each.value]));
    const answer = await post(`${where}/fit`, { ...content(), known, names });
    if (answer?.known) {
      unsaved = false;
      window.location.reload();
    } else state.textContent = answer?.said ?? words.gone;
  }

  document.getElementById("save").addEventListener("click", save);
  document.getElementById("fit").addEventListener("click", fit);
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  page.begin(editor);
}

// A text field has one kind of line's end; the letter keeps its own.
function asWritten(text, base) {
  return base.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

function toolbar(editor) {
  const { view } = editor;
  const bar = document.querySelector(".tools");
  const style = document.getElementById("style");
  const form = document.getElementById("form");
  const run = (command) => { command(view.state, view.dispatch, view); view.focus(); };
  bar.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) run(commands[button.dataset.do]);
  });
  style.addEventListener("change", () => run(setStyle(Number(style.value))));
  form.addEventListener("change", () => run(showFieldAs(form.value)));
  const show = () => {
    const { state } = view;
    const { $from, from, to, empty } = state.selection;
    for (const name of ["strong", "em"]) {
      const mark = state.schema.marks[name];
      const on = empty ? mark.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, mark);
      bar.querySelector(`[data-do=${name}]`).setAttribute("aria-pressed", String(Boolean(on)));
    }
    const level = $from.parent.type.name === "heading" ? $from.parent.attrs.level : 0;
    style.value = String(Math.min(level, 3));
    for (const name of ["row", "unrow"]) bar.querySelector(`[data-do=${name}]`).hidden = !inTable(state);
    const field = chosenField(state);
    document.getElementById("shown-as").hidden = !field;
    if (field) form.value = field.form;
  };
  show();
  return show;
}

function finishedPage(where, key, words, content) {
  const pages = document.getElementById("pages");
  const troubles = document.getElementById("troubles");
  const whose = document.getElementById("whose");
  const find = document.getElementById("find");
  const limits = document.getElementById("limits");
  let editor = null;
  let asked = 0;
  let shown = null;

  async function draw() {
    const mine = ++asked;
    pages.setAttribute("aria-busy", "true");
    const row = Number(whose.value) || null;
    const answer = await post(`${where}/page`, { ...content(), row, limits: limits.checked });
    if (mine !== asked || answer?.overtaken) return;
    pages.removeAttribute("aria-busy");
    if (!answer || answer.said) {
      say([answer?.said ?? words.gone]);
      return;
    }
    say(answer.troubles, answer.pictures.length);
    editor?.know(null, answer.unknown);
    await unfit(answer.unknown);
    pages.classList.toggle("old", !answer.pictures.length);
    if (answer.pictures.length) picture(answer);
    const row_now = answer.person?.row;
    if (row_now && row_now !== shown) { shown = row_now; fields(row_now); }
  }

  // What a letter made for another list asks for, with the columns to choose from.
  async function unfit(unknown) {
    const place = document.getElementById("unfit");
    if (place.dataset.of === unknown.join()) return;
    const found = unknown.length ? await get(`${where}/fields`) : null;
    document.getElementById("unfit-fields").replaceChildren(...unknown.map((name) => {
      const label = document.createElement("label");
      const choice = document.createElement("select");
      choice.name = name;
      choice.append(new Option(words.column, ""));
      for (const column of found?.columns ?? []) if (column.name) choice.append(new Option(column.label, column.name));
      label.append(name, " ", choice);
      return label;
    }));
    place.dataset.of = unknown.join();
    place.hidden = !unknown.length;
  }

  function picture({ pictures, pages: count, person }) {
    const images = pictures.map((name, n) => {
      const image = new Image();
      image.src = `/letter-picture/${name}.png`;
      image.alt = fill(words.page, { page: n + 1, pages: count, name: person.name });
      return image;
    });
    // The page that is there stays until the new one can take its place.
    Promise.allSettled(images.map((image) => image.decode())).then(() => {
      pages.replaceChildren(...images);
      if (count > images.length) {
        const more = document.createElement("p");
        more.textContent = fill(words.more, { pages: count });
        pages.append(more);
      }
      pages.dataset.drawn = String(Number(pages.dataset.drawn ?? 0) + 1);
    });
  }

  function say(sentences, drawn) {
    const box = document.createElement("div");
    box.className = sentences.length ? "card note wary" : "card note good";
    const list = document.createElement(sentences.length ? "ul" : "p");
    if (sentences.length) {
      for (const sentence of sentences) {
        const line = document.createElement("li");
        line.textContent = sentence;
        list.append(line);
      }
    } else if (drawn) list.textContent = words.nothing;
    box.append(list);
    if (troubles.textContent !== box.textContent) troubles.replaceChildren(box);
  }

  async function people(name = "") {
    const found = await get(`${where}/whose?key=${encodeURIComponent(key)}&q=${encodeURIComponent(name)}`);
    if (!Array.isArray(found)) return;
    if (name && !found.length) { say([words.nobody]); return; }
    whose.replaceChildren(...found.map(({ row, name: called, why }) => {
      const option = document.createElement("option");
      option.value = row;
      option.textContent = why ? fill(words[why], { name: called }) : called;
      return option;
    }));
  }

  async function fields(row) {
    const panel = document.getElementById("fields");
    if (!panel) return;
    const found = await get(`${where}/fields?row=${row ?? ""}`);
    if (!found?.columns) {
      document.getElementById("fields-wrong").textContent = found?.said ?? words.gone;
      return;
    }
    document.getElementById("fields-wrong").textContent = "";
    editor?.know(new Map(found.columns.map(({ name, label }) => [name, label])), null);
    panel.replaceChildren(...[...found.columns, ...found.ours].map((field) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.draggable = true;
      const label = document.createElement("span");
      label.textContent = field.label;
      button.append(label);
      if (field.sample) {
        const sample = document.createElement("span");
        sample.className = "sample";
        sample.textContent = field.sample;
        button.append(sample);
      }
      button.addEventListener("click", () => editor?.insert(field));
      button.addEventListener("dragstart", (event) => dragField(event, { source: field.source, label: field.label }));
      line.append(button);
      return line;
    }));
  }

  let looking;
  find.addEventListener("input", () => {
    clearTimeout(looking);
    looking = setTimeout(async () => { await people(find.value); draw(); }, 250);
  });
  whose.addEventListener("change", draw);
  limits.addEventListener("change", draw);

  return {
    draw,
    async begin(opened) {
      editor = opened;
      say([words.drawing]);
      await Promise.all([draw(), people()]); // the first in the list is who is shown
      if (shown === null) fields(null);
    },
  };
}

function fill(sentence, places) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-batchsend-token": TOKEN },
      body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return null;
  }
}

async function get(address) {
  try {
    return await (await fetch(address)).json();
  } catch {
    return null;
  }
}
