import { controlOfFinding } from '../../domain/report-format/finding-identity.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { KnownFinding } from '../../ports/report/findings-hub.ts';
import type { HubPush } from './hub-push.ts';

type Describing = Pick<SecretCatalog, 'describe'>;

/**
 * Archives active findings that this report has no verdict for, if that is because their secret is gone or because a
 * control does not apply to a secret that was checked. An incomplete report proves neither: the secret itself is
 * asked for, and a refused question archives nothing.
 */
export async function archiveUnseen(push: HubPush, catalog: Describing): Promise<void> {
  const bySecret = new Map<string, KnownFinding[]>();
  for (const finding of push.unseen()) {
    const others = bySecret.get(finding.secretArn) ?? [];
    bySecret.set(finding.secretArn, [...others, finding]);
  }
  for (const [secretArn, findings] of bySecret) {
    const state = push.coverageOf(secretArn) ?? (await stateOf(catalog, secretArn));
    for (const finding of findings) await settle(push, finding, state);
  }
}

interface SecretState {
  readonly is: 'checked' | 'excluded' | 'unverifiable' | 'gone' | 'there';
  /** The reason why it could not be checked; undefined where it was, or where none is known. */
  readonly reason: string | undefined;
}

async function stateOf(catalog: Describing, secretArn: string): Promise<SecretState> {
  try {
    const secret = await catalog.describe(secretArn);
    const isGone = secret === undefined || secret.deletedAt !== undefined;
    return { is: isGone ? 'gone' : 'there', reason: undefined };
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return { is: 'unverifiable', reason: error.message };
  }
}

async function settle(push: HubPush, finding: KnownFinding, { is, reason }: SecretState): Promise<void> {
  const control = controlOfFinding(finding.id);
  if (control === undefined) return push.leave(finding, 'its id names no control of this version');
  switch (is) {
    case 'gone':
      return push.archive(finding, control, 'The secret is deleted.');
    case 'checked':
    case 'excluded':
      return push.archive(finding, control, 'The control does not apply to the secret.');
    case 'there':
      return push.leave(finding, 'the secret is there, and this report has no verdict about it');
    case 'unverifiable':
      return push.leave(
        finding,
        `the secret could not be checked${reason === undefined ? '' : `: ${reason}`}`,
      );
  }
}
