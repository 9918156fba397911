import type { ProblemAdvice } from './problem-advice.js';

/** Rotations: what may be asked for, and what people may say to one that runs. */
export const ROTATION_GUIDE = {
  'rotation.not-found': {
    meaning: 'There is no rotation with this id.',
    next: 'List the rotations of the fleet to find it.',
  },
  'rotation.conflict': {
    meaning: 'A fleet, a host and an issuing CA take part in one rotation at a time.',
    next: 'Watch the rotation that the detail names, and ask again when it has ended.',
  },
  'rotation.one-fleet-only': {
    meaning: 'Only `overlap` and `distrust` work on several fleets together.',
    next: 'Leave `together` out, and start one rotation for each fleet.',
  },
  'replace.no-bundle': {
    meaning: '`replace` serves the bundle that it is given.',
    next: 'Send it as `bundlePem`.',
  },
  'replace.bad-bundle': {
    meaning: 'nginx would not start with the bundle, or would refuse every client.',
    next: 'Mend what the detail names; POST /v1/preflight tries a bundle without recording it.',
  },
  'replace.nothing-changes': {
    meaning: 'The bundle holds exactly the anchors that the fleet trusts.',
    next: 'Use `sync` if hosts are not as recorded.',
  },
  'refresh.no-revocation': {
    meaning: '`refresh` brings current CRLs, and this fleet checks none.',
    next: 'Record the fleet with `revocation` "crl" if it should.',
  },
  'anchor.distrusted': {
    meaning: 'A `distrust` took the anchor from the fleet for good; nothing brings it back by itself.',
    next: 'Leave it out, or name it in `retrust` with a reason.',
  },
  'distrust.no-anchors': {
    meaning: '`distrust` takes away what it is told.',
    next: 'Name the anchors by subject key identifier, or SHA-256 where they have none.',
  },
  'distrust.unknown-anchor': {
    meaning: 'The generation of the fleet holds no such anchor.',
    next: 'Read the anchors of the fleet; perhaps it is gone already.',
  },
  'distrust.still-trusted': {
    meaning: 'Clients of the anchor would still get in by way of another one, such as its cross-signed twin.',
    next: 'Name that one as well.',
  },
  'distrust.nothing-left': {
    meaning: 'Every client would be locked out.',
    next: 'Use `replace` with the CA that clients should come from, or keep one anchor.',
  },
  'rotation.too-late': {
    meaning: 'The fleet decided to keep the new trust; going back would refuse clients that have renewed.',
    next: 'Let it go on, or pause it: the fleet trusts both CAs until the contract.',
  },
  'rotation.not-paused': {
    meaning: 'Only a paused rotation is resumed.',
    next: 'Read its status; `:retry` tries again what waits for its next try.',
  },
  'rotation.changed': {
    meaning: 'The rotation decided, heard a command or entered another phase since it was read.',
    next: 'Read it, decide anew, and send the ETag that it has now.',
  },
  'rotation.gate-open': {
    meaning: 'Nothing keeps the old CA, so there is nothing to override.',
    next: 'Read the rotation: it is not in its soak, or the gate opened by itself.',
  },
  'rotation.approval-not-needed': {
    meaning: 'The fleet asks for no second person, or the rotation drops no CA.',
    next: 'Let it go on.',
  },
  'rotation.approval-not-awaited': {
    meaning: 'What would be approved is known once the soak is over.',
    next: 'Wait until `approval.awaited` is true.',
  },
  'rotation.approved-already': {
    meaning: 'Somebody approved exactly this change of trust.',
    next: 'Let it go on.',
  },
  'rotation.own-request': {
    meaning: 'A second person is somebody else than the one who asked for the rotation.',
    next: 'Let another approver look at it, with a key of their own.',
  },
  'rotation.other-trust-diff': {
    meaning: 'The digest stands for another change of trust than the one ahead.',
    next: 'Read `generations.trustDiff`, and send its digest if that is what you approve.',
  },
  'rotation.nothing-to-retry': {
    meaning: 'Nothing of the rotation waits for another try.',
    next: 'Read its status; a paused rotation is resumed.',
  },
  'rotation.host-not-blocked': {
    meaning: 'Only a host that stands in the way of the whole fleet is given up.',
    next: 'Read `blocks` of the rotation to see what it waits for.',
  },
  'rotation.last-host': {
    meaning: 'A rotation without any host would prove nothing.',
    next: 'Abort it, or bring the host back.',
  },
  'rotation.ended': {
    meaning: 'What has ended hears no more commands.',
    next: 'Start another rotation if something is left to do.',
  },
  'rotation.busy': {
    meaning: 'The command met the writes of the worker each time it was tried.',
    next: 'Send it again after Retry-After.',
  },
  'rotation.unreadable': {
    meaning: 'The journal holds events of a newer release than this one.',
    next: 'Run the release that wrote it.',
  },
} satisfies Readonly<Record<string, ProblemAdvice>>;
