import type { AdvisedStep } from '../../../src/proving/court/told/told-in.ts';

/** The secret whose commands the advice is changed to, with its versions as describe-secret shows them. */
export interface Own {
  readonly arn: string;
  readonly pendingId: string | undefined;
  readonly currentId: string | undefined;
}

const ARN = /arn:aws:secretsmanager:[\w-]+:\d+:secret:[^\s"'\\]+/;
/** Pattern of a version's place in a command: its id may be any 32 to 64 characters. */
const VERSION = /(-version-id |--version-id |"ClientRequestToken":")([^\s"']+)/g;
const IN_USE = /(--version-stage AWSCURRENT .*--remove-from-version-id )([^\s"']+)/;

/**
 * A message about many secrets says what to do about the first of them: whoever looks after another one types its own
 * ARN and version ids instead. Steps about a pending version are left out where it has none.
 */
export function adapted(steps: readonly AdvisedStep[], own: Own): readonly AdvisedStep[] {
  const first = steps.flatMap(({ commands }) => commands.map((line) => ARN.exec(line)?.[0])).find(Boolean);
  if (first === undefined || first === own.arn) return steps;
  return steps.flatMap(({ text, commands }) => {
    const lines = commands.map((line) => adaptedLine(line.replaceAll(first, own.arn), own));
    const known = lines.filter((line) => line !== undefined);
    return known.length < lines.length ? [] : [{ text, commands: known }];
  });
}

function adaptedLine(line: string, { pendingId, currentId }: Own): string | undefined {
  if (line.search(VERSION) < 0) return line;
  if (pendingId === undefined) return undefined;
  const ofPending = line.replace(VERSION, (_whole, before: string) => `${before}${pendingId}`);
  return currentId === undefined
    ? ofPending
    : ofPending.replace(IN_USE, (_whole, before: string) => `${before}${currentId}`);
}
