import type { Instant } from '../../../calendar/instant.ts';
import { TELLING } from '../told/said.ts';
import { pendingLives } from '../truth/pending-lives.ts';
import { forbiddenAdvice } from './allowed-advice.ts';
import { type Breach, type Case, truthAt } from './case.ts';

/** Advice that is forbidden, judged by what was true when it was given. */
export const badAdvice = (each: Case): readonly Breach[] =>
  each.said
    .filter(({ notification }) => TELLING.includes(notification.transition))
    .flatMap(({ notification: { at, code, finding } }) => {
      const stages = truthAt(each, at)?.stages ?? {};
      const faults = forbiddenAdvice(finding.advice, {
        managed: each.secret.secret.kind === 'managed',
        setBegun: (versionId) => hadBegun(each, at, versionId),
        labels: (versionId) => stages[versionId] ?? [],
        currentId: Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT')),
      });
      return faults.map((fault) => ({
        kind: 'forbidden advice',
        secret: each.secret.name,
        at,
        text: `${code}: ${fault} (${finding.what})`,
      }));
    });

const hadBegun = ({ history }: Case, at: Instant, versionId: string): boolean =>
  pendingLives(history.filter((change) => change.at <= at)).some(
    (life) => life.versionId === versionId && life.setBegun,
  );
