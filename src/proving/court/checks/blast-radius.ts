import type { Instant } from '../../../calendar/instant.ts';
import { TELLING } from '../told/said.ts';
import { currentLogsIn } from '../truth/ground-truth.ts';
import { type Breach, type Case, truthAt } from './case.ts';

/** What was said about the credential in use and was not so. */
export function wrongBlastRadius(each: Case): readonly Breach[] {
  return each.said
    .filter(({ notification }) => TELLING.includes(notification.transition))
    .flatMap((said) => {
      const { at, code, finding } = said.notification;
      const truth = truthAt(each, at);
      const logsIn = truth === undefined ? undefined : currentLogsIn(truth);
      const hasCurrent = Object.values(truth?.stages ?? {}).some((labels) => labels.includes('AWSCURRENT'));
      const isWrong =
        (finding.credentialInUse === 'good' && logsIn === false) ||
        (finding.credentialInUse === 'broken' && hasCurrent);
      if (!isWrong || wasMeddled(each, at)) return [];
      const kind = said.knewOfSet ? 'wrong blast radius' : 'blast radius unknowable';
      const text = `${code} says "${finding.credentialInUse}" at ${truth?.stepReached ?? 'no step'}`;
      return [{ kind, secret: each.secret.name, at, text }];
    });
}

/** True when somebody changed value, label or target by hand since the last rotation: no evidence tells of that. */
function wasMeddled(each: Case, at: Instant): boolean {
  const rotatedAt = truthAt(each, at)?.lastRotatedAt ?? 0;
  return each.secret.meddledAt.some((time) => time <= at && time >= rotatedAt);
}
