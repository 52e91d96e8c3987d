import type { Secret } from '../../domain/secret/secret.ts';
import { type StageMove, type StageMover, StageMoverError } from '../../ports/repair/stage-mover.ts';
import type { MemorySecretCatalog } from './memory-secret-catalog.ts';

/** Moves the labels of secrets in memory, under the conditions that AWS makes. */
export const memoryStageMover = (catalog: MemorySecretCatalog): StageMover => ({
  async move(move) {
    const secret = await catalog.describe(move.secretArn);
    if (secret === undefined) throw refused(move, 'there is no such secret', 'not-found');
    const { label, to, from } = move;
    const holder = Object.keys(secret.versionStages).find((id) => secret.versionStages[id]?.includes(label));
    if (holder !== undefined && holder !== to && holder !== from)
      throw refused(move, `version ${holder} has it`, 'invalid');
    if (from !== undefined && from !== holder)
      throw refused(move, `version ${from} does not have it`, 'invalid');
    if (to === undefined && label === 'AWSCURRENT') throw refused(move, 'it cannot be taken off', 'invalid');
    const createdAt = Object.fromEntries(
      (await catalog.versions(secret.arn)).flatMap((version) =>
        version.createdAt === undefined ? [] : [[version.versionId, version.createdAt]],
      ),
    );
    catalog.put({ secret: { ...secret, versionStages: moved(secret.versionStages, move) }, createdAt });
  },
});

const refused = ({ label }: StageMove, because: string, reason: 'invalid' | 'not-found'): StageMoverError =>
  new StageMoverError(`Cannot move ${label}: ${because}`, { reason, retryable: false });

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
