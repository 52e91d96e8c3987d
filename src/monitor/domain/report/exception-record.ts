import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { arnHash } from '../arn-hash.ts';
import type { AuditException } from './audit-exception.ts';
import type { ChangeEntry } from './change-entry.ts';
import type { ExceptionTerms } from './read-exceptions.ts';

/** An exception that somebody asked a deployed monitor for, and what became of it; kept 400 days after its end. */
export interface ExceptionRecord extends ExceptionTerms {
  /** Names the terms, who asked for them and when: whoever approves it approves these and no others. */
  readonly id: string;
  readonly requestedAt: Instant;
  /** STS ARN, as the approver states it; undefined until somebody approves. */
  readonly approvedBy?: string | undefined;
  readonly grantedAt?: Instant | undefined;
  /** Person who ended it, or took the request back, before its time. */
  readonly endedBy?: string | undefined;
  readonly endedAt?: Instant | undefined;
  /** Number of times that it was written; 0 before the first. */
  readonly revision: number;
}

/** The life of an exception: it holds while it is in force, and at no other time. */
export type ExceptionState = 'requested' | 'not-begun' | 'in-force' | 'expired' | 'ended';

/** The state of an exception at a moment. */
export function stateAt(
  { until, grantedAt, endedAt }: Pick<ExceptionRecord, 'until' | 'grantedAt' | 'endedAt'>,
  now: Instant,
): ExceptionState {
  if (endedAt !== undefined && endedAt <= now) return 'ended';
  if (until <= now) return 'expired';
  if (grantedAt === undefined) return 'requested';
  return grantedAt > now ? 'not-begun' : 'in-force';
}

/** Whether an exception is in force or may come into force. */
export const isLive = (
  record: Pick<ExceptionRecord, 'until' | 'grantedAt' | 'endedAt'>,
  now: Instant,
): boolean => !['expired', 'ended'].includes(stateAt(record, now));

/** End of an exception, or of a request: its last day, or earlier where somebody ended it. */
export const endOf = ({ until, endedAt }: Pick<ExceptionRecord, 'until' | 'endedAt'>): Instant =>
  endedAt !== undefined && endedAt < until ? endedAt : until;

/** The rest of a sentence about an exception or a request that is over. */
export const endText = (record: ExceptionRecord): string => {
  const end = endOf(record);
  const how = end === record.endedAt ? `was ended by ${record.endedBy ?? 'somebody'}` : 'expired';
  return `${how} at ${formatInstant(end)}`;
};

/** A request with these terms. */
export function requestOf(terms: ExceptionTerms, requestedAt: Instant): ExceptionRecord {
  const { secretArn, control, until, reason, ticket = '', requestedBy } = terms;
  const id = arnHash(JSON.stringify([secretArn, control, until, reason, ticket, requestedBy, requestedAt]));
  return { ...terms, id, requestedAt, revision: 0 };
}

/** Whether a request asks for the same as these terms. */
export const asksFor = (record: ExceptionRecord, terms: ExceptionTerms): boolean =>
  record.control === terms.control &&
  record.until === terms.until &&
  record.reason === terms.reason &&
  record.ticket === terms.ticket &&
  record.requestedBy === terms.requestedBy;

/** The exceptions among requests, as audits judge by them; one that was ended early held until then. */
export const exceptionsOf = (records: readonly ExceptionRecord[]): readonly AuditException[] =>
  records.flatMap((record) => {
    const { secretArn, control, reason, ticket, requestedBy, approvedBy, grantedAt } = record;
    if (approvedBy === undefined || grantedAt === undefined) return [];
    return [{ secretArn, control, reason, ticket, requestedBy, approvedBy, grantedAt, until: endOf(record) }];
  });

/** The history of a secret as far as exceptions make it: when each began to hold and who ended it. */
export const exceptionChanges = (records: readonly ExceptionRecord[]): readonly ChangeEntry[] =>
  records.flatMap(({ secretArn, control, until, reason, approvedBy, grantedAt, endedBy, endedAt }) => {
    if (grantedAt === undefined) return [];
    const terms = `${control} until ${formatInstant(until)}: ${reason}`;
    const granted = {
      secretArn,
      kind: 'exception-granted',
      at: grantedAt,
      actor: approvedBy,
      after: terms,
    } as const;
    if (endedAt === undefined) return [granted];
    return [
      granted,
      { secretArn, kind: 'exception-ended', at: endedAt, actor: endedBy, before: terms } as const,
    ];
  });
