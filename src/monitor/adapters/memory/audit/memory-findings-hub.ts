import type { AsffFinding } from '../../../domain/report-format/asff-shape.ts';
import type { FindingsHub, KnownFinding, RefusedFinding } from '../../../ports/report/findings-hub.ts';

/** Most findings of a page and of an import, as Security Hub has it. */
const MOST = 100;

/** A hub in memory, and what it keeps. */
export interface MemoryFindingsHub extends FindingsHub {
  readonly findings: () => readonly AsffFinding[];
  /** Findings that are refused from now on, by id; once only if they are retryable. */
  refuse(refused: RefusedFinding): void;
  /** Sets the hub's own verdict of a control. */
  judge(secretArn: string, control: string, status: string): void;
}

/** A hub in memory: like Security Hub it takes only later updates. */
export function memoryFindingsHub(): MemoryFindingsHub {
  const kept = new Map<string, AsffFinding>();
  const refusals = new Map<string, RefusedFinding>();
  const judged = new Map<string, Readonly<Record<string, string>>>();
  return {
    findings: () => [...kept.values()],
    refuse: (refused) => void refusals.set(refused.id, refused),
    judge: (secretArn, control, status) =>
      void judged.set(secretArn, { ...judged.get(secretArn), [control]: status }),
    verdicts: async (secretArns, onCall) => {
      onCall?.();
      return new Map([...judged].filter(([arn]) => secretArns.includes(arn)));
    },
    known: async (token = '0') => {
      const end = Number(token) + MOST;
      const found = [...kept.values()].slice(Number(token), end).map(known);
      return { found, next: end < kept.size ? String(end) : undefined };
    },
    import: async (findings) => {
      if (findings.length > MOST) throw new RangeError(`Cannot import ${findings.length} findings at once`);
      return findings.flatMap((finding) => {
        const refusal = refusals.get(finding.Id);
        if (refusal?.retryable) refusals.delete(finding.Id);
        if (refusal !== undefined) return [refusal];
        const before = kept.get(finding.Id);
        if (before === undefined || Date.parse(finding.UpdatedAt) > Date.parse(before.UpdatedAt))
          kept.set(finding.Id, finding);
        return [];
      });
    },
  };
}

const known = ({ Id, CreatedAt, UpdatedAt, RecordState, Resources }: AsffFinding): KnownFinding => ({
  id: Id,
  secretArn: Resources[0]?.Id ?? '',
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
  recordState: RecordState,
});
