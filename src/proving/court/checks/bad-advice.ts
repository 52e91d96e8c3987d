import type { Instant } from '../../../calendar/instant.ts';
import { type Said, TELLING } from '../told/said.ts';
import { pendingLives } from '../truth/pending-lives.ts';
import { type Breach, type Case, truthAt } from './case.ts';

type Step = Said['notification']['finding']['advice'][number];

const REMOVAL = /--version-stage AWSPENDING --remove-from-version-id (\S+)/;
const PROMOTION = /--version-stage AWSCURRENT|"finishSecret"/;
const PROOF = /prove that AWSCURRENT still logs in/;
const FORBIDDEN = /get-secret-value|batch-get-secret|put-secret-value|delete-secret|cancel-rotate/;
const HANDS_OFF = /aws logs|lambda|update-secret-version-stage|rotate-secret/;

/** Advice that is forbidden, judged by what was true when it was given. */
export const badAdvice = (each: Case): readonly Breach[] =>
  each.said
    .filter(({ notification }) => TELLING.includes(notification.transition))
    .flatMap((said) => {
      const { at, code, finding } = said.notification;
      return faultsOf(each, said).map((fault) => ({
        kind: 'forbidden advice',
        secret: each.secret.name,
        at,
        text: `${code}: ${fault} (${finding.what})`,
      }));
    });

function faultsOf(each: Case, { notification: { at, finding } }: Said): readonly string[] {
  const commands = finding.advice.flatMap((step) => step.commands);
  const proof = commands.findIndex((line) => line.includes('"testSecret"'));
  const promotion = commands.findIndex((line) => PROMOTION.test(line));
  const current = currentAt(each, at);
  return [
    ...finding.advice.flatMap((step) => removalFault(each, at, step) ?? []),
    ...(promotion >= 0 && (proof < 0 || proof > promotion) ? ['promotion before proof'] : []),
    ...(promotion >= 0 && !hadBegun(each, at, finding.pendingVersionId)
      ? ['promotion of what was never set']
      : []),
    ...(commands.some((line) => FORBIDDEN.test(line)) ? ['a forbidden command'] : []),
    ...(each.secret.secret.kind === 'managed' && commands.some((line) => HANDS_OFF.test(line))
      ? ['hands on a managed secret']
      : []),
    ...(commands.some(
      (line) => /AWSCURRENT --move-to-version-id/.test(line) && line.includes(`to-version-id ${current}`),
    )
      ? ['AWSCURRENT moves back']
      : []),
  ];
}

/** The label may be taken off without proof only while setSecret has truly not begun. */
function removalFault(each: Case, at: Instant, { text, commands }: Step): string | undefined {
  const versionId = commands.map((line) => REMOVAL.exec(line)?.[1]).find((id) => id !== undefined);
  if (versionId === undefined || PROOF.test(text)) return undefined;
  return hadBegun(each, at, versionId) ? 'removal without proof although setSecret had begun' : undefined;
}

const hadBegun = ({ history }: Case, at: number, versionId: string | undefined): boolean =>
  pendingLives(history.filter((change) => change.at <= at)).some(
    (life) => life.versionId === versionId && life.setBegun,
  );

const currentAt = (each: Case, at: Instant): string | undefined =>
  Object.entries(truthAt(each, at)?.stages ?? {}).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
