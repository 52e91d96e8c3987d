import type { GroupRecord } from '../../domain/alert/group-record.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { Locks } from './locks.ts';
import type { StateStore } from './state-store.ts';
import type { TargetStore } from './target-store.ts';

/** Remembers what was said about groups of secrets. Failures are `StoreError`s. */
export interface GroupStore {
  readGroup(key: string): Promise<GroupRecord | undefined>;
  /** Replaces the record; whoever delivers does so alone. */
  writeGroup(record: GroupRecord): Promise<void>;
}

/** Remembers the last look at a rotation function, so that runs at the same moment need not look again. */
interface InspectionStore {
  readInspection(functionArn: string): Promise<FunctionInspection | undefined>;
  /** Replaces the last look; kept for an hour. */
  writeInspection(inspection: FunctionInspection): Promise<void>;
}

/** Everything that is remembered in one place; a use case asks for the part that it needs. */
export interface AlertStore
  extends StateStore,
    TargetStore,
    AttemptStore,
    GroupStore,
    InspectionStore,
    Locks {}
