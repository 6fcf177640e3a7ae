// The editor of a letter's text: its keys, its tools, and its fields as chips.

import {
  EditorState, EditorView, NodeSelection, Plugin, TextSelection, baseKeymap, chainCommands,
  dropCursor, gapCursor, history, keymap, liftListItem, redo, setBlockType, sinkListItem,
  splitListItem, toggleMark, undo, wrapInList, Decoration, DecorationSet, dropPoint,
} from "/static/vendor/prosemirror.js";
import { schema } from "/static/letter_schema.js";

const { nodes, marks } = schema;

export function openEditor(place, doc, { label, words, changed, save }) {
  const known = { headings: new Map(), unknown: new Set() };
  const plugins = [
    keymap({
      "Mod-b": toggleMark(marks.strong),
      "Mod-i": toggleMark(marks.em),
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-s": () => { save(); return true; },
      "Shift-Enter": lineEnd,
      Enter: splitListItem(nodes.list_item, { id: null }),
      Tab: chainCommands(nextCell(1), sinkListItem(nodes.list_item)),
      "Shift-Tab": chainCommands(nextCell(-1), liftListItem(nodes.list_item)),
      Escape: leave,
    }),
    keymap(baseKeymap),
    history(),
    dropCursor({ color: false, class: "drop-cursor", width: 3 }),
    gapCursor(),
    new Plugin({ props: { decorations: (state) => unknownFields(state, known, words) } }),
  ];
  const view = new EditorView(place, {
    state: EditorState.create({ doc: schema.nodeFromJSON(doc), plugins }),
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, id: "paper-text", spellcheck: "true" },
    nodeViews: { field: (node) => chip(node, known) },
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      changed(tr.docChanged);
    },
    handleDrop: (dropped, event) => dropField(dropped, event),
    transformPastedHTML: asPlainTags,
  });
  return {
    view,
    json: () => view.state.doc.toJSON(),
    insert: (field) => insertField(view, field),
    know(headings, unknown) {
      if (headings) known.headings = headings;
      if (unknown) known.unknown = new Set(unknown);
      view.updateState(view.state.reconfigure({ plugins: view.state.plugins }));
      for (const dom of view.dom.querySelectorAll("[data-field]")) name(dom, known);
    },
  };
}

function chip(node, known) {
  const dom = document.createElement("span");
  dom.className = "chip";
  dom.dataset.field = node.attrs.source;
  dom.dataset.label = node.attrs.label;
  name(dom, known);
  return { dom };
}

function name(dom, known) {
  dom.textContent = known.headings.get(dom.dataset.label) ?? dom.dataset.label;
}

// A field whose column is not there says so, also to who cannot see its colour.
function unknownFields(state, known, words) {
  if (!known.unknown.size) return DecorationSet.empty;
  const found = [];
  state.doc.descendants((node, at) => {
    if (node.type !== nodes.field) return;
    const named = node.attrs.source.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
    if (named.some((each) => known.unknown.has(each))) {
      const title = words.unknown.replace("{name}", node.attrs.label);
      found.push(Decoration.node(at, at + node.nodeSize, { class: "unknown", title }));
    }
  });
  return DecorationSet.create(state.doc, found);
}

function lineEnd(state, dispatch) {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

// The keyboard is not caught in the text: Escape, and Tab goes on.
function leave() {
  document.getElementById("save")?.focus();
  return true;
}

function cellAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type === nodes.table_cell) return { at: $from.before(depth), depth };
  }
  return null;
}

function nextCell(step) {
  return (state, dispatch) => {
    const here = cellAround(state);
    if (!here) return false;
    const cells = [];
    state.doc.descendants((node, at) => {
      if (node.type === nodes.table_cell) cells.push(at);
    });
    const next = cells[cells.indexOf(here.at) + step];
    if (next === undefined) return false;
    dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve(next + 1))).scrollIntoView());
    return true;
  };
}

