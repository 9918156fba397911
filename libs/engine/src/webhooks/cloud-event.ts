import type { DeliveredType } from './event-types.js';

/** CloudEvents 1.0 in JSON, structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  /** The installation: with `id` it names the event among all there are. */
  readonly source: string;
  readonly type: DeliveredType;
  /** Path of what it is about, under this API. */
  readonly subject: string;
  /** RFC 3339 UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: object;
}

export type CloudEventFacts = Pick<CloudEvent, 'id' | 'type' | 'subject' | 'time' | 'data'>;

export function cloudEvent(
  installation: string,
  { id, type, subject, time, data }: CloudEventFacts,
): CloudEvent {
  return {
    specversion: '1.0',
    ...{ id, source: `urn:uuid:${installation}`, type, subject, time },
    datacontenttype: 'application/json',
    data,
  };
}
