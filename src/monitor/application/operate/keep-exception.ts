import type { Instant } from '../../../calendar/instant.ts';
import { mayBeOne } from '../../domain/report/caller.ts';
import type { ControlId } from '../../domain/report/control.ts';
import {
  asksFor,
  type ExceptionRecord,
  endOf,
  endText,
  isLive,
  requestOf,
} from '../../domain/report/exception-record.ts';
import { asControlId, readTerms } from '../../domain/report/read-exceptions.ts';
import { asSecretArn, type SecretArn } from '../../domain/secret/secret.ts';
import { shownLine } from '../../domain/shown.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { KeepExceptionAnswer, KeepExceptionRequest } from '../../ports/tell/exception-keeper.ts';
import type { Service } from '../service.ts';

/** Parts of the service that keep exceptions. */
export type KeepingExceptions = Pick<Service, 'changes' | 'clock'>;

/** Longest name of a caller, as history keeps it. */
const LONGEST_ACTOR = 256;
/** Most exceptions of one secret that are asked for or in force: one or two for each control. */
const MOST_LIVE = 20;

const MAY_BE_ONE =
  'Your credentials do not show that you are somebody else: approve as another IAM user, with another role and session name, or as another user of IAM Identity Center.';

interface Step {
  readonly service: KeepingExceptions;
  readonly secretArn: SecretArn;
  readonly control: ControlId;
  readonly by: string;
  readonly now: Instant;
  /** Exceptions of the secret, those that are over, too. */
  readonly known: readonly ExceptionRecord[];
  /** Those that are in force or may come into force. */
  readonly live: readonly ExceptionRecord[];
}

/**
 * Takes a step in the life of an exception. One that was asked for holds only after another caller has approved it, by
 * its id. Throws a RangeError that says what the request lacks.
 */
export async function keepException(
  service: KeepingExceptions,
  request: Partial<KeepExceptionRequest>,
): Promise<KeepExceptionAnswer> {
  const { approve, end } = request;
  const secretArn = asSecretArn(request.secretArn ?? '');
  const control = asControlId(request.control ?? '');
  const by = shownLine(request.by ?? '', LONGEST_ACTOR).trim();
  if (secretArn === undefined || control === undefined || by === '')
    throw new RangeError(
      'Cannot keep an exception: expected { "secretArn", "control", "by" } with "until" and "reason", "approve" or "end"',
    );
  const now = service.clock.now();
  const known = await service.changes.exceptions(secretArn);
  const live = known.filter((record) => isLive(record, now));
  const step: Step = { service, secretArn, control, by, now, known, live };
  if (end === true) return ended(step);
  if (approve !== undefined) return granted(step, approve);
  return requested(step, request);
}

/** The same request twice is one. */
async function requested(
  { service, live, by, now }: Step,
  request: Partial<KeepExceptionRequest>,
): Promise<KeepExceptionAnswer> {
  const terms = readTerms({ ...request, requestedBy: by }, now);
  if ('faults' in terms) throw new RangeError(`Cannot keep an exception: ${terms.faults.join(' ')}`);
  const same = live.find((record) => record.grantedAt === undefined && asksFor(record, terms));
  if (same !== undefined) return { outcome: 'requested', exceptions: [same] };
  if (live.length >= MOST_LIVE)
    return refused(`The secret has ${live.length} exceptions already, which is the most.`);
  return { outcome: 'requested', exceptions: [await written(service, requestOf(terms, now))] };
}

async function granted({ service, known, control, by, now }: Step, id: string): Promise<KeepExceptionAnswer> {
  const record = known.find((each) => each.id === id);
  if (record === undefined) return refused(`The secret has no request ${shownLine(id, 32)}.`);
  const name = `${record.grantedAt === undefined ? 'Request' : 'Exception'} ${id}`;
  if (record.control !== control) return refused(`${name} is about ${record.control}.`);
  if (!isLive(record, now)) return refused(`${name} ${endText(record)}.`);
  if (record.grantedAt !== undefined)
    return refused(`It was approved before, by ${record.approvedBy ?? 'somebody'}.`);
  if (record.requestedBy === by) return refused('Whoever asks for an exception cannot approve it.');
  if (mayBeOne(record.requestedBy, by))
    return refused(`${MAY_BE_ONE} It was requested by ${record.requestedBy}.`);
  const after = { ...record, approvedBy: by, grantedAt: now };
  return { outcome: 'granted', exceptions: [await written(service, after)] };
}

async function ended({ service, known, live, control, by, now }: Step): Promise<KeepExceptionAnswer> {
  const exceptions: ExceptionRecord[] = [];
  for (const record of live.filter((each) => each.control === control))
    exceptions.push(await written(service, { ...record, endedBy: by, endedAt: now }));
  if (exceptions.length > 0) return { outcome: 'ended', exceptions };
  const [latest] = known.filter((each) => each.control === control).sort((a, b) => endOf(b) - endOf(a));
  if (latest === undefined) return refused(`The secret has no exception from ${control}.`);
  const what = latest.grantedAt === undefined ? 'request for an exception' : 'exception';
  return refused(`The latest ${what} from ${control} ${endText(latest)}.`);
}

const refused = (because: string): KeepExceptionAnswer => ({ outcome: 'refused', because });

async function written({ changes }: KeepingExceptions, record: ExceptionRecord): Promise<ExceptionRecord> {
  if ((await changes.writeException(record)) === 'written')
    return { ...record, revision: record.revision + 1 };
  throw new StoreError(`Cannot keep the exception of "${record.secretArn}": another writer came first`, {
    reason: 'server',
    retryable: true,
  });
}
