import type { Instant } from '../../../calendar/instant.ts';
import { type Secret, type SecretArn, splitSecretArn } from '../secret/secret.ts';
import type { RotationEvent, RotationFailure, SecretChanged } from './rotation-event.ts';

/** A secret as far as events describe it, with the dates of its versions. */
export interface RecalledSecret {
  readonly secret: Secret;
  readonly createdAt: Readonly<Record<string, Instant>>;
}

/** Stands for the version that was in use before the first event: no event names it. */
const VERSION_BEFORE = 'version-in-use-before-these-events';

/** A secret before its first event: one that rotates, for else there would be no events. */
export function unrecalled(arn: SecretArn): RecalledSecret {
  const { name, account, region } = splitSecretArn(arn);
  const secret: Secret = {
    arn,
    name,
    account,
    region,
    rotationEnabled: true,
    rotationFunctionArn: undefined,
    rotationRules: undefined,
    createdAt: undefined,
    lastRotatedAt: undefined,
    lastAccessedAt: undefined,
    nextRotationAt: undefined,
    deletedAt: undefined,
    owningService: undefined,
    externalType: undefined,
    primaryRegion: undefined,
    replicas: undefined,
    versionStages: { [VERSION_BEFORE]: ['AWSCURRENT'] },
    tags: {},
  };
  return { secret, createdAt: {} };
}

/** The secret after an event; a fact that the event does not carry stays as it was. */
export function recalled(known: RecalledSecret, event: RotationEvent): RecalledSecret {
  const next = withFields(known, { lastChangedAt: event.at });
  switch (event.kind) {
    case 'rotation-started':
      return pending(next, event);
    case 'rotation-failed':
      return pending(withFields(next, functionOf(event)), event);
    case 'rotation-succeeded':
      return promoted(withFields(next, { lastRotatedAt: event.at }), {
        versionId: event.versionId ?? versionWith(next, 'AWSPENDING'),
        at: event.at,
      });
    case 'rotation-abandoned':
      return withStages(next, without(stagesOf(next), 'AWSPENDING'));
    case 'label-moved':
      return event.label === 'AWSCURRENT' ? promoted(next, event) : next;
    case 'secret-changed':
      return changed(next, event);
    default:
      return next;
  }
}

/** An event that may name a version. */
type Naming = Pick<RotationEvent, 'at'> & { readonly versionId: string | undefined };

const functionOf = ({ functionArn }: RotationFailure): Partial<Secret> =>
  functionArn === undefined ? {} : { rotationFunctionArn: functionArn };

function changed(known: RecalledSecret, event: SecretChanged): RecalledSecret {
  const { operation, at, makesCurrent, versionId } = event;
  if (makesCurrent === true) return promoted(known, event);
  switch (operation) {
    case 'CreateSecret':
      return withStages(
        withFields(known, { createdAt: at, rotationEnabled: undefined }),
        versionId === undefined ? {} : { [versionId]: ['AWSCURRENT'] },
      );
    case 'RotateSecret':
      return withFields(known, { rotationEnabled: true });
    case 'CancelRotateSecret':
      return withFields(known, { rotationEnabled: false });
    case 'DeleteSecret':
      return withFields(known, { deletedAt: at });
    case 'RestoreSecret':
      return withFields(known, { deletedAt: undefined });
    case 'UpdateSecretVersionStage':
      // A call about the pending version that does not promote it takes the label away.
      return versionId !== undefined && versionId === versionWith(known, 'AWSPENDING')
        ? withStages(known, without(stagesOf(known), 'AWSPENDING'))
        : known;
    default:
      return known;
  }
}

/** Puts AWSPENDING on the version that a rotation works on. */
function pending(known: RecalledSecret, { versionId, at }: Naming): RecalledSecret {
  if (versionId === undefined || versionId === versionWith(known, 'AWSCURRENT')) return known;
  return withStages(born(known, versionId, at), labelled(stagesOf(known), versionId, 'AWSPENDING'));
}

/** Moves AWSCURRENT; the version that had it becomes AWSPREVIOUS, as in Secrets Manager. */
function promoted(known: RecalledSecret, { versionId, at }: Naming): RecalledSecret {
  const before = versionWith(known, 'AWSCURRENT');
  if (versionId === undefined || versionId === before) return known;
  const moved = labelled(stagesOf(known), versionId, 'AWSCURRENT');
  return withStages(
    born(known, versionId, at),
    before === undefined ? moved : labelled(moved, before, 'AWSPREVIOUS'),
  );
}

/** A version is as old as the first event that names it. */
const born = ({ secret, createdAt }: RecalledSecret, versionId: string, at: Instant): RecalledSecret => ({
  secret,
  createdAt: { [versionId]: at, ...createdAt },
});

type Stages = Secret['versionStages'];

const stagesOf = ({ secret }: RecalledSecret): Stages => secret.versionStages;

const versionWith = ({ secret }: RecalledSecret, stage: string): string | undefined =>
  Object.entries(secret.versionStages).find(([, stages]) => stages.includes(stage))?.[0];

/** The stages with one taken away; versions without a stage are absent. */
const without = (stages: Stages, stage: string): Stages =>
  Object.fromEntries(
    Object.entries(stages)
      .map(([id, held]) => [id, held.filter((each) => each !== stage)] as const)
      .filter(([, held]) => held.length > 0),
  );

function labelled(stages: Stages, versionId: string, stage: string): Stages {
  const others = without(stages, stage);
  return { ...others, [versionId]: [...(others[versionId] ?? []), stage] };
}

const withFields = ({ secret, createdAt }: RecalledSecret, fields: Partial<Secret>): RecalledSecret => ({
  secret: { ...secret, ...fields },
  createdAt,
});

const withStages = (known: RecalledSecret, versionStages: Stages): RecalledSecret =>
  withFields(known, { versionStages });
