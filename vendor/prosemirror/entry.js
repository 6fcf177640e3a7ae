// What the desk's letter editor takes from ProseMirror.
export { baseKeymap, chainCommands, setBlockType, toggleMark } from "prosemirror-commands";
export { dropCursor } from "prosemirror-dropcursor";
export { gapCursor } from "prosemirror-gapcursor";
export { history, redo, undo } from "prosemirror-history";
export { keymap } from "prosemirror-keymap";
export { DOMParser, Fragment, Schema, Slice } from "prosemirror-model";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { EditorState, NodeSelection, Plugin, PluginKey, TextSelection } from "prosemirror-state";
export { dropPoint } from "prosemirror-transform";
export { Decoration, DecorationSet, EditorView } from "prosemirror-view";
