import type { Instant } from '../../../calendar/instant.ts';
import { TELLING } from '../told/said.ts';
import type { AdvisedStep } from '../told/told-in.ts';
import { pendingLives } from '../truth/pending-lives.ts';
import { type Breach, type Case, truthsSeenAt } from './case.ts';

/** Advice that is forbidden, judged by all that may have been seen when it was given. */
export const badAdvice = (each: Case): readonly Breach[] =>
  each.said
    .filter(({ notification }) => TELLING.includes(notification.transition))
    .flatMap(({ notification: { at, code, finding } }) => {
      const [first = [], ...others] = truthsSeenAt(each, at).map(({ stages }) =>
        forbiddenAdvice(finding.advice, {
          managed: each.secret.secret.kind === 'managed',
          setBegun: (versionId) => hadBegun(each, at, versionId),
          labels: (versionId) => stages[versionId] ?? [],
          currentId: Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT')),
        }),
      );
      const faults = first.filter((fault) => others.every((other) => other.includes(fault)));
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

/** The facts about a secret when advice about it is given, from whichever source the judge has. */
interface AdviceCircumstances {
  /** Whether Secrets Manager rotates the secret itself. */
  readonly managed: boolean;
  /** Whether setSecret had begun for a version. */
  readonly setBegun: (versionId: string) => boolean;
  /** The labels that a version carries. */
  readonly labels: (versionId: string) => readonly string[];
  /** The version that is AWSCURRENT; undefined where none is, or nobody knows. */
  readonly currentId: string | undefined;
}

/** Returns the rules that the advice breaks; they share nothing with the code that makes it. Empty when all is well. */
export const forbiddenAdvice = (
  steps: readonly AdvisedStep[],
  known: AdviceCircumstances,
): readonly string[] => RULES.filter(({ breaks }) => breaks(steps, known)).map(({ rule }) => rule);

interface Rule {
  readonly rule: string;
  readonly breaks: (steps: readonly AdvisedStep[], known: AdviceCircumstances) => boolean;
}

const REMOVAL = /--version-stage AWSPENDING --remove-from-version-id (\S+)/;
const PROMOTION = /--version-stage AWSCURRENT|"finishSecret"/;
const PROMOTED = /--version-stage AWSCURRENT --move-to-version-id (\S+)|"ClientRequestToken":"([^"]+)"/;
const PROOF = /prove that AWSCURRENT still logs in.*only if it does/is;
const OUT_OF_THE_WAY = /^If it answered "not enabled for rotation"/;
const DISPROVEN = /^If testSecret fails, remove AWSPENDING again/;
const RESCUE = 'rotation-rescue';

const commandsOf = (steps: readonly AdvisedStep[]): readonly string[] =>
  steps.flatMap(({ commands }) => commands);

const isTest = (command: string): boolean => command.includes('"testSecret"');

/** Whether a command puts the label that keeps a version on it. */
const isRescue = (command: string, versionId: string): boolean =>
  command.includes(`--version-stage ${RESCUE}`) && command.includes(`--move-to-version-id ${versionId}`);

const RULES: readonly Rule[] = [
  {
    rule: 'no value is read, written or made up',
    breaks: (steps) =>
      commandsOf(steps).some((command) =>
        /get-secret-value|batch-get|get-random-password|put-secret-value|update-secret /.test(command),
      ),
  },
  {
    rule: 'nothing is cancelled or deleted',
    breaks: (steps) =>
      commandsOf(steps).some((command) => /cancel-rotate|delete-(?!function-concurrency)/.test(command)),
  },
  {
    rule: 'a version is promoted only on conditions, after the function has tested it',
    breaks: (steps) => {
      const promoted = steps.findIndex(({ commands }) => commands.some((line) => PROMOTION.test(line)));
      if (promoted < 0) return false;
      const tested = commandsOf(steps.slice(0, promoted)).some(isTest);
      return !tested || !(steps[promoted]?.text ?? '').startsWith('Only if');
    },
  },
  {
    rule: 'a version is promoted only where setSecret had begun, or the log shows that it had',
    breaks: (steps, { setBegun }) =>
      steps.some(({ text, commands }) => {
        const ids = commands.filter((line) => PROMOTION.test(line)).map(promotedBy);
        const isShown = text.includes('the log of the function shows that setSecret ran');
        return !isShown && ids.some((id) => !setBegun(id));
      }),
  },
  {
    rule: 'AWSCURRENT never moves back',
    breaks: (steps, { currentId, labels }) =>
      commandsOf(steps)
        .filter((line) => line.includes('--version-stage AWSCURRENT'))
        .map(promotedBy)
        .some((id) => id === currentId || labels(id).includes('AWSPREVIOUS')),
  },
  {
    rule: 'AWSPENDING is taken off only after AWSCURRENT was proven to log in or the version not to, or to be put back',
    breaks: (steps) =>
      steps.some(({ text, commands }, index) => {
        const ids = commands.flatMap((line) => REMOVAL.exec(line)?.[1] ?? []);
        const after = commandsOf(steps.slice(index));
        const comesBack = (id: string): boolean =>
          OUT_OF_THE_WAY.test(text) &&
          after.some((line) => line.includes(`--version-stage AWSPENDING --move-to-version-id ${id}`));
        const isDisproven = DISPROVEN.test(text) && commandsOf(steps.slice(0, index)).some(isTest);
        return !PROOF.test(text) && !isDisproven && ids.some((id) => !comesBack(id));
      }),
  },
  {
    rule: 'a version keeps a label of our own before AWSPENDING leaves it, and loses it in the end',
    breaks: (steps, { labels }) => {
      const commands = commandsOf(steps);
      return commands.some((line, index) => {
        const id = REMOVAL.exec(line)?.[1];
        if (id === undefined) return false;
        const isKept =
          labels(id).some((label) => label.startsWith(RESCUE)) ||
          commands.slice(0, index).some((earlier) => isRescue(earlier, id));
        const isFreed = commands
          .slice(index)
          .some((last) => last.includes(RESCUE) && last.includes(`--remove-from-version-id ${id}`));
        return !isKept || !isFreed;
      });
    },
  },
  {
    rule: 'the labels and logs of a managed rotation are left alone',
    breaks: (steps, { managed }) =>
      managed &&
      commandsOf(steps).some(
        (line) =>
          /update-secret-version-stage|aws lambda|aws logs/.test(line) ||
          (line.includes('rotate-secret') && !line.includes('--rotation-rules')),
      ),
  },
];

const promotedBy = (line: string): string => {
  const [, moved, token] = PROMOTED.exec(line) ?? [];
  return moved ?? token ?? '';
};
