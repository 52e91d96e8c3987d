import type { AuditStream } from '../../domain/report/audit-report.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { asffFinding } from '../../domain/report-format/asff-finding.ts';
import { controlOfFinding } from '../../domain/report-format/finding-identity.ts';
import { type Target, targetKey } from '../../domain/secret/secret.ts';
import { shown } from '../../domain/shown.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/failure.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';
import {
  type FindingsHub,
  FindingsHubError,
  type KnownFinding,
  type RefusedFinding,
} from '../../ports/report/findings-hub.ts';
import { HubPush, type HubPushing, type SettledFinding } from './hub-push.ts';

/** Dependencies of a push. */
export interface Pushing {
  readonly clock: Clock;
  /** Security Hub of an account and region. */
  readonly hubOf: (target: Target) => FindingsHub;
  /** Secrets of an account and region; only single ones are described. */
  readonly catalogOf: (target: Target) => Pick<SecretCatalog, 'describe'>;
  /** Counts and lists what would be sent, and sends nothing. */
  readonly isDryRun: boolean;
  /** Whether the operator wants it to stop. */
  readonly isInterrupted?: HubPushing['isInterrupted'];
  /** Hears how many findings of earlier pushes have been read. */
  readonly onKnown?: HubPushing['onKnown'];
}

/** Outcome of a push; of a dry run, what it would be. */
export interface PushResult {
  readonly created: number;
  readonly updated: number;
  readonly archived: readonly SettledFinding[];
  /** Active findings that stay as they are, because nothing shows that they no longer hold. */
  readonly left: readonly SettledFinding[];
  readonly failed: readonly RefusedFinding[];
  /** Secrets that could not be checked, by ARN; their findings say so, too. */
  readonly unverifiable: readonly SettledFinding[];
  /** Accounts and regions whose hub could not be read, and why; nothing was sent there. */
  readonly unreached: readonly UnreachedHub[];
  /** The reason that it ended before its time; undefined where it did not. What had been read by then was sent. */
  readonly brokeOff: 'interrupted' | PortError | undefined;
}

/** A hub that could not be read. */
interface UnreachedHub {
  readonly target: Target;
  readonly error: FindingsHubError;
}

/**
 * Brings Security Hub in line with a report: every verdict becomes a finding of its secret's own account and region.
 * A finding is archived only when its secret is gone or its control does not apply to a secret that was checked. A report
 * that breaks off archives nothing, and what it said before is sent.
 */
export async function pushFindings(pushing: Pushing, stream: AuditStream): Promise<PushResult> {
  const hubs = new Hubs(pushing, stream);
  let brokeOff: PushResult['brokeOff'];
  try {
    await pushAll(hubs, pushing, stream);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    brokeOff = error;
  }
  for (const push of hubs.reached) await push.flush();
  return { ...hubs.result, brokeOff: brokeOff ?? (isOver(pushing) ? 'interrupted' : undefined) };
}

const isOver = ({ isInterrupted }: Pushing): boolean => isInterrupted?.() === true;

/** Pushes all secrets of a report, and settles what it says nothing about, until somebody interrupts it. */
async function pushAll(hubs: Hubs, pushing: Pushing, stream: AuditStream): Promise<void> {
  const { provenance } = stream;
  for await (const secret of stream.secrets) {
    if (isOver(pushing)) return;
    await hubs.use(secret, (push) => pushSecret(push, shown(secret), provenance));
  }
  for (const target of (await stream.summary()).population) await hubs.use(target, async () => undefined);
  for (const push of hubs.reached) await archiveUnseen(push, pushing);
}

async function pushSecret(
  push: HubPush,
  secret: SecretAudit,
  provenance: AuditStream['provenance'],
): Promise<void> {
  // A deleted secret has nothing to correct: its findings are archived.
  if (secret.deletedAt !== undefined) return;
  for (const verdict of secret.controls) await push.add(asffFinding(secret, verdict, provenance));
  push.looked(secret);
}

/** The hubs of a push, each opened when it is first used. */
class Hubs {
  readonly #pushing: Pushing;
  readonly #stream: AuditStream;
  readonly #pushes = new Map<string, HubPush>();
  readonly #unreached = new Map<string, UnreachedHub>();

