import { PortError } from '#engine';
import { nameOf, type Question, type VaultPlace } from './vault-question.js';
import { type VaultAnswer, verdictOn } from './vault-verdicts.js';

const LONGEST_DETAIL = 1_000;

/** Turns whatever node-vault threw into the PortError that the port documents. */
export function explainFailure(thrown: unknown, question: Question, place: VaultPlace): PortError {
  const answer = readAnswer(thrown);
  const verdict = verdictOn(answer, question, place.mount);
  const detail = withoutSecrets(answer.text, place);
  return new PortError(
    {
      code: verdict.code,
      message: `${nameOf(place)} ${verdict.did} when asked to ${question.purpose} (${question.method} ${question.path})`,
      nextStep: verdict.nextStep,
      ...(detail === '' ? {} : { detail }),
    },
    { transient: verdict.transient },
  );
}

/** The request succeeded and the reply is not what Vault's API documents. */
export function unreadableReply(
  question: Question,
  place: VaultPlace,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): PortError {
  return new PortError({
    code: 'ca.failed',
    message: `${nameOf(place)} gave a reply that is not Vault's when asked to ${question.purpose} (${question.method} ${question.path})`,
    nextStep: 'Check that the address is that of Vault itself and not of a login page or a proxy before it.',
    detail: issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  });
}

/** node-vault throws ApiResponseError for a status and AxiosError for the network; both are only looked at here. */
function readAnswer(thrown: unknown): VaultAnswer {
  const { response, code, message } = thrown as {
    response?: { statusCode?: number; body?: unknown };
    code?: unknown;
    message?: unknown;
  };
  if (response?.statusCode === undefined) {
    return {
      status: null,
      networkCode: typeof code === 'string' ? code : '',
      text: onOneLine(String(message)),
    };
  }
  return {
    status: response.statusCode,
    networkCode: '',
    text: errorTexts(response.body) || `HTTP ${response.statusCode}`,
  };
}

function errorTexts(body: unknown): string {
  const errors = (body as { errors?: unknown } | null | undefined)?.errors;
  if (Array.isArray(errors)) return onOneLine(errors.join('; '));
  return typeof body === 'string' ? onOneLine(body) : '';
}

/** Go's error lists ("1 error occurred:", a bullet a line) as one line. */
function onOneLine(text: string): string {
  return text
    .replace(/\d+ errors? occurred:/g, '')
    .replace(/\s*\n\s*\* ?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Vault does not repeat secrets in errors; whatever stands between it and us might. */
function withoutSecrets(text: string, place: VaultPlace): string {
  const secrets = [place.token, ...(place.hidden ?? [])].filter((secret) => secret.reveal() !== '');
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret.reveal(), String(secret)), text)
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]')
    .slice(0, LONGEST_DETAIL);
}
