import type { Input } from '../../call/service.ts';
import { type Core, type CoreOperation, commitOf, findWritable } from '../store/core.ts';
import { limitExceeded } from '../store/errors.ts';
import { readObjects, readText, readTexts, requireText } from '../store/read-input.ts';
import type { Tag } from '../store/secret.ts';

/** Tags per secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_TAGS = 50;

/** TagResource and UntagResource. They answer nothing. */
export function tagOperations(core: Core): Readonly<Record<string, CoreOperation>> {
  return {
    TagResource: (input, call) => {
      const secret = findWritable(core, input);
      const tags = withTags(secret.state.tags, readTags(input));
      const after = { ...secret.state, tags, wasTagged: true, changedAt: call.now };
      core.store.commit(secret, after, commitOf(core, 'TagResource', call));
      return {};
    },
    UntagResource: (input, call) => {
      const secret = findWritable(core, input);
      const keys = readTexts(input, 'TagKeys') ?? [];
      const tags = secret.state.tags.filter(({ Key }) => !keys.includes(Key));
      const after = { ...secret.state, tags, changedAt: call.now };
      core.store.commit(secret, after, commitOf(core, 'UntagResource', call));
      return {};
    },
  };
}

/** The Tags of a request. */
export const readTags = (input: Input): readonly Tag[] =>
  (readObjects(input, 'Tags') ?? []).map((tag) => ({
    Key: requireText(tag, 'Key'),
    Value: readText(tag, 'Value') ?? '',
  }));

function withTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const byKey = new Map([...tags, ...added].map((tag) => [tag.Key, tag]));
  if (byKey.size > MOST_TAGS) throw limitExceeded(`tags of a secret: ${MOST_TAGS}`);
  return [...byKey.values()];
}
