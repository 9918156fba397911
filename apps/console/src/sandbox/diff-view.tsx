import { StreamLanguage } from '@codemirror/language';
import { nginx } from '@codemirror/legacy-modes/mode/nginx';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { EDITOR_LOOKS } from './editor-looks.js';
import classes from './sandbox.module.css';

/** Beyond it large texts are compared in larger pieces: the page must stay free. */
const DIFF_EFFORT = { scanLimit: 500, timeout: 300 };

/** The text as it would be, with what goes and what comes marked; long stretches of the same are folded. */
export function DiffView({ before, after }: { readonly before: string; readonly after: string }) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const view = new EditorView({
      parent: place.current,
      doc: after,
      extensions: [
        ...[lineNumbers(), EditorView.lineWrapping, EDITOR_LOOKS, StreamLanguage.define(nginx)],
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'The corrected configuration, with what changed' }),
        unifiedMergeView({
          ...{ original: before, mergeControls: false, diffConfig: DIFF_EFFORT },
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    });
    return () => view.destroy();
  }, [before, after]);
  return <section className={classes.diff} ref={place} aria-label="Differences in the text" />;
}
