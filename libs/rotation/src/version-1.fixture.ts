import type { HostView } from './status.js';
import type { StoredEvent } from './upcast.js';

/**
 * Journals as the last release with events of version 1 wrote them, and what it made of them. Recorded by running
 * that release (commit cd40713), never edited: whatever can be read here lies in somebody's database.
 */
export interface RecordedLife {
  readonly name: string;
  readonly status: string;
  readonly phase: string;
  readonly hosts: readonly HostView[];
  readonly entries: readonly {
    readonly sequence: number;
    readonly at: string;
    readonly event: StoredEvent;
  }[];
}

/** The first entries of a life are often those of an earlier one. */
interface Recording {
  readonly name: string;
  /** Status, phase and hosts, as JSON. */
  readonly sees: string;
  /** Life and number of entries that this one begins with. */
  readonly as?: readonly [life: string, entries: number];
  /** One JSON array a line: milliseconds since the request, then the event as stored, and so on in turn. */
  readonly goesOn: string;
}

const RECORDINGS: readonly Recording[] = [
  {
    name: 'succeeded',
    sees: `{"status":"succeeded","phase":"done","hosts":[{"hostId":"a","name":"host-a","step":"confirmed","serving":"new","digest":null,"since":"2026-11-24T00:01:00.046Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"confirmed","serving":"new","digest":null,"since":"2026-11-24T00:01:00.047Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"confirmed","serving":"new","digest":null,"since":"2026-11-24T00:01:00.048Z","reason":null,"probes":[]}]}`,
    goesOn: `
[0,{"v":1,"type":"rotation.requested","snapshot":{"rotationId":"r1","fleetId":"f1","fleetName":"edge","strategy":"overlap","installation":"i1","epoch":1,"waves":[["a"],["b","c"]],"hostNames":{"a":"host-a","b":"host-b","c":"host-c"},"soakSeconds":60,"caTtlSeconds":3600,"old":{"id":"g1","number":1,"digest":"d1","marker":null},"requestedBy":"test","reason":"test"}}]
[0,{"v":1,"type":"term.taken","term":1,"holder":"w1"},1,{"v":1,"type":"effect.intended","effect":{"id":"ca.survey","kind":"ca.survey"}},1,{"v":1,"type":"effect.succeeded","effectId":"ca.survey","result":{}}]
[2,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.inspect/a","kind":"host.inspect","hostId":"a","transition":"expand"}},2,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.inspect/a","result":{}}]
[3,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.inspect/b","kind":"host.inspect","hostId":"b","transition":"expand"}},3,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.inspect/b","result":{}}]
[4,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.inspect/c","kind":"host.inspect","hostId":"c","transition":"expand"}},4,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.inspect/c","result":{}},5,{"v":1,"type":"effect.intended","effect":{"id":"ca.prepare","kind":"ca.prepare"}}]
[5,{"v":1,"type":"effect.succeeded","effectId":"ca.prepare","result":{}},6,{"v":1,"type":"effect.intended","effect":{"id":"generations.build","kind":"generations.build"}},6,{"v":1,"type":"effect.succeeded","effectId":"generations.build","result":{}}]
[7,{"v":1,"type":"effect.intended","effect":{"id":"ca.old-leaf","kind":"ca.old-leaf"}},7,{"v":1,"type":"effect.succeeded","effectId":"ca.old-leaf","result":{}},8,{"v":1,"type":"effect.intended","effect":{"id":"samples.verify","kind":"samples.verify"}},8,{"v":1,"type":"effect.succeeded","effectId":"samples.verify","result":{}}]
[9,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.stage/a","kind":"host.stage","hostId":"a","transition":"expand"}},9,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.stage/a","result":{}}]
[10,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.stage/b","kind":"host.stage","hostId":"b","transition":"expand"}},10,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.stage/b","result":{}}]
[11,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.stage/c","kind":"host.stage","hostId":"c","transition":"expand"}},11,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.stage/c","result":{}}]
[12,{"v":1,"type":"decision.made","decision":{"kind":"go","transition":"expand","attempt":1,"wave":0},"because":"every host voted yes"},13,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.commit/a","kind":"host.commit","hostId":"a","transition":"expand"}}]
[13,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.commit/a","result":{}},14,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove/a","kind":"host.prove","hostId":"a","transition":"expand"}},14,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove/a","result":{}}]
[15,{"v":1,"type":"decision.made","decision":{"kind":"go","transition":"expand","attempt":1,"wave":1},"because":"wave 1 is switched and proven"},16,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.commit/b","kind":"host.commit","hostId":"b","transition":"expand"}}]
[16,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.commit/b","result":{}},17,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.commit/c","kind":"host.commit","hostId":"c","transition":"expand"}},17,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.commit/c","result":{}}]
[18,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove/b","kind":"host.prove","hostId":"b","transition":"expand"}},18,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove/b","result":{}}]
[19,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove/c","kind":"host.prove","hostId":"c","transition":"expand"}},19,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove/c","result":{}}]
[20,{"v":1,"type":"decision.made","decision":{"kind":"keep","transition":"expand","attempt":1},"because":"every host is switched and proven"},21,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.confirm/a","kind":"host.confirm","hostId":"a","transition":"expand"}}]
[21,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.confirm/a","result":{}},22,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.confirm/b","kind":"host.confirm","hostId":"b","transition":"expand"}},22,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.confirm/b","result":{}}]
[23,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.confirm/c","kind":"host.confirm","hostId":"c","transition":"expand"}},23,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.confirm/c","result":{}}]
[24,{"v":1,"type":"decision.made","decision":{"kind":"activate","attempt":1},"because":"every host serves the overlap generation and confirmed it"},25,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.allow-new","kind":"ca.allow-new"}}]
[25,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.allow-new","result":{}},26,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.new-leaf","kind":"ca.new-leaf"}},26,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.new-leaf","result":{}}]
[27,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/host.canary/a","kind":"host.canary","hostId":"a","transition":"expand"}},27,{"v":1,"type":"effect.succeeded","effectId":"activate.1/host.canary/a","result":{}}]
[28,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/host.canary/b","kind":"host.canary","hostId":"b","transition":"expand"}},28,{"v":1,"type":"effect.succeeded","effectId":"activate.1/host.canary/b","result":{}}]
[29,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/host.canary/c","kind":"host.canary","hostId":"c","transition":"expand"}},29,{"v":1,"type":"effect.succeeded","effectId":"activate.1/host.canary/c","result":{}}]
[30,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.switch-default","kind":"ca.switch-default"}},30,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.switch-default","result":{}},31,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.verify-default","kind":"ca.verify-default"}}]
[31,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.verify-default","result":{}},32,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.restrict-old","kind":"ca.restrict-old"}},32,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.restrict-old","result":{}}]
[60033,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.stage/a","kind":"host.stage","hostId":"a","transition":"contract"}},60033,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.stage/a","result":{}}]
[60034,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.stage/b","kind":"host.stage","hostId":"b","transition":"contract"}},60034,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.stage/b","result":{}}]
[60035,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.stage/c","kind":"host.stage","hostId":"c","transition":"contract"}},60035,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.stage/c","result":{}}]
[60036,{"v":1,"type":"decision.made","decision":{"kind":"contract","attempt":1},"because":"the soak of 60 s is over and every host voted yes"},60037,{"v":1,"type":"decision.made","decision":{"kind":"go","transition":"contract","attempt":1,"wave":0},"because":"every host voted yes"}]
[60038,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.commit/a","kind":"host.commit","hostId":"a","transition":"contract"}},60038,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.commit/a","result":{}}]
[60039,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove/a","kind":"host.prove","hostId":"a","transition":"contract"}},60039,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove/a","result":{}}]
[60040,{"v":1,"type":"decision.made","decision":{"kind":"go","transition":"contract","attempt":1,"wave":1},"because":"wave 1 is switched and proven"},60041,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.commit/b","kind":"host.commit","hostId":"b","transition":"contract"}}]
[60041,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.commit/b","result":{}},60042,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.commit/c","kind":"host.commit","hostId":"c","transition":"contract"}},60042,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.commit/c","result":{}}]
[60043,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove/b","kind":"host.prove","hostId":"b","transition":"contract"}},60043,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove/b","result":{}}]
[60044,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove/c","kind":"host.prove","hostId":"c","transition":"contract"}},60044,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove/c","result":{}}]
[60045,{"v":1,"type":"decision.made","decision":{"kind":"keep","transition":"contract","attempt":1},"because":"every host is switched and proven"},60046,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.confirm/a","kind":"host.confirm","hostId":"a","transition":"contract"}}]
[60046,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.confirm/a","result":{}},60047,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.confirm/b","kind":"host.confirm","hostId":"b","transition":"contract"}},60047,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.confirm/b","result":{}}]
[60048,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.confirm/c","kind":"host.confirm","hostId":"c","transition":"contract"}},60048,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.confirm/c","result":{}}]
[60049,{"v":1,"type":"rotation.ended","status":"succeeded","because":"every host is observed on the new-only generation"}]`,
  },
  {
    name: 'reverted',
    sees: `{"status":"reverted","phase":"done","hosts":[{"hostId":"a","name":"host-a","step":"reverted","serving":"old","digest":null,"since":"2026-11-24T00:00:00.024Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"reverted","serving":"old","digest":null,"since":"2026-11-24T00:00:00.025Z","reason":{"code":"test","message":"expand.1/host.prove/b failed","nextStep":"look"},"probes":[]},{"hostId":"c","name":"host-c","step":"reverted","serving":"old","digest":null,"since":"2026-11-24T00:00:00.026Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 35],
    goesOn: `
[18,{"v":1,"type":"effect.failed","effectId":"expand.1/host.prove/b","reason":{"code":"test","message":"expand.1/host.prove/b failed","nextStep":"look"},"transient":false},19,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove/c","kind":"host.prove","hostId":"c","transition":"expand"}}]
[19,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove/c","result":{}},20,{"v":1,"type":"decision.made","decision":{"kind":"revert","transition":"expand","attempt":1},"because":"expand.1/host.prove/b failed"}]
[21,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.revert/a","kind":"host.revert","hostId":"a","transition":"expand"}},21,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.revert/a","result":{}}]
[22,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.revert/b","kind":"host.revert","hostId":"b","transition":"expand"}},22,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.revert/b","result":{}}]
[23,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.revert/c","kind":"host.revert","hostId":"c","transition":"expand"}},23,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.revert/c","result":{}}]
[24,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove-reverted/a","kind":"host.prove-reverted","hostId":"a","transition":"expand"}},24,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove-reverted/a","result":{}}]
[25,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove-reverted/b","kind":"host.prove-reverted","hostId":"b","transition":"expand"}},25,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove-reverted/b","result":{}}]
[26,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.prove-reverted/c","kind":"host.prove-reverted","hostId":"c","transition":"expand"}},26,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.prove-reverted/c","result":{}},27,{"v":1,"type":"effect.intended","effect":{"id":"ca.withdraw","kind":"ca.withdraw"}}]
[27,{"v":1,"type":"effect.succeeded","effectId":"ca.withdraw","result":{}},28,{"v":1,"type":"rotation.ended","status":"reverted","because":"expand.1/host.prove/b failed"}]`,
  },
  {
    name: 'refused in preflight',
    sees: `{"status":"refused","phase":"done","hosts":[{"hostId":"a","name":"host-a","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.002Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.003Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.004Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 17],
    goesOn: `
[8,{"v":1,"type":"effect.failed","effectId":"samples.verify","reason":{"code":"test","message":"samples.verify failed","nextStep":"look"},"transient":false},9,{"v":1,"type":"effect.intended","effect":{"id":"ca.withdraw","kind":"ca.withdraw"}},9,{"v":1,"type":"effect.succeeded","effectId":"ca.withdraw","result":{}}]
[10,{"v":1,"type":"rotation.ended","status":"refused","because":"samples.verify failed"}]`,
  },
  {
    name: 'refused in stage',
    sees: `{"status":"refused","phase":"done","hosts":[{"hostId":"a","name":"host-a","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.012Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.013Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.014Z","reason":{"code":"test","message":"expand.1/host.stage/c failed","nextStep":"look"},"probes":[]}]}`,
    as: ['succeeded', 23],
    goesOn: `
[11,{"v":1,"type":"effect.failed","effectId":"expand.1/host.stage/c","reason":{"code":"test","message":"expand.1/host.stage/c failed","nextStep":"look"},"transient":false},12,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.discard/a","kind":"host.discard","hostId":"a","transition":"expand"}}]
[12,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.discard/a","result":{}},13,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.discard/b","kind":"host.discard","hostId":"b","transition":"expand"}},13,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.discard/b","result":{}}]
[14,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.discard/c","kind":"host.discard","hostId":"c","transition":"expand"}},14,{"v":1,"type":"effect.succeeded","effectId":"expand.1/host.discard/c","result":{}},15,{"v":1,"type":"effect.intended","effect":{"id":"ca.withdraw","kind":"ca.withdraw"}}]
[15,{"v":1,"type":"effect.succeeded","effectId":"ca.withdraw","result":{}},16,{"v":1,"type":"rotation.ended","status":"refused","because":"expand.1/host.stage/c failed"}]`,
  },
  {
    name: 'cancelled',
    sees: `{"status":"cancelled","phase":"done","hosts":[{"hostId":"a","name":"host-a","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.002Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.003Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"inspected","serving":"old","digest":null,"since":"2026-11-24T00:00:00.004Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 18],
    goesOn: `
[8,{"v":1,"type":"abort.requested","by":"person","because":"wrong window"},9,{"v":1,"type":"effect.intended","effect":{"id":"ca.withdraw","kind":"ca.withdraw"}},9,{"v":1,"type":"effect.succeeded","effectId":"ca.withdraw","result":{}}]
[10,{"v":1,"type":"rotation.ended","status":"cancelled","because":"Aborted by person: wrong window"}]`,
  },
  {
    name: 'paused after a failed activation',
    sees: `{"status":"paused","phase":"activate","hosts":[{"hostId":"a","name":"host-a","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.027Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.022Z","reason":{"code":"test","message":"activate.1/host.canary/b failed","nextStep":"look"},"probes":[]},{"hostId":"c","name":"host-c","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.029Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 53],
    goesOn: `
[28,{"v":1,"type":"effect.failed","effectId":"activate.1/host.canary/b","reason":{"code":"test","message":"activate.1/host.canary/b failed","nextStep":"look"},"transient":false},29,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/host.canary/c","kind":"host.canary","hostId":"c","transition":"expand"}}]
[29,{"v":1,"type":"effect.succeeded","effectId":"activate.1/host.canary/c","result":{}},30,{"v":1,"type":"effect.intended","effect":{"id":"activate.1/ca.fall-back","kind":"ca.fall-back"}},30,{"v":1,"type":"effect.succeeded","effectId":"activate.1/ca.fall-back","result":{}}]
[31,{"v":1,"type":"rotation.paused","by":"windlass","reason":{"code":"test","message":"activate.1/host.canary/b failed","nextStep":"look"}}]`,
  },
  {
    name: 'paused after a failed contract',
    sees: `{"status":"paused","phase":"soak","hosts":[{"hostId":"a","name":"host-a","step":"reverted","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.049Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"reverted","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.050Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"reverted","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.051Z","reason":{"code":"test","message":"contract.1/host.prove/c failed","nextStep":"look"},"probes":[]}]}`,
    as: ['succeeded', 82],
    goesOn: `
[60044,{"v":1,"type":"effect.failed","effectId":"contract.1/host.prove/c","reason":{"code":"test","message":"contract.1/host.prove/c failed","nextStep":"look"},"transient":false},60045,{"v":1,"type":"decision.made","decision":{"kind":"revert","transition":"contract","attempt":1},"because":"contract.1/host.prove/c failed"}]
[60046,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.revert/a","kind":"host.revert","hostId":"a","transition":"contract"}},60046,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.revert/a","result":{}}]
[60047,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.revert/b","kind":"host.revert","hostId":"b","transition":"contract"}},60047,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.revert/b","result":{}}]
[60048,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.revert/c","kind":"host.revert","hostId":"c","transition":"contract"}},60048,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.revert/c","result":{}}]
[60049,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove-reverted/a","kind":"host.prove-reverted","hostId":"a","transition":"contract"}},60049,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove-reverted/a","result":{}}]
[60050,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove-reverted/b","kind":"host.prove-reverted","hostId":"b","transition":"contract"}},60050,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove-reverted/b","result":{}}]
[60051,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.prove-reverted/c","kind":"host.prove-reverted","hostId":"c","transition":"contract"}},60051,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.prove-reverted/c","result":{}}]
[60052,{"v":1,"type":"rotation.paused","by":"windlass","reason":{"code":"rotation.contract-failed","message":"The old CA could not be dropped everywhere, so every host trusts both CAs again: contract.1/host.prove/c failed","nextStep":"Mend what is named, then resume the rotation; no client is refused meanwhile."}}]`,
  },
  {
    name: 'paused after a refused contract',
    sees: `{"status":"paused","phase":"soak","hosts":[{"hostId":"a","name":"host-a","step":"inspected","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.036Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"inspected","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.037Z","reason":{"code":"test","message":"contract.1/host.stage/b failed","nextStep":"look"},"probes":[]},{"hostId":"c","name":"host-c","step":"inspected","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.038Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 65],
    goesOn: `
[60034,{"v":1,"type":"effect.failed","effectId":"contract.1/host.stage/b","reason":{"code":"test","message":"contract.1/host.stage/b failed","nextStep":"look"},"transient":false},60035,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.stage/c","kind":"host.stage","hostId":"c","transition":"contract"}}]
[60035,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.stage/c","result":{}},60036,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.discard/a","kind":"host.discard","hostId":"a","transition":"contract"}},60036,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.discard/a","result":{}}]
[60037,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.discard/b","kind":"host.discard","hostId":"b","transition":"contract"}},60037,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.discard/b","result":{}}]
[60038,{"v":1,"type":"effect.intended","effect":{"id":"contract.1/host.discard/c","kind":"host.discard","hostId":"c","transition":"contract"}},60038,{"v":1,"type":"effect.succeeded","effectId":"contract.1/host.discard/c","result":{}}]
[60039,{"v":1,"type":"rotation.paused","by":"windlass","reason":{"code":"test","message":"contract.1/host.stage/b failed","nextStep":"look"}}]`,
  },
  {
    name: 'in mid-expand, two hosts running',
    sees: `{"status":"running","phase":"expand","hosts":[{"hostId":"a","name":"host-a","step":"proven","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.014Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"staged","serving":"unknown","digest":null,"since":"2026-11-24T00:00:00.010Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"staged","serving":"unknown","digest":null,"since":"2026-11-24T00:00:00.011Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 30],
    goesOn: `
[15,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.commit/b","kind":"host.commit","hostId":"b","transition":"expand"}},15,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.commit/c","kind":"host.commit","hostId":"c","transition":"expand"}}]`,
  },
  {
    name: 'in mid-revert, one host running',
    sees: `{"status":"running","phase":"expand","hosts":[{"hostId":"a","name":"host-a","step":"proven","serving":"unknown","digest":null,"since":"2026-11-24T00:00:00.014Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"committed","serving":"unknown","digest":null,"since":"2026-11-24T00:00:00.016Z","reason":{"code":"test","message":"expand.1/host.prove/b failed","nextStep":"look"},"probes":[]},{"hostId":"c","name":"host-c","step":"proven","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.019Z","reason":null,"probes":[]}]}`,
    as: ['reverted', 39],
    goesOn: `
[20,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.revert/a","kind":"host.revert","hostId":"a","transition":"expand"}}]`,
  },
  {
    name: 'taken over in mid-confirm',
    sees: `{"status":"running","phase":"expand","hosts":[{"hostId":"a","name":"host-a","step":"proven","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.014Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"proven","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.018Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"proven","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.019Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 39],
    goesOn: `
[20,{"v":1,"type":"effect.intended","effect":{"id":"expand.1/host.confirm/a","kind":"host.confirm","hostId":"a","transition":"expand"}},20,{"v":1,"type":"term.taken","term":2,"holder":"w2"}]`,
  },
  {
    name: 'activated anew after a pause by a person',
    sees: `{"status":"running","phase":"soak","hosts":[{"hostId":"a","name":"host-a","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.029Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.030Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"confirmed","serving":"overlap","digest":null,"since":"2026-11-24T00:00:00.031Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 48],
    goesOn: `
[25,{"v":1,"type":"rotation.paused","by":"person","reason":{"code":"rotation.paused-by-person","message":"lunch","nextStep":"Resume it."}},25,{"v":1,"type":"rotation.resumed","by":"person"}]
[26,{"v":1,"type":"decision.made","decision":{"kind":"activate","attempt":2},"because":"every host serves the overlap generation and confirmed it"},27,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/ca.allow-new","kind":"ca.allow-new"}}]
[27,{"v":1,"type":"effect.succeeded","effectId":"activate.2/ca.allow-new","result":{}},28,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/ca.new-leaf","kind":"ca.new-leaf"}},28,{"v":1,"type":"effect.succeeded","effectId":"activate.2/ca.new-leaf","result":{}}]
[29,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/host.canary/a","kind":"host.canary","hostId":"a","transition":"expand"}},29,{"v":1,"type":"effect.succeeded","effectId":"activate.2/host.canary/a","result":{}}]
[30,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/host.canary/b","kind":"host.canary","hostId":"b","transition":"expand"}},30,{"v":1,"type":"effect.succeeded","effectId":"activate.2/host.canary/b","result":{}}]
[31,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/host.canary/c","kind":"host.canary","hostId":"c","transition":"expand"}},31,{"v":1,"type":"effect.succeeded","effectId":"activate.2/host.canary/c","result":{}}]
[32,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/ca.switch-default","kind":"ca.switch-default"}},32,{"v":1,"type":"effect.succeeded","effectId":"activate.2/ca.switch-default","result":{}},33,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/ca.verify-default","kind":"ca.verify-default"}}]
[33,{"v":1,"type":"effect.succeeded","effectId":"activate.2/ca.verify-default","result":{}},34,{"v":1,"type":"effect.intended","effect":{"id":"activate.2/ca.restrict-old","kind":"ca.restrict-old"}},34,{"v":1,"type":"effect.succeeded","effectId":"activate.2/ca.restrict-old","result":{}}]`,
  },
  {
    name: 'in mid-contract, the canary switched',
    sees: `{"status":"running","phase":"contract","hosts":[{"hostId":"a","name":"host-a","step":"proven","serving":"new","digest":null,"since":"2026-11-24T00:01:00.039Z","reason":null,"probes":[]},{"hostId":"b","name":"host-b","step":"staged","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.034Z","reason":null,"probes":[]},{"hostId":"c","name":"host-c","step":"staged","serving":"overlap","digest":null,"since":"2026-11-24T00:01:00.035Z","reason":null,"probes":[]}]}`,
    as: ['succeeded', 74],
    goesOn: `
`,
  },
];

const BEGAN = Date.parse('2026-11-24T00:00:00Z');

/** Every life that was recorded, by name. */
export const LIVES_OF_VERSION_1: ReadonlyMap<string, RecordedLife> = livesOf(RECORDINGS);

function livesOf(recordings: readonly Recording[]): ReadonlyMap<string, RecordedLife> {
  const lives = new Map<string, RecordedLife>();
  for (const { name, sees, as, goesOn } of recordings) {
    const shared = as ? (lives.get(as[0])?.entries.slice(0, as[1]) ?? []) : [];
    const seen = JSON.parse(sees) as Pick<RecordedLife, 'status' | 'phase' | 'hosts'>;
    lives.set(name, { name, ...seen, entries: [...shared, ...entriesOf(goesOn, shared.length)] });
  }
  return lives;
}

function entriesOf(text: string, after: number): RecordedLife['entries'] {
  const parts = text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => JSON.parse(line) as (number | StoredEvent)[]);
  return Array.from({ length: parts.length / 2 }, (_, index) => ({
    sequence: after + index + 1,
    at: new Date(BEGAN + (parts[2 * index] as number)).toISOString(),
    event: parts[2 * index + 1] as StoredEvent,
  }));
}