export function inTable(state) {
  return cellAround(state) !== null;
}

export const commands = {
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  bullets: listed(nodes.bullet_list),
  numbers: listed(nodes.ordered_list),
  undo,
  redo,
  row: addRow,
  unrow: takeRow,
};

// A list, or out of it again.
function listed(type) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth--) {
      if ($from.node(depth).type === type) return liftListItem(nodes.list_item)(state, dispatch);
    }
    return wrapInList(type)(state, dispatch);
  };
}

export function setStyle(level) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const attrs = { id: $from.parent.attrs.id ?? null };
    return level
      ? setBlockType(nodes.heading, { ...attrs, level })(state, dispatch)
      : setBlockType(nodes.paragraph, attrs)(state, dispatch);
  };
}

function rowAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type === nodes.table_row) return { row: $from.node(depth), at: $from.before(depth), parent: $from.node(depth - 1) };
  }
  return null;
}

function addRow(state, dispatch) {
  const here = rowAround(state);
  if (!here) return false;
  const cells = [];
  here.row.forEach((cell) => {
    if (cell.type === nodes.table_cell) cells.push(nodes.table_cell.create(cell.attrs, nodes.paragraph.create()));
  });
  const after = here.at + here.row.nodeSize;
  const tr = state.tr.insert(after, nodes.table_row.create(here.row.attrs, cells));
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  return true;
}

function takeRow(state, dispatch) {
  const here = rowAround(state);
  if (!here || here.parent.childCount < 2) return false;
  dispatch?.(state.tr.delete(here.at, here.at + here.row.nodeSize).scrollIntoView());
  return true;
}

function insertField(view, { source, label }) {
  const node = nodes.field.create({ source, label });
  view.dispatch(view.state.tr.replaceSelectionWith(node, true).scrollIntoView());
  view.focus();
}

const DRAGGED = "application/x-batchsend-field";

export function dragField(event, field) {
  event.dataTransfer.setData(DRAGGED, JSON.stringify(field));
  event.dataTransfer.effectAllowed = "copy";
}

function dropField(view, event) {
  const given = event.dataTransfer?.getData(DRAGGED);
  if (!given) return false;
  const { source, label } = JSON.parse(given);
  const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
  if (!place) return false;
  event.preventDefault();
  const node = nodes.field.create({ source, label });
  const at = view.state.doc.resolve(place.pos).parent.inlineContent ? place.pos : null;
  if (at === null) return true;
  view.dispatch(view.state.tr.insert(at, node));
  view.focus();
  return true;
}

// What comes from another page is text with its tags and nothing else: no fields, styles or scripts.
// The page's policy would stop those anyway, and complain of each.
function asPlainTags(html) {
  if (html.includes("data-pm-slice")) return html; // copied here
  return html
    .replace(/<(script|style|head|svg|iframe|object)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<([a-z][a-z0-9]*)\b(?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (whole, tag) => (tag.toLowerCase() === "img" ? "" : `<${tag}>`));
}

// The field that is chosen, if it is one of a column and not made by hand.
export function chosenField(state) {
  const { selection } = state;
  if (!(selection instanceof NodeSelection) || selection.node.type !== nodes.field) return null;
  const found = /^\{\{\s*([\p{L}_][\p{L}\p{N}_.]*|row\["[^"]*"\])\s*(\|\s*(?:money|number|date|long_date))?\s*\}\}$/u
    .exec(selection.node.attrs.source);
  return found && { name: found[1], form: found[2] ? ` | ${found[2].replace("|", "").trim()}` : "" };
}

export function showFieldAs(form) {
  return (state, dispatch) => {
    const field = chosenField(state);
    if (!field) return false;
    const { from, node } = state.selection;
    const tr = state.tr.setNodeMarkup(from, null, { ...node.attrs, source: `{{ ${field.name}${form} }}` });
    dispatch?.(tr.setSelection(NodeSelection.create(tr.doc, from)));
    return true;
  };
}
