import type { SweepProgress, SweepRequest } from '../../domain/sweep/sweep-request.ts';

/** A request as the body of a message. Hashes stand in one text, which takes less room than a list. */
export const sweepMessage = ({ progress, ...request }: SweepRequest): string =>
  JSON.stringify({
    ...request,
    ...(progress && {
      progress: { ...progress, seen: progress.seen.join(' '), disabled: progress.disabled.join(' ') },
    }),
  });

type Packed = Omit<SweepRequest, 'progress'> & {
  readonly progress?: Omit<SweepProgress, 'seen' | 'disabled'> & {
    readonly seen: string;
    readonly disabled: string;
  };
};

/** The request in the body of a message; undefined for what is no message of ours. */
export function parseSweepMessage(body: string): SweepRequest | undefined {
  const packed = parsed(body);
  if (packed === undefined) return undefined;
  const { progress, ...request } = packed;
  return {
    ...request,
    progress: progress && {
      ...progress,
      seen: words(progress.seen),
      disabled: words(progress.disabled),
    },
  };
}

/** Only the monitor may send to its queue, so that a message with a target is one of ours. */
function parsed(body: string): Packed | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRequest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRequest = (value: unknown): value is Packed =>
  typeof value === 'object' &&
  value !== null &&
  'askedAt' in value &&
  typeof value.askedAt === 'number' &&
  'target' in value &&
  isTarget(value.target);

const isTarget = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'account' in value &&
  typeof value.account === 'string' &&
  'region' in value &&
  typeof value.region === 'string';

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
