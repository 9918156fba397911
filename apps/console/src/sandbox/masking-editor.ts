import { StreamLanguage } from '@codemirror/language';
import { nginx } from '@codemirror/legacy-modes/mode/nginx';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, type Transaction } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { minimalSetup } from 'codemirror';
import { EDITOR_LOOKS } from './editor-looks.js';
import type { ShownFinding, TextKind } from './examination.js';
import { MOST_OF_A_KEY, maskPrivateKeys } from './private-keys.js';

const LANGUAGES = { nginx: StreamLanguage.define(nginx), kubernetes: StreamLanguage.define(yaml) };
const SEVERITIES = { error: 'error', warning: 'warning', note: 'info' } as const;

export interface EditorEvents {
  changed(text: string): void;
  /** Key material was masked, in so many places. */
  masked(count: number): void;
}

/**
 * An editor whose document never holds a private key: what is pasted or dropped is masked before it is put in, and
 * what comes together in any other way before the view takes it up, which then begins a new history.
 */
export class MaskingEditor {
  readonly #language = new Compartment();
  readonly #events: EditorEvents;
  readonly #view: EditorView;
  #kind: TextKind = 'nginx';

  constructor(parent: HTMLElement, label: string, events: EditorEvents) {
    this.#events = events;
    this.#view = new EditorView({
      parent,
      state: this.#stateOf('', 0, label),
      dispatchTransactions: (transactions, view) => this.#take(transactions, view, label),
    });
  }

  /** Puts another text in the place of the one that is there. */
  replace(text: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  /** Marks the findings in the text that they were made of. */
  mark(findings: readonly ShownFinding[], kind: TextKind): void {
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#view.dispatch({ effects: this.#language.reconfigure(LANGUAGES[kind]) });
    }
    const { length } = this.#view.state.doc;
    const marks = findings.flatMap((finding) => diagnosticOf(finding, length));
    this.#view.dispatch(setDiagnostics(this.#view.state, marks));
  }

  goTo({ from, to }: { readonly from: number; readonly to: number }): void {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({
      selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      scrollIntoView: true,
    });
    this.#view.focus();
  }

  close(): void {
    this.#view.destroy();
  }

  #take(transactions: readonly Transaction[], view: EditorView, label: string): void {
    const last = transactions.at(-1);
    if (last === undefined || !transactions.some(({ docChanged }) => docChanged)) {
      view.update(transactions);
      return;
    }
    const { text, head, count } = maskedAround(
      transactions,
      last.newDoc.toString(),
      last.newSelection.main.head,
    );
    if (count > 0) this.#events.masked(count);
    // A letter that was typed into what is masked: there is nothing to take up, and nothing to forget.
    if (count > 0 && last.isUserEvent('input') && text === view.state.doc.toString()) return;
    if (count === 0) view.update(transactions);
    else view.setState(this.#stateOf(text, head, label));
    this.#events.changed(view.state.doc.toString());
  }

  #stateOf(doc: string, anchor: number, label: string): EditorState {
    const filter = EditorView.clipboardInputFilter.of((text) => {
      const { text: masked, count } = maskPrivateKeys(text);
      if (count > 0) this.#events.masked(count);
      return masked;
    });
    const extensions = [filter, this.#language.of(LANGUAGES[this.#kind]), editing(label)];
    return EditorState.create({ doc, extensions, selection: { anchor } });
  }
}

/** No key of a size that exists reaches farther than this from what was changed. */
function maskedAround(transactions: readonly Transaction[], text: string, head: number) {
  const [only, ...others] = transactions;
  if (only === undefined || others.length > 0) return maskPrivateKeys(text, head);
  let [from, to] = [text.length, 0];
  only.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    from = Math.min(from, fromB);
    to = Math.max(to, toB);
  });
  from = text.lastIndexOf('\n', from - MOST_OF_A_KEY) + 1;
  const end = text.indexOf('\n', to + MOST_OF_A_KEY);
  to = end < 0 ? text.length : end;
  const part = maskPrivateKeys(text.slice(from, to), head - from);
  return { ...part, text: text.slice(0, from) + part.text + text.slice(to), head: part.head + from };
}

/** Tab stays the browser's: it leaves the editor. */
function editing(label: string): Extension {
  return [
    minimalSetup,
    EDITOR_LOOKS,
    ...[lineNumbers(), lintGutter(), keymap.of(lintKeymap), EditorView.lineWrapping],
    EditorView.contentAttributes.of({
      ...{ 'aria-label': label, 'aria-describedby': 'sandbox-keys', spellcheck: 'false' },
      ...{ 'data-gramm': 'false', autocomplete: 'off' },
    }),
  ];
}

function diagnosticOf({ range, rule, severity, message }: ShownFinding, length: number): Diagnostic[] {
  if (range === null || range.from > length) return [];
  const { from, to } = { from: range.from, to: Math.min(range.to, length) };
  return [{ from, to, severity: SEVERITIES[severity], source: rule, message }];
}
