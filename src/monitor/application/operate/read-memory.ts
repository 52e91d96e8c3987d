import { instant } from '../../../calendar/instant.ts';
import { type Alert, isOpen } from '../../domain/alert/alert.ts';
import { byGravity } from '../../domain/alert/open-alert.ts';
import { POLICY_KINDS, type PolicyDefaults } from '../../domain/secret/policy.ts';
import { asSecretArn, type SecretArn, splitSecretArn, type Target } from '../../domain/secret/secret.ts';
import {
  type AuditAnswer,
  type AuditMemory,
  type AuditQuestion,
  MOST_HISTORIES,
} from '../../ports/store/audit-memory.ts';
import type {
  RememberedAlert,
  RememberedSecret,
  RememberedTarget,
} from '../../ports/store/monitor-memory.ts';
import { auditMemoryOf } from '../audit/audit-memory-of.ts';
import type { Service } from '../service.ts';

/** A question about one secret, about one account and region, or of an audit. */
export type ReadMemoryRequest = { readonly secretArn: string } | Target | AuditQuestion;

/** The answer to any question. */
export type ReadMemoryAnswer = RememberedSecret | RememberedTarget | AuditAnswer;

/** The parts of the service needed to read the memory. */
export type ReadingMemory = Pick<Service, 'store' | 'settings' | 'changes'>;

/** An answer of a function may have 6 MB; an alert takes some 400 bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_ALERTS = 10_000;

/** Answers what the monitor remembers; throws a RangeError that says what the request lacks. */
export async function readMemory(
  service: ReadingMemory,
  request: Partial<Target & { readonly secretArn: string } & AuditQuestion>,
): Promise<ReadMemoryAnswer> {
  const { secretArn = '', account = '', region = '' } = request;
  if (request.audit !== undefined) return answerAudit(auditMemoryOf(service), request.audit);
  const arn = asSecretArn(secretArn);
  if (arn !== undefined) return rememberedSecret(service, arn);
  if (/^\d{12}$/.test(account) && region !== '') return rememberedTarget(service, { account, region });
  throw new RangeError(
    'Cannot read the memory: expected { "secretArn": the ARN of a secret }, or { "account": twelve digits, "region": such as "eu-west-1" }',
  );
}

async function rememberedSecret(
  { store, settings }: ReadingMemory,
  arn: SecretArn,
): Promise<RememberedSecret> {
  const [state, attempts, target] = await Promise.all([
    store.read(arn),
    store.attempts(arn),
    store.readTarget(splitSecretArn(arn)),
  ]);
  return {
    // Texts that wait to be sent are nobody's business but that of whoever sends them.
    state: state && { ...state, outbox: [] },
    attempts,
    target,
    policyDefaults: judgedBy(settings.policyDefaults),
  };
}

async function rememberedTarget(
  { store, changes, settings }: ReadingMemory,
  target: Target,
): Promise<RememberedTarget> {
  const [record, sweep, audits, states] = await Promise.all([
    store.readTarget(target),
    store.readSweep(target),
    // One audit reports on the home and on all members.
    changes.readAudits(settings.target),
    store.open(target),
  ]);
  const open = states
    .flatMap(({ subject, alerts }) => alerts.filter(isShown).map((alert) => rememberedAlert(subject, alert)))
    .sort(byGravity);
  return {
    isWatched: record !== undefined,
    lastSweepAt: sweep?.last?.endedAt,
    lastAuditAt: audits?.last?.readAt,
    alerts: open.slice(0, MOST_ALERTS),
    more: Math.max(0, open.length - MOST_ALERTS),
  };
}

/** An alert that a graver one of its secret inhibits is nobody's to see. */
const isShown = (alert: Alert): boolean =>
  isOpen(alert) && (alert.toldSeverity !== undefined || alert.silencedUntil !== undefined);

const rememberedAlert = (
  subject: string,
  { fingerprint, code, severity, since, openedAt, ack, silencedUntil }: Alert,
): RememberedAlert => ({ subject, fingerprint, code, severity, since, openedAt, ack, silencedUntil });

/** The settings of judging alone: those of the deployment stand beside them. */
function judgedBy(defaults: PolicyDefaults): PolicyDefaults {
  const others = Object.keys(defaults).filter((name) => !Object.hasOwn(POLICY_KINDS, name));
  return { ...defaults, ...Object.fromEntries(others.map((name) => [name, undefined])) };
}

/** Answers a question of an audit; throws a RangeError for more secrets than one answer can hold. */
async function answerAudit(memory: AuditMemory, question: AuditQuestion['audit']): Promise<AuditAnswer> {
  switch (question.ask) {
    case 'since':
      return { since: await memory.since(question.target) };
    case 'critical':
      return { critical: await memory.critical(question.target) };
    case 'exceptions':
      return { exceptions: await memory.exceptions(question.target) };
    case 'histories': {
      const { secretArns } = question;
      if (secretArns.length > MOST_HISTORIES) {
        throw new RangeError(`Cannot read ${secretArns.length} histories at once: ${MOST_HISTORIES} at most`);
      }
      return { histories: await memory.histories(secretArns.flatMap((text) => asSecretArn(text) ?? [])) };
    }
    case 'sights':
      return { page: await memory.sights(question.target, question.after) };
    case 'counts': {
      const { target, from, until } = question;
      return { counts: await memory.counts(target, instant(from), instant(until)) };
    }
  }
}
