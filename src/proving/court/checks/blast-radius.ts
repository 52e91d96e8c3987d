import type { Instant } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import { TELLING } from '../told/said.ts';
import { currentLogsIn } from '../truth/ground-truth.ts';
import { type Breach, type Case, truthAt, truthsSeenAt } from './case.ts';

/** Returns the false statements about the credential in use. */
export function wrongBlastRadius(each: Case): readonly Breach[] {
  return each.said
    .filter(({ notification }) => TELLING.includes(notification.transition))
    .flatMap((said) => {
      const { at, code, finding } = said.notification;
      const truths = truthsSeenAt(each, at);
      const isWrong =
        truths.length > 0 && truths.every((truth) => contradicts(finding.credentialInUse, truth));
      const truth = truths.at(-1);
      if (!isWrong || wasMeddled(each, at)) return [];
      const kind = said.knewOfSet ? 'wrong blast radius' : 'blast radius unknowable';
      const text = `${code} says "${finding.credentialInUse}" at ${truth?.stepReached ?? 'no step'}`;
      return [{ kind, secret: each.secret.name, at, text }];
    });
}

const contradicts = (said: string, truth: StageChange): boolean =>
  (said === 'good' && currentLogsIn(truth) === false) ||
  (said === 'broken' && Object.values(truth.stages).some((labels) => labels.includes('AWSCURRENT')));

/** True when somebody changed value, label or target by hand since the last rotation: no evidence shows that. */
function wasMeddled(each: Case, at: Instant): boolean {
  const rotatedAt = truthAt(each, at)?.lastRotatedAt ?? 0;
  return each.secret.meddledAt.some((time) => time <= at && time >= rotatedAt);
}
