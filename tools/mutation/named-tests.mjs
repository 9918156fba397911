// How the runner is told which tests of which file must find a mistake.

const of = (project, file, name) => [
  ...['--project', project, `${file}.test.ts`],
  ...(name === undefined ? [] : ['-t', name]),
];

/** `file`: from the top of the repository, without `.test.ts`; all of its tests where no name is given. */
export const unit = (file, name) => of('unit', file, name);
export const simulation = (file, name) => of('simulation', `libs/simulation/src/${file}`, name);
export const conformance = (file, name) => of('conformance', `test/conformance/${file}`, name);
export const peers = (file, name) => of('peers', `test/peers/${file}`, name);
/** Those of one host are a project of their own. */
export const fleet = (file, name) =>
  of(file.startsWith('fleet/host-gateway-') ? 'hosts' : 'fleet', `test/${file}`, name);
export const onFaultyFleet = (file, name) => of('faults', `test/faults/fleet/${file}`, name);

/** Worlds with every fault, in which each of the promises is watched. */
export const SIMULATED = simulation('simulate', 'ends well');
export const rows = (file, name) => simulation(`rows/${file}`, name);
export const rotation = (file, name) => unit(`libs/rotation/src/${file}`, name);
