import type { Evidence } from './evidence.ts';
import type { RotationEvent, RotationFailure, SecretChanged } from './rotation-event.ts';

/** Changes that can explain the state of a rotation; others would only push such facts out of memory. */
const TELLING_OPERATIONS: ReadonlySet<string> = new Set([
  'CancelRotateSecret',
  'DeleteSecret',
  'PutSecretValue',
  'RestoreSecret',
  'RotateSecret',
  'UpdateSecret',
  'UpdateSecretVersionStage',
]);

/** The evidence an event adds; undefined for one that says nothing that a finding could rest on. */
export function evidenceOf(event: RotationEvent): Evidence | undefined {
  switch (event.kind) {
    case 'rotation-started':
    case 'rotation-succeeded':
    case 'rotation-abandoned':
    case 'test-rotation-succeeded':
      return { ...base(event), kind: event.kind };
    case 'rotation-failed':
    case 'test-rotation-failed':
      return failure(event);
    case 'secret-changed':
      return TELLING_OPERATIONS.has(event.operation) ? change(event) : undefined;
    case 'replication-failed':
      return { ...base(event), kind: event.kind };
    case 'replication-started':
    case 'replication-succeeded':
    case 'label-moved':
    case 'test-rotation-started':
      return undefined;
  }
}

const base = ({ id, at, ...rest }: Exclude<RotationEvent, { readonly kind: 'label-moved' }>) => ({
  id,
  at,
  ...('versionId' in rest && rest.versionId !== undefined ? { versionId: rest.versionId } : {}),
});

const failure = (event: RotationFailure): Evidence => ({
  ...base(event),
  kind: event.kind,
  ...(event.step === undefined ? {} : { step: event.step }),
  ...(event.functionArn === undefined ? {} : { functionArn: event.functionArn }),
  ...(event.notCreatedByFunction ? { notCreatedByFunction: true } : {}),
});

const change = (event: SecretChanged): Evidence => ({
  ...base(event),
  kind: 'secret-changed',
  operation: event.operation,
  ...(event.actor === undefined ? {} : { actor: event.actor }),
  ...(event.via === undefined ? {} : { via: event.via }),
  ...(event.makesCurrent === true ? { makesCurrent: true } : {}),
  ...(event.makesPending === true ? { makesPending: true } : {}),
});
