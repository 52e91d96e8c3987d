import { parseRotationSchedule, type RotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { Call, Input } from '../../call/service.ts';
import { type Core, commitOf, findWritable, named, present } from '../store/core.ts';
import { cannotInvokeFunction, invalidParameter, invalidRequest } from '../store/errors.ts';
import {
  readFlag,
  readNumber,
  readObject,
  readObjects,
  readText,
  requireText,
  requireToken,
} from '../store/read-input.ts';
import type { ExternalRotation, Rotation, RotationRules, Secret } from '../store/secret.ts';
import { holderOf, PENDING, rotationIsOpen } from '../store/version-stages.ts';
import { firstWindow, resumed } from './rotation-dates.ts';
import type { RotationEngine } from './rotation-engine.ts';
import type { RotationFunctions } from './rotation-function.ts';

/** Dependencies of the rotation operations, beyond the store. */
export interface RotationServices {
  readonly engine: RotationEngine;
  readonly functions: RotationFunctions;
}

interface Scheduled {
  readonly rules: RotationRules;
  readonly schedule: RotationSchedule;
}

const NEVER_ROTATED = { derivedDays: undefined, lastRotatedAt: undefined, nextWindow: undefined };

/** RotateSecret: configures rotation, and rotates at once unless RotateImmediately is false. */
export function rotateSecret(core: Core, services: RotationServices, input: Input, call: Call): unknown {
  const token = requireToken(input, invalidParameter);
  const scheduled = readSchedule(input);
  const secret = findWritable(core, input);
  const functionArn = requireFunction(secret, input);
  if (rotationIsOpen(secret.state.versions)) {
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
  }
  const answer = { ...named(secret), VersionId: token };
  if (secret.state.versions.some(({ id }) => id === token)) return answer;
  if (functionArn !== undefined && services.functions.invocable(functionArn, secret.arn) === undefined) {
    throw cannotInvokeFunction();
  }
  const rotation = {
    ...configured(secret, { functionArn, scheduled }, call),
    external: readExternal(secret, input),
  };
  const after = { ...secret.state, rotation, changedAt: call.now };
  core.store.commit(secret, after, commitOf(core, 'RotateSecret', call));
  if (readFlag(input, 'RotateImmediately') === false) services.engine.test(secret, token);
  else services.engine.rotate(secret, token);
  return answer;
}

/** CancelRotateSecret: turns rotation off and leaves everything else as it stands. */
export function cancelRotateSecret(
  core: Core,
  { engine }: RotationServices,
  input: Input,
  call: Call,
): unknown {
  const secret = findWritable(core, input);
  const { rotation, versions } = secret.state;
  if (rotation === undefined) return named(secret);
  const after = { ...secret.state, rotation: { ...rotation, enabled: false }, changedAt: call.now };
  core.store.commit(secret, after, commitOf(core, 'CancelRotateSecret', call));
  engine.stop(secret);
  const pendingId = rotationIsOpen(versions) ? holderOf(versions, PENDING)?.id : undefined;
  return present({ ...named(secret), VersionId: pendingId });
}

/** The schedule of rotation rules; fails with the fault that AWS would find. */
export function parseRules(rules: RotationRules): Scheduled {
  if (rules.automaticallyAfterDays !== undefined && rules.scheduleExpression !== undefined) {
    throw invalidParameter('You cannot specify both rotation frequency and schedule expression together.');
  }
  const schedule = parseRotationSchedule(rules);
  if ('fault' in schedule) throw invalidParameter(schedule.fault);
  return { rules, schedule };
}

/** Reads the parameters by which a managed external secret is rotated; those that are not given stay. */
function readExternal({ state }: Secret, input: Input): ExternalRotation | undefined {
  const known = state.rotation?.external;
  const metadata = readObjects(input, 'ExternalSecretRotationMetadata')?.map((each) => ({
    Key: requireText(each, 'Key'),
    Value: requireText(each, 'Value'),
  }));
  const roleArn = readText(input, 'ExternalSecretRotationRoleArn');
  if (metadata === undefined && roleArn === undefined) return known;
  if (state.type === undefined) {
    throw invalidParameter('You can specify external secret rotation only for a managed external secret.');
  }
  return { metadata: metadata ?? known?.metadata, roleArn: roleArn ?? known?.roleArn };
}

function requireFunction({ state }: Secret, input: Input): string | undefined {
  const functionArn = readText(input, 'RotationLambdaARN') ?? state.rotation?.functionArn;
  if (functionArn !== undefined || isManaged(state)) return functionArn;
  throw invalidRequest('No Lambda rotation function ARN is associated with this secret.');
}

/** Owned by a service or a partner's: rotated without a function. */
const isManaged = ({ owningService, type }: Secret['state']) =>
  owningService !== undefined || type !== undefined;

function readSchedule(input: Input): Scheduled | undefined {
  const rules = readObject(input, 'RotationRules');
  if (rules === undefined) return undefined;
  return parseRules({
    automaticallyAfterDays: readNumber(
      rules,
      'AutomaticallyAfterDays',
      Number.MIN_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
    ),
    scheduleExpression: readText(rules, 'ScheduleExpression'),
    duration: readText(rules, 'Duration'),
  });
}

function configured(
  { state }: Secret,
  { functionArn, scheduled }: { functionArn: string | undefined; scheduled: Scheduled | undefined },
  { now }: Call,
): Rotation {
  const known = state.rotation;
  const { rules, schedule } = scheduled ?? { rules: known?.rules, schedule: known?.schedule };
  const rotation = { ...(known ?? NEVER_ROTATED), enabled: true, functionArn, rules, schedule };
  if (scheduled === undefined && known?.enabled) return resumed(rotation, now);
  return { ...rotation, nextWindow: firstWindow(rotation, now) };
}
