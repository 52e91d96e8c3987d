import type { Instant } from '../../../calendar/instant.ts';
import type { SeverityName } from '../../scenario/finding-names.ts';
import { type Said, TELLING } from './said.ts';

/** A stretch in which an alert was open under one code and severity; `until` is undefined while it lasts. */
export interface Known {
  readonly code: string;
  readonly severity: SeverityName;
  readonly versionId: string | undefined;
  readonly from: Instant;
  readonly until: Instant | undefined;
  /** Number of times the alert had opened before. */
  readonly openedBefore: number;
}

/** The stretches from the decision to report an alert to the decision that it is over, or to one under another code. */
export const knownAlerts = (said: readonly Said[]): readonly Known[] =>
  [...new Set(said.map(({ notification }) => notification.fingerprint))].flatMap((fingerprint) =>
    knownAlert(said.filter(({ notification }) => notification.fingerprint === fingerprint)),
  );

function knownAlert(said: readonly Said[]): readonly Known[] {
  const known: Known[] = [];
  let open: Known | undefined;
  let openedBefore = 0;
  const close = (until: Instant): void => {
    if (open !== undefined) known.push({ ...open, until });
    open = undefined;
  };
  for (const { notification } of said) {
    const { transition, at, code, severity, finding } = notification;
    if (transition === 'resolved') close(at);
    else if (TELLING.includes(transition) && !isSame(open, notification)) {
      close(at);
      const versionId = finding.pendingVersionId;
      open = { code, severity, versionId, from: at, until: undefined, openedBefore };
      if (transition === 'opened') openedBefore += 1;
    }
  }
  return open === undefined ? known : [...known, open];
}

const isSame = (open: Known | undefined, { code, severity }: Said['notification']): boolean =>
  open?.code === code && open.severity === severity;
