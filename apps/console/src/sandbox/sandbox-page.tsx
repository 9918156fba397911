import { Alert, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../elements/empty-state.js';
import { PageTitle } from '../elements/page-title.js';
import { CorrectedText } from './corrected-text.js';
import { type Examination, MOST_SHOWN, type Question } from './examination.js';
import { FindingsList } from './findings-list.js';
import { findingsInWords, mendingInWords } from './in-words.js';
import type { MaskingEditor } from './masking-editor.js';
import { depthIn, type Known, Settings, versionIn } from './settings.js';
import { TextEditor } from './text-editor.js';
import { useExamination } from './use-examination.js';

const NOTHING_KNOWN: Known = { kind: null, version: '', clientDepth: '' };

/** Says of a configuration what it does with client certificates, and mends it. Nothing of it leaves the page. */
export default function SandboxPage() {
  const [text, setText] = useState('');
  const [known, setKnown] = useState(NOTHING_KNOWN);
  const [declined, setDeclined] = useState<ReadonlySet<string>>(new Set());
  const [masked, setMasked] = useState(0);
  const editor = useRef<MaskingEditor>(null);
  const question = useMemo(() => questionOf(text, known, declined), [text, known, declined]);
  const { examination, question: answered, fault } = useExamination(question);
  const isCurrent = answered?.text === text;
  useEffect(() => {
    if (examination !== null && isCurrent) editor.current?.mark(examination.findings, examination.kind);
  }, [examination, isCurrent]);
  const onMasked = useCallback((count: number) => setMasked((before) => before + count), []);
  const onDecline = (key: string, isDeclined: boolean) => {
    const others = [...declined].filter((one) => one !== key);
    setDeclined(new Set(isDeclined ? [...others, key] : others));
  };
  const replace = (next: string) => editor.current?.replace(next);
  return (
    <Stack gap="md">
      <PageTitle
        title="Sandbox"
        says="What does this configuration do with client certificates? It is read here, in this page: nothing of it is sent anywhere, and nothing is kept."
      />
      <Settings known={known} onChange={setKnown} onExample={replace} />
      {masked > 0 && <MaskedNotice count={masked} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <section aria-label="The text">
          <TextEditor
            label="Configuration of nginx, or Kubernetes manifests"
            {...{ editor, onMasked }}
            onChange={setText}
          />
          <Text size="xs" mt={4} id="sandbox-keys">
            Paste a server block, a whole nginx.conf, what nginx -T prints, or manifests. Private keys are
            masked before they come into the text. Tab leaves the editor, F8 goes to the next finding.
          </Text>
        </section>
        <Stack gap="sm" component="section" aria-label="What was found">
          <Findings {...{ examination, fault, isCurrent, isEmpty: text.trim() === '' }}>
            {(found) => (
              <FindingsList
                examination={found}
                {...{ declined, onDecline }}
                onGoTo={(range) => editor.current?.goTo(range)}
              />
            )}
          </Findings>
        </Stack>
      </SimpleGrid>
      {examination !== null && answered !== null && examination.corrected !== null && (
        <CorrectedText
          {...{ before: answered.text, after: examination.corrected, onTake: replace }}
          says={mendingInWords(examination)}
        />
      )}
    </Stack>
  );
}

function questionOf(text: string, known: Known, declined: ReadonlySet<string>): Question {
  const version = versionIn(known.version);
  return {
    ...{ text, kind: known.kind, version, clientDepth: depthIn(known.clientDepth) },
    declined: [...declined],
  };
}

interface FindingsProps {
  readonly examination: Examination | null;
  readonly fault: string | null;
  readonly isEmpty: boolean;
  /** It speaks of the text that is there now. */
  readonly isCurrent: boolean;
  readonly children: (examination: Examination) => React.ReactNode;
}

function Findings({ examination, fault, isEmpty, isCurrent, children }: FindingsProps) {
  const says = isEmpty || examination === null || !isCurrent ? '' : findingsInWords(examination);
  return (
    <>
      <Title order={2} size="h4">
        Findings
      </Title>
      <Text role="status" size="sm" fw={600}>
        {says}
      </Text>
      {!isEmpty && !isCurrent && fault === null && <Text size="sm">Looking at it …</Text>}
      {fault !== null && (
        <Alert color="red" role="alert" title="This text could not be looked at">
          {fault}. It is a fault of the sandbox: <code>windlass audit</code> reads the same text.
        </Alert>
      )}
      {isEmpty && (
        <EmptyState title="Nothing was pasted yet">
          Paste a configuration on the left, or try an example. Certificates and keys are not needed: it is
          judged by its words alone.
        </EmptyState>
      )}
      {!isEmpty && examination !== null && children(examination)}
      {!isEmpty && examination?.findings.length === MOST_SHOWN && (
        <Text size="sm">Only the first {MOST_SHOWN} are listed: mend these first.</Text>
      )}
      {!isEmpty && examination?.isTooLarge === true && (
        <Text size="sm">
          This text is too large to be mended here: <code>windlass audit --write</code> does it.
        </Text>
      )}
    </>
  );
}

function MaskedNotice({ count }: { readonly count: number }) {
  return (
    <Alert
      color="yellow"
      role="alert"
      title={count === 1 ? 'A private key was masked' : 'Private keys were masked'}
    >
      It was masked before it came into the text: it is not in this page, nor in what you copy from it. It is
      still where you copied it from, and in your clipboard. If it was shown to anybody, replace it.
    </Alert>
  );
}
