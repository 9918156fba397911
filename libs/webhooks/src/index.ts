export { AllowedAddresses } from './allowed-addresses.js';
export { HttpWebhookSender, type SenderSettings } from './http-webhook-sender.js';
export { newWebhookSecret } from './signature.js';
export type { Resolve } from './webhook-target.js';
