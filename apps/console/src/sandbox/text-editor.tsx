import { type RefObject, useEffect, useRef } from 'react';
import { MaskingEditor } from './masking-editor.js';
import classes from './sandbox.module.css';

interface TextEditorProps {
  readonly label: string;
  /** Where whoever gives texts finds the editor. */
  readonly editor: RefObject<MaskingEditor | null>;
  readonly onChange: (text: string) => void;
  readonly onMasked: (count: number) => void;
}

/** A place for the editor, which keeps its text itself. */
export function TextEditor({ label, editor, onChange, onMasked }: TextEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const made = new MaskingEditor(place.current, label, { changed: onChange, masked: onMasked });
    editor.current = made;
    return () => {
      made.close();
      editor.current = null;
    };
  }, [label, editor, onChange, onMasked]);
  return <div className={classes.editor} ref={place} />;
}
