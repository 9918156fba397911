import type { ConfigView } from './config-view.js';

/** `error`: who gets in is not who should. `warning`: it can become so. `note`: better is possible. */
export type Severity = 'error' | 'warning' | 'note';

export const SEVERITIES: readonly Severity[] = ['note', 'warning', 'error'];

/** A place in a file: a directive, a comment, or what could not be read. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Puts `text` in the place of what stands between two offsets of a file. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change of the configuration, made wholly or not at all. */
export interface Fix {
  /** What it does, in the imperative. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What a rule has to say about one place. */
export interface Report {
  readonly at: Place;
  readonly message: string;
  /** The rule's own when left out. */
  readonly severity?: Severity;
  /** Other places that have to do with it. */
  readonly related?: readonly Place[];
  readonly fix?: Fix | null;
}

export interface Reference {
  readonly title: string;
  readonly url: string;
}

/** What a rule is told by: documentation, SARIF and reports are made of these texts. */
export interface RuleTexts {
  /** Stable: suppressions, baselines and dashboards name it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What nginx, or a controller that writes its configuration, does. */
  readonly does: string;
  /** Why it matters. */
  readonly matters: string;
  /** How to mend it. */
  readonly remedy: string;
  readonly references: readonly Reference[];
}

/** A row of the rule table: about configurations, or about whatever else `View` is. */
export interface Rule<View = ConfigView> extends RuleTexts {
  readonly check: (view: View) => Iterable<Report>;
}

/** A page of nginx's own documentation, such as `http/ngx_http_ssl_module` and the directive on it. */
export function nginxDocs(page: string, directive: string): Reference {
  return { title: `nginx: ${directive}`, url: `https://nginx.org/en/docs/${page}.html#${directive}` };
}

export const sslDocs = (directive: string) => nginxDocs('http/ngx_http_ssl_module', directive);

export function rfc(number: number, section: string): Reference {
  return {
    title: `RFC ${number}, section ${section}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  };
}
