import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Secret, type WebhookMessage } from '#engine';

/** Within the 24 to 64 bytes of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const SECRET_BYTES = 32;

export function newWebhookSecret(): Secret {
  return new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
}

/** The headers of Standard Webhooks: a signature with each secret, so that receivers may change over in their time. */
export function signedHeaders({ id, at, body, secrets }: WebhookMessage): Record<string, string> {
  const sent = new Date(at);
  const signatures = secrets.map((secret) => new Webhook(secret.reveal()).sign(id, sent, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
