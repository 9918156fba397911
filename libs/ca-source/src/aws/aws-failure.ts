import { type AwsPcaCa, PortError } from '#engine';

/** What was asked of AWS, for messages: `purpose` reads on after "to"; `action` as IAM names it, without `acm-pca:`. */
export interface AwsQuestion {
  readonly action: string;
  readonly purpose: string;
}

interface Verdict {
  readonly code: string;
  /** Reads on after the name of the group. */
  readonly did: string;
  readonly nextStep: string;
  readonly transient: boolean;
}

interface Answer {
  /** Name of the exception, such as `AccessDeniedException`, or the code of a network error. */
  readonly name: string;
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  readonly text: string;
}

interface Rule {
  readonly applies: (answer: Answer) => boolean;
  readonly verdict: (question: AwsQuestion) => Verdict;
}

const LONGEST_DETAIL = 1_000;

/** How messages name where the CAs are. */
export function nameOf({ group, account, region }: AwsPcaCa): string {
  return `AWS Private CA (group ${group}, account ${account}, ${region})`;
}

/** Names of exceptions as "Common Errors" and the single actions of the AWS Private CA API reference list them. */
const RULES: readonly Rule[] = [
  {
    applies: ({ name }) =>
      /^(Throttling(Exception)?|TooManyRequestsException|RequestLimitExceeded)$/.test(name),
    verdict: () => ({
      ...{ code: 'ca.rate-limited', did: 'limits the rate of requests', transient: true },
      nextStep:
        'A rotation that runs tries again by itself. If it goes on, look at the quotas of AWS Private CA in this region.',
    }),
  },
  {
    applies: ({ name }) => /^AccessDenied(Exception)?$/.test(name),
    verdict: ({ action }) => ({
      ...{ code: 'ca.denied', did: 'denied it', transient: false },
      nextStep: `The policy of Windlass must allow acm-pca:${action} on the CAs of the group: compare it with policy/aws/windlass.json.`,
    }),
  },
  {
    applies: ({ name }) =>
      /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|ExpiredToken(Exception)?|RequestExpired|IncompleteSignature|MissingAuthenticationToken(Exception)?|OptInRequired|CredentialsProviderError)$/.test(
        name,
      ),
    verdict: () => ({
      ...{ code: 'ca.login-refused', did: 'did not take the login', transient: false },
      nextStep:
        'Store an access key that is active at the issuing CA (PUT /v1/fleets/<id>/issuing-ca/login), or give the machine a role, and compare its clock; then retry.',
    }),
  },
  {
    applies: ({ name }) => name === 'ResourceNotFoundException' || name === 'InvalidArnException',
    verdict: () => ({
      ...{ code: 'ca.unknown-issuer', did: 'does not know the CA', transient: false },
      nextStep:
        'List what is there with "aws acm-pca list-certificate-authorities": the CA was deleted for good, or it is in another account or region.',
    }),
  },
  {
    applies: ({ name }) => name === 'InvalidStateException',
    verdict: () => ({
      ...{
        code: 'ca.usage-forbids',
        did: 'refused, because the status of the CA does not allow it,',
        transient: false,
      },
      nextStep:
        'Expected for a CA that is staged or on its way out. If it should issue, let its status be ACTIVE.',
    }),
  },
  {
    applies: ({ name }) => name === 'LimitExceededException',
    verdict: () => ({
      ...{ code: 'ca.failed', did: 'has no room for another CA', transient: false },
      nextStep:
        'Delete CAs that nobody needs any more, or have the quota "Number of private certificate authorities" raised, then start again.',
    }),
  },
  {
    applies: ({ name }) => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^EPROTO$|^ERR_TLS_/.test(name),
    verdict: () => ({
      ...{
        code: 'ca.untrusted-server',
        did: 'shows a TLS certificate that is not trusted',
        transient: false,
      },
      nextStep: 'Check the endpoint, and what stands between this machine and AWS.',
    }),
  },
  {
    applies: ({ name }) => /^(ConcurrentModification|RequestInProgress)Exception$/.test(name),
    verdict: () => ({
      ...{ code: 'ca.failed', did: 'is still busy with an earlier request', transient: true },
      nextStep: 'A rotation that runs tries again by itself.',
    }),
  },
  {
    // What the client throws for a body that is not JSON.
    applies: ({ name }) => name === 'SyntaxError',
    verdict: () => ({
      ...{ code: 'ca.failed', did: 'gave a reply that is not that of AWS', transient: false },
      nextStep:
        'Check that the endpoint is that of AWS Private CA and not of a login page or a proxy before it.',
    }),
  },
  {
    applies: ({ status }) => status === null || status >= 500,
    verdict: () => ({
      ...{ code: 'ca.unreachable', did: 'gave no answer', transient: true },
      nextStep:
        'Check region and endpoint of the issuing CA, and that this machine may connect. A rotation that runs goes on by itself then.',
    }),
  },
];

/** For what no rule names. Not transient: somebody has to read AWS's own words. */
const FAILED: Verdict = {
  ...{ code: 'ca.failed', did: 'refused', transient: false },
  nextStep: "Read AWS's own words in the detail; CloudTrail has more.",
};

/** Turns whatever the client of AWS threw into the PortError that the port documents. */
export function explainFailure(thrown: unknown, question: AwsQuestion, place: AwsPcaCa): PortError {
  const answer = readAnswer(thrown);
  const verdict = RULES.find(({ applies }) => applies(answer))?.verdict(question) ?? FAILED;
  const at = place.endpoint === null ? '' : ` at ${place.endpoint}`;
  return new PortError(
    {
      code: verdict.code,
      message: `${nameOf(place)}${at} ${verdict.did} when asked to ${question.purpose} (${question.action})`,
      nextStep: verdict.nextStep,
      detail: withoutSecrets(`${answer.name}: ${answer.text}`, place),
    },
    { transient: verdict.transient },
  );
}

/** AWS's own exceptions carry a status; what the network or the search for credentials throws does not. */
function readAnswer(thrown: unknown): Answer {
  const { name, message, code, $metadata } = thrown as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: String($metadata?.httpStatusCode === undefined && typeof code === 'string' ? code : name),
    status: $metadata?.httpStatusCode ?? null,
    text: String(message).replace(/\s+/g, ' ').trim(),
  };
}

/** A refused signature is answered with what was signed, and whatever stands between may repeat headers. */
function withoutSecrets(text: string, { accessKey }: AwsPcaCa): string {
  const secret = accessKey?.secret;
  const shown = secret ? text.replaceAll(secret.reveal(), String(secret)) : text;
  return shown.slice(0, LONGEST_DETAIL);
}