  constructor(pushing: Pushing, stream: AuditStream) {
    this.#pushing = pushing;
    this.#stream = stream;
  }

  get reached(): readonly HubPush[] {
    return [...this.#pushes].flatMap(([key, push]) => (this.#unreached.has(key) ? [] : [push]));
  }

  get result(): Omit<PushResult, 'brokeOff'> {
    const pushes = this.reached;
    return {
      created: pushes.reduce((sum, { created }) => sum + created, 0),
      updated: pushes.reduce((sum, { updated }) => sum + updated, 0),
      archived: pushes.flatMap(({ archived }) => archived),
      left: pushes.flatMap(({ left }) => left),
      failed: pushes.flatMap(({ failed }) => failed),
      unverifiable: pushes.flatMap(({ unverifiable }) => unverifiable),
      unreached: [...this.#unreached.values()],
    };
  }

  /** Runs `work` on the push into the hub of a target, unless that hub cannot be read. */
  async use({ account, region }: Target, work: (push: HubPush) => Promise<void>): Promise<void> {
    const target = { account, region };
    const key = targetKey(target);
    const push = this.#pushes.get(key) ?? this.#pushInto(target);
    this.#pushes.set(key, push);
    if (this.#unreached.has(key)) return;
    try {
      await push.open();
    } catch (error) {
      if (!(error instanceof FindingsHubError)) throw error;
      this.#unreached.set(key, { target, error });
      return;
    }
    if (!isOver(this.#pushing)) await work(push);
  }

  #pushInto(target: Target): HubPush {
    const { clock, hubOf, isDryRun, isInterrupted, onKnown } = this.#pushing;
    return new HubPush({
      clock,
      hub: hubOf(target),
      target,
      provenance: this.#stream.provenance,
      isDryRun,
      isInterrupted,
      onKnown,
    });
  }
}

type Describing = Pick<SecretCatalog, 'describe'>;

/**
 * Archives active findings that this report has no verdict for, if that is because their secret is gone or because a
 * control does not apply to a secret that was checked. An incomplete report proves neither: the secret itself is
 * asked for, and a refused question archives nothing.
 */
async function archiveUnseen(push: HubPush, pushing: Pushing): Promise<void> {
  const catalog = pushing.catalogOf(push.target);
  const bySecret = new Map<string, KnownFinding[]>();
  for (const finding of push.unseen()) {
    const others = bySecret.get(finding.secretArn) ?? [];
    bySecret.set(finding.secretArn, [...others, finding]);
  }
  for (const [secretArn, findings] of bySecret) {
    if (isOver(pushing)) return;
    const state = push.coverageOf(secretArn) ?? (await stateOf(catalog, secretArn));
    for (const finding of findings) await settle(push, finding, state);
  }
}

interface SecretState {
  readonly is: 'checked' | 'excluded' | 'unverifiable' | 'gone' | 'there';
  /** The reason why it could not be checked; undefined where it was, or where none is known. */
  readonly reason: string | undefined;
}

async function stateOf(catalog: Describing, secretArn: string): Promise<SecretState> {
  try {
    const secret = await catalog.describe(secretArn);
    const isGone = secret === undefined || secret.deletedAt !== undefined;
    return { is: isGone ? 'gone' : 'there', reason: undefined };
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return { is: 'unverifiable', reason: error.message };
  }
}

async function settle(push: HubPush, finding: KnownFinding, { is, reason }: SecretState): Promise<void> {
  const control = controlOfFinding(finding.id);
  if (control === undefined) return push.leave(finding, 'its id names no control of this version');
  switch (is) {
    case 'gone':
      return push.archive(finding, control, 'The secret is deleted.');
    case 'checked':
    case 'excluded':
      return push.archive(finding, control, 'The control does not apply to the secret.');
    case 'there':
      return push.leave(finding, 'the secret is there, and this report has no verdict about it');
    case 'unverifiable':
      return push.leave(
        finding,
        `the secret could not be checked${reason === undefined ? '' : `: ${reason}`}`,
      );
  }
}
