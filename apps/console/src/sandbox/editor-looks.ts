import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The library's colours are made for paper: lighter ones on a dark ground, a little darker ones on a light one. */
const highlighting = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) =>
    typeof spec.color === 'string' ? { ...spec, color: legible(spec.color) } : spec,
  ),
);

function legible(color: string): string {
  return `light-dark(color-mix(in srgb, ${color} 80%, black), color-mix(in srgb, ${color} 35%, white))`;
}

const ground = EditorView.theme({
  '&': {
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-md)',
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-gutters': {
    backgroundColor: 'light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))',
    color: 'light-dark(var(--mantine-color-gray-7), var(--mantine-color-dark-1))',
    borderRight: '1px solid var(--mantine-color-default-border)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#b3d4fc, #31506e)',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-diagnosticSource': { opacity: '1' },
  '.cm-deletedChunk': { backgroundColor: 'light-dark(#fdecec, #3b1f22)' },
  '.cm-changedLine': { backgroundColor: 'light-dark(#e8f7ec, #16301f)' },
  '.cm-deletedChunk .cm-deletedText': { background: 'light-dark(#f9cfcf, #66292f)' },
  '.cm-changedText': { background: 'light-dark(#bfe8cb, #1f5a34)' },
  // The library's mark is in few fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: "''" },
  '.cm-collapsedLines': {
    background: 'light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-6))',
    color: 'light-dark(var(--mantine-color-gray-8), var(--mantine-color-dark-0))',
  },
});

/** Looks of the console, light and dark. */
export const EDITOR_LOOKS: Extension = [ground, syntaxHighlighting(highlighting)];
