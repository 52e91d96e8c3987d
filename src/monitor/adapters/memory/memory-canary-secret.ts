import type { CanarySecret } from '../../ports/canary/canary-secret.ts';

/** A canary in memory, whose values can be compared. */
export interface MemoryCanarySecret extends CanarySecret {
  /** Returns the value that was written to a version; undefined for none. */
  readonly writtenTo: (versionId: string) => string | undefined;
}

/** A canary whose version `first` is AWSCURRENT. */
export function memoryCanarySecret(arn: string, first: string): MemoryCanarySecret {
  const values = new Map([[first, 'value 0']]);
  const tags = new Map<string, string>();
  let currentVersionId = first;
  return {
    arn,
    look: async () => ({ currentVersionId, tags: Object.fromEntries(tags) }),
    fill: async ({ versionId }) => {
      if (!values.has(versionId)) values.set(versionId, `value ${values.size}`);
    },
    makeCurrent: async ({ versionId }) => {
      currentVersionId = versionId;
    },
    tag: async (name, value) => {
      tags.set(name, value);
    },
    writtenTo: (versionId) => values.get(versionId),
  };
}
