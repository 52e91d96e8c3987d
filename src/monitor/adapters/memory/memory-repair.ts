import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import { type StageMove, type StageMover, StageMoverError } from '../../ports/repair/stage-mover.ts';
import {
  type FunctionCode,
  type StepAnswer,
  type StepRequest,
  type StepRunner,
  StepRunnerError,
} from '../../ports/repair/step-runner.ts';
import { type TagWriter, TagWriterError } from '../../ports/repair/tag-writer.ts';
import type { MemorySecretCatalog } from './memory-secret-catalog.ts';

/** A function in memory, and what it does when a step of it is run. */
interface MemoryStepFunction {
  readonly code: FunctionCode;
  readonly run: (request: StepRequest) => Promise<StepAnswer>;
}

/** Runs the functions that were put in, by their ARN; undefined takes one away. */
export interface MemoryStepRunner extends StepRunner {
  put(functionArn: string, found: MemoryStepFunction | undefined): void;
}

/** Functions that live in this process. */
export function memoryStepRunner(): MemoryStepRunner {
  const functions = new Map<string, MemoryStepFunction>();
  return {
    put: (functionArn, found) => {
      if (found === undefined) functions.delete(functionArn);
      else functions.set(functionArn, found);
    },
    code: async (functionArn) => functions.get(functionArn)?.code,
    run: async (request) => {
      const found = functions.get(request.functionArn);
      if (found !== undefined) return found.run(request);
      const message = `Cannot call "${request.functionArn}": there is no such function`;
      throw new StepRunnerError(message, { reason: 'not-found', retryable: false });
    },
  };
}

/** Moves the labels of secrets in memory, under the conditions that AWS makes. */
export const memoryStageMover = (catalog: MemorySecretCatalog): StageMover => ({
  async move(move) {
    const secret = await catalog.describe(move.secretArn);
    if (secret === undefined) throw moveRefused(move, 'there is no such secret', 'not-found');
    const { label, to, from } = move;
    const holder = Object.keys(secret.versionStages).find((id) => secret.versionStages[id]?.includes(label));
    if (holder !== undefined && holder !== to && holder !== from)
      throw moveRefused(move, `version ${holder} has it`, 'invalid');
    if (from !== undefined && from !== holder)
      throw moveRefused(move, `version ${from} does not have it`, 'invalid');
    if (to === undefined && label === 'AWSCURRENT')
      throw moveRefused(move, 'it cannot be taken off', 'invalid');
    const createdAt = Object.fromEntries(
      (await catalog.versions(secret.arn)).flatMap((version) =>
        version.createdAt === undefined ? [] : [[version.versionId, version.createdAt]],
      ),
    );
    catalog.put({ secret: { ...secret, versionStages: moved(secret.versionStages, move) }, createdAt });
  },
});

const moveRefused = (
  { label }: StageMove,
  because: string,
  reason: 'invalid' | 'not-found',
): StageMoverError => new StageMoverError(`Cannot move ${label}: ${because}`, { reason, retryable: false });

/** The version that loses AWSCURRENT becomes the previous one. */
function moved(stages: Secret['versionStages'], { label, to, from }: StageMove): Secret['versionStages'] {
  const lost = label === 'AWSCURRENT' ? [label, 'AWSPREVIOUS'] : [label];
  const without = Object.fromEntries(
    Object.entries(stages).map(([id, labels]) => [id, labels.filter((each) => !lost.includes(each))]),
  );
  const gained: Record<string, readonly string[]> = { ...without };
  if (to !== undefined) gained[to] = [...(gained[to] ?? []), label];
  if (label === 'AWSCURRENT' && from !== undefined && from !== to)
    gained[from] = [...(gained[from] ?? []), 'AWSPREVIOUS'];
  return Object.fromEntries(Object.entries(gained).filter(([, labels]) => labels.length > 0));
}

/** Writes the tags of secrets in memory. */
export function memoryTagWriter(catalog: MemorySecretCatalog): TagWriter {
  const change = async (arn: SecretArn, changed: (tags: Secret['tags']) => Secret['tags']): Promise<void> => {
    const secret = await catalog.describe(arn);
    if (secret === undefined)
      throw new TagWriterError(`Cannot write tags of "${arn}": there is no such secret`, {
        reason: 'not-found',
        retryable: false,
      });
    catalog.put({ secret: { ...secret, tags: changed(secret.tags) }, createdAt: {} });
  };
  return {
    put: (arn, tags) => change(arn, (before) => ({ ...before, ...tags })),
    remove: (arn, keys) =>
      change(arn, (before) =>
        Object.fromEntries(Object.entries(before).filter(([key]) => !keys.includes(key))),
      ),
  };
}
