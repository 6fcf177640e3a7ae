// What may stand in a letter, as the editor shows it. Each block has the number of the piece of the
// letter's source that it is, or was copied from; what is new has none.

import { Schema } from "/static/vendor/prosemirror.js";

const id = { id: { default: null } };
const group = { content: "block+", attrs: id, group: "block", defining: true };

function locked(tag, groups) {
  return {
    attrs: { ...id, words: { default: "" }, note: { default: "" } },
    atom: true,
    selectable: true,
    draggable: false,
    ...(groups ? { group: groups } : {}),
    toDOM(node) {
      const inside = [
        ["span", { class: "words" }, node.attrs.words],
        ["span", { class: "why" }, node.attrs.note],
      ];
      if (tag === "tr") return ["tr", ["td", { colspan: 50, class: "locked" }, ...inside]];
      return [tag, { class: node.attrs.words ? "locked" : "locked note" }, ...inside];
    },
  };
}

const nodes = {
  doc: { content: "block+" },
  paragraph: {
    content: "inline*", attrs: id, group: "block",
    parseDOM: [{ tag: "p" }],
    toDOM: () => ["p", 0],
  },
  heading: {
    content: "inline*", attrs: { ...id, level: { default: 1 } }, group: "block", defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.min(level, 3) } })),
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },
  bullet_list: {
    content: "(list_item | locked_item)+", attrs: id, group: "block",
    parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0],
  },
  ordered_list: {
    content: "(list_item | locked_item)+", attrs: id, group: "block",
    parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0],
  },
  list_item: { content: "block+", attrs: id, defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  group: { ...group, toDOM: () => ["div", { class: "group" }, 0] },
  table: { content: "(table_section | table_row | locked_row)+", attrs: id, group: "block", isolating: true, toDOM: () => ["table", 0] },
  table_section: {
    content: "(table_row | locked_row)*", attrs: { ...id, head: { default: false } }, isolating: true,
    toDOM: (node) => [node.attrs.head ? "thead" : "tbody", 0],
  },
  table_row: { content: "(table_cell | locked_cell)*", attrs: id, toDOM: () => ["tr", 0] },
  table_cell: {
    content: "block+", isolating: true,
    attrs: { ...id, head: { default: false }, colspan: { default: 1 }, right: { default: false } },
    toDOM: (node) => [
      node.attrs.head ? "th" : "td",
      { ...(node.attrs.colspan > 1 ? { colspan: node.attrs.colspan } : {}), ...(node.attrs.right ? { class: "right" } : {}) },
      0,
    ],
  },
  locked: locked("div", "block"),
  locked_item: locked("li"),
  locked_row: locked("tr"),
  locked_cell: locked("td"),
  text: { group: "inline" },
  hard_break: {
    inline: true, group: "inline", selectable: false,
    parseDOM: [{ tag: "br" }], toDOM: () => ["br"],
  },
  field: {
    inline: true, group: "inline", atom: true, draggable: true, selectable: true,
    attrs: { source: {}, label: { default: "" } },
    // A field that is moved within the letter, or copied in it.
    parseDOM: [{
      tag: "span[data-field]",
      getAttrs: (dom) => ({ source: dom.getAttribute("data-field"), label: dom.textContent }),
    }],
    toDOM: (node) => ["span", { class: "chip", "data-field": node.attrs.source }, node.attrs.label],
  },
  locked_inline: { ...locked("span", "inline"), inline: true },
};
nodes.locked_inline.toDOM = (node) => ["span", { class: "locked", title: node.attrs.note }, node.attrs.words || "…"];

const marks = {
  strong: {
    parseDOM: [
      { tag: "strong" },
      // Some programs put everything on the clipboard into a <b> that is not bold.
      { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null },
      { style: "font-weight=bold" },
      { style: "font-weight", getAttrs: (value) => /^[6-9]00$/.test(value) && null },
    ],
    toDOM: () => ["strong", 0],
  },
  em: { parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
};

export const schema = new Schema({ nodes, marks });
