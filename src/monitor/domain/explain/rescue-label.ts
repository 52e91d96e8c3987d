import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import { isServiceLabel } from '../secret/version-stage.ts';
import * as command from './commands.ts';

/** The label that keeps a version while it carries none of Secrets Manager's own; a second one gets a number. */
const RESCUE = 'rotation-rescue';
/**
 * Labels that all versions of a secret may carry together.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const MAX_LABELS = 20;

/** Whether a label is one by which our advice keeps a version that may hold the only good password. */
export const isRescue = (label: string): boolean => /^rotation-rescue(-\d+)?$/.test(label);

const labelsOf = ({ versionStages }: Secret): readonly string[] => Object.values(versionStages).flat();

/** Whether no version of a secret can take a further label. */
export const isFullOfLabels = (secret: Secret): boolean => labelsOf(secret).length >= MAX_LABELS;

/** The label that keeps a version from losing its last one and being deleted, with the only good password. */
interface Rescue {
  readonly label: string;
  /** Puts the label on; nothing where it is on already. */
  readonly put: readonly string[];
  /** Removes the label in the end. */
  readonly remove: string;
}

/** Returns the commands that keep a version by a label of our own. */
export function rescueOf(secret: Secret, versionId: string): Rescue {
  const own = secret.versionStages[versionId]?.find(isRescue);
  const taken = labelsOf(secret);
  const numbered = (at: number): string => (at === 1 ? RESCUE : `${RESCUE}-${at}`);
  const free = Array.from({ length: MAX_LABELS }, (_, index) => numbered(index + 1)).find(
    (label) => !taken.includes(label),
  );
  const label = own ?? free ?? RESCUE;
  return {
    label,
    put: own === undefined ? [command.putLabel(secret, label, versionId)] : [],
    remove: command.removeLabel(secret, label, versionId),
  };
}

/**
 * Returns the first step where all labels of a secret are in use, so that neither a rotation nor a rescue can add one.
 */
export function freeLabel(secret: Secret): readonly Advice[] {
  if (!isFullOfLabels(secret)) return [];
  const own = labelsOf(secret).filter(isFree);
  const [versionId, label] =
    Object.entries(secret.versionStages).flatMap(([id, labels]) =>
      labels.filter(isFree).map((each) => [id, each] as const),
    )[0] ?? [];
  const shown = `${own.slice(0, SHOWN).join(', ')}${own.length > SHOWN ? `, and ${own.length - SHOWN} more` : ''}`;
  const kept = labelsOf(secret).filter(isRescue);
  const keep =
    kept.length === 0 ? '' : ` Keep ${kept.join(', ')}: a version with it may hold the only good password.`;
  return [
    {
      text: `All ${MAX_LABELS} staging labels of the secret are in use, so no version can take another. Find out which of these are unused: ${shown}.${keep}`,
      commands: [command.describeSecret(secret)],
    },
    ...(versionId === undefined || label === undefined
      ? []
      : [
          {
            text: `If it is ${label}, this command removes it. If it is another one, use that label and its version instead. Continue once one is free.`,
            commands: [command.removeLabel(secret, label, versionId)],
          },
        ]),
  ];
}

/** Whether a label may be removed once nobody uses it. */
const isFree = (label: string): boolean => !isServiceLabel(label) && !isRescue(label);

/** Labels that a text names. */
const SHOWN = 5;
