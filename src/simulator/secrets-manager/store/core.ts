import type { Instant } from '../../../calendar/instant.ts';
import type { Random } from '../../call/random.ts';
import type { Call, Home, Input } from '../../call/service.ts';
import type { TrailRecord } from '../../cloudtrail/trail-record.ts';
import type { Kms } from '../../kms/kms.ts';
import type { SimulatorClock } from '../../time/clock.ts';
import { invalidName, markedForDeletion, ownedByService, replicaRefused, secretNotFound } from './errors.ts';
import type { Outbox } from './outbox.ts';
import { requireText } from './read-input.ts';
import { isReplica, type Secret } from './secret.ts';
import type { Commit, SecretStore } from './secret-store.ts';

/** Dependencies of every operation of the service. */
export interface Core {
  readonly home: Home;
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly store: SecretStore;
  readonly outbox: Outbox;
  /** Takes a record for CloudTrail's event history that is sent to no bus; it is made when looked for. */
  readonly noteRead: (at: Instant, eventName: string, make: () => TrailRecord) => void;
  readonly keys: Pick<Kms, 'obstacle' | 'permit'>;
  /** True for the role of a rotation function. */
  isRotator(role: string): boolean;
}

/** An operation before its events are sent: synchronous, so that nothing can come between. */
export type CoreOperation = (input: Input, call: Call) => unknown;

/** The ARN or name that SecretId is; fails when no secret can have that name. */
export function requireId(input: Input): string {
  const id = requireText(input, 'SecretId');
  if (!id.startsWith('arn:') && !/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(id)) throw invalidName();
  return id;
}

/** The secret that SecretId names; fails when there is none. */
export function findSecret(core: Core, input: Input): Secret {
  const secret = core.store.find(requireId(input));
  if (secret === undefined) throw secretNotFound();
  return secret;
}

/** The secret that SecretId names, if it is no replica and not marked for deletion. */
export function findWritable(core: Core, input: Input): Secret {
  const secret = findSecret(core, input);
  if (isReplica(secret.state, core.home.region)) throw replicaRefused();
  if (secret.state.deletedAt !== undefined) throw markedForDeletion();
  return secret;
}

/** The secret that SecretId names, if callers may change its value and labels. */
export function findOwn(core: Core, input: Input): Secret {
  const secret = findWritable(core, input);
  if (secret.state.owningService !== undefined) throw ownedByService();
  return secret;
}

/** Returns the commit of a change by an API call. */
export const commitOf = (core: Core, operation: string, call: Call): Commit => ({
  at: call.now,
  cause: core.isRotator(call.role) ? 'rotation' : 'call',
  operation,
});

/** The ARN and the name that nearly every answer starts with. */
export const named = ({ arn, name }: Secret): { ARN: string; Name: string } => ({ ARN: arn, Name: name });

/** The members of an object that are not undefined; AWS leaves absent members out. */
export function present(members: object): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = { ...members };
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(given)) if (given[name] !== undefined) kept[name] = given[name];
  return kept;
}

/** A point in time as answers carry it. */
export const dateOf = (at: Instant | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);
