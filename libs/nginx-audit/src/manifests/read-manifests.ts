import type { DumpedFile } from '../directive.js';
import type { Place } from '../rule.js';
import { type Suppression, suppressionsIn } from '../suppression.js';
import { type KubeObject, objectsIn } from './kube-object.js';
import { ManifestNode } from './manifest-node.js';
import { TextPlaces } from './text-places.js';
import { readYamlDocument } from './yaml-document.js';

/** A text that was not looked at, and why. */
export interface ManifestProblem extends Place {
  readonly kind: 'unreadable' | 'template';
  readonly message: string;
}

export interface ReadManifests {
  readonly files: readonly DumpedFile[];
  readonly objects: readonly KubeObject[];
  readonly problems: readonly ManifestProblem[];
  readonly suppressions: readonly Suppression[];
}

/** Characters of one file: what `kubectl get` prints of a large cluster has less. */
const MAX_TEXT = 5 << 20;
const MAX_DOCUMENTS = 20_000;
/** Kinds that a rule looks at. A document that has none of them is not read: its faults are somebody else's. */
const KINDS =
  'Ingress|VirtualServer|VirtualServerRoute|Policy|Gateway|HTTPRoute|ReferenceGrant|Secret|ConfigMap|\\w*List';
const OF_INTEREST = new RegExp(`["']?kind["']?[ \\t]*:[ \\t]*["']?(${KINDS})\\b`);
/** Where a template would put what a client certificate has to do with; Secrets and ConfigMaps are full of braces. */
const TEMPLATED =
  /^[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?((Ingress|VirtualServer|VirtualServerRoute|Policy|Gateway)\b|\{\{)/m;
/** An action of a Go template, as Helm has them. */
const ACTION =
  /\{\{-?\s*(\.|\$|\/\*|(if|with|range|end|else|include|template|define|block|toYaml|tpl|printf|default|required|quote|lookup|fail)\b)/;

/** Reads the objects of all documents of all files. What cannot be read is a problem, and the rest is read. */
export function readManifests(files: readonly DumpedFile[]): ReadManifests {
  const read = files.map(readManifest);
  return {
    files,
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
    suppressions: read.flatMap(({ suppressions }) => suppressions),
  };
}

function readManifest({ path, content }: DumpedFile): Omit<ReadManifests, 'files'> {
  const places = new TextPlaces(path, content);
  const nothing = { objects: [], suppressions: [] };
  const starts = content.length > MAX_TEXT ? [] : documentStarts(content);
  if (content.length > MAX_TEXT || starts.length > MAX_DOCUMENTS) {
    const message = `it has more than ${MAX_TEXT >> 20} MB or ${MAX_DOCUMENTS} documents: scan it in parts`;
    return { ...nothing, problems: [{ ...places.at(0), kind: 'unreadable', message }] };
  }
  const read = starts.map((start, index) =>
    readDocument(content.slice(start, starts[index + 1] ?? content.length), start, places),
  );
  const comments = read.flatMap(({ comments }) =>
    comments.map(({ text, offset }) => ({ text, ...places.at(offset) })),
  );
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
    suppressions: suppressionsIn({ path, content, comments }),
  };
}

/** A line that begins with `---` ends whatever stands before it, even open quotes: one fault never hides two objects. */
function documentStarts(content: string): readonly number[] {
  const marks = [...content.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index);
  return marks[0] === 0 ? marks : [0, ...marks];
}

interface ReadDocument {
  readonly objects: readonly KubeObject[];
  readonly problems: readonly ManifestProblem[];
  readonly comments: readonly { readonly text: string; readonly offset: number }[];
}

function readDocument(text: string, base: number, places: TextPlaces): ReadDocument {
  const template = TEMPLATED.test(text) ? ACTION.exec(text) : null;
  if (template !== null) return templated(places.at(base + template.index));
  if (!OF_INTEREST.test(text)) return { objects: [], problems: [], comments: [] };
  const { document, comments, fault } = readYamlDocument(text, base);
  if (fault !== null) {
    // A template of something else, such as a ConfigMap, says nothing of client certificates.
    if (ACTION.test(text)) return { objects: [], problems: [], comments: [] };
    const problem = {
      ...places.at(fault.offset),
      kind: 'unreadable' as const,
      message: sentence(fault.message),
    };
    return { objects: [], problems: [problem], comments };
  }
  const root = document === null ? null : ManifestNode.of(document, places, base);
  return { objects: root === null ? [] : objectsIn(root), problems: [], comments };
}

function templated(at: Place): ReadDocument {
  const message = 'this is a template, not a manifest: nothing of this document was looked at';
  return { objects: [], problems: [{ ...at, kind: 'template', message }], comments: [] };
}

/** The words of the parser, on one line. */
function sentence(message: string): string {
  return `this document cannot be read as YAML: ${message.replace(/\s+/g, ' ')}`;
}
