import { AwsError } from '../../call/aws-error.ts';
import { isObject } from '../store/read-input.ts';
import { credentialOf, jsonObject } from '../store/target-database.ts';
import { CURRENT, holderOf, PENDING, PREVIOUS, type SecretValue } from '../store/version-stages.ts';
import { alternates } from './rotation-function.ts';
import { type StepContext, StepFailure } from './rotation-step.ts';

/** Characters that the official templates leave out of passwords by default. */
const EXCLUDED = '/@"\'\\';

/** createSecret of the official templates: puts a new value unless the version has one. */
export async function createValue(context: StepContext): Promise<void> {
  const { callAs, rotator, request, secret, log } = context;
  const current = await readStage(context, CURRENT);
  const known = await tryStage(context, PENDING);
  if (known !== undefined) {
    log.info(`createSecret: Successfully retrieved secret for ${secret.arn}.`);
    return;
  }
  const drawn = await callAs(rotator.name, 'GetRandomPassword', { ExcludeCharacters: EXCLUDED });
  const password = isObject(drawn) ? String(drawn['RandomPassword']) : '';
  const value = nextValue(current, password, alternates(rotator));
  await callAs(rotator.assumedRole ?? rotator.name, 'PutSecretValue', {
    SecretId: request.SecretId,
    ClientRequestToken: request.ClientRequestToken,
    [value.field]: value.text,
    VersionStages: [PENDING],
    ...(rotator.assumedRole === undefined && { RotationToken: request.RotationToken }),
  });
  log.info(
    `createSecret: Successfully put secret for ARN ${secret.arn} and version ${request.ClientRequestToken}.`,
  );
}

/** setSecret: logs in with what works and gives the target the pending password. */
export async function changeTarget(context: StepContext): Promise<void> {
  const { database, secret, log } = context;
  const previous = await tryStage(context, PREVIOUS);
  const current = await readStage(context, CURRENT);
  const pending = await readStage(context, PENDING);
  const user = credentialOf(pending);
  if (logsIn(context, pending)) {
    log.info(`setSecret: AWSPENDING secret is already set as password in DB for secret arn ${secret.arn}.`);
    return;
  }
  if (!logsIn(context, current) && !(previous !== undefined && logsIn(context, previous))) {
    throw new StepFailure(
      `setSecret: Unable to log into database with previous, current, or pending secret of secret arn ${secret.arn}`,
    );
  }
  if (context.isMistaken) database.setUser(user.username, `${user.password} as the target took it`);
  else database.setPassword(pending);
  log.info(
    `setSecret: Successfully set password for user ${user.username} in DB for secret arn ${secret.arn}.`,
  );
}

/** testSecret: logs in with the pending value. */
export async function testValue(context: StepContext): Promise<void> {
  const { secret, log } = context;
  if (logsIn(context, await readStage(context, PENDING))) {
    log.info(`testSecret: Successfully signed into DB with AWSPENDING secret in ${secret.arn}.`);
    return;
  }
  throw new StepFailure(
    `testSecret: Unable to log into database with pending secret of secret ARN ${secret.arn}`,
  );
}

const logsIn = ({ database }: StepContext, value: SecretValue): boolean =>
  database.login(value) === 'accepted';

/** finishSecret: moves AWSCURRENT to the pending version. */
export async function finishRotation({ callAs, rotator, secret, request, log }: StepContext): Promise<void> {
  const currentId = holderOf(secret.state.versions, CURRENT)?.id;
  await callAs(rotator.name, 'UpdateSecretVersionStage', {
    SecretId: request.SecretId,
    VersionStage: CURRENT,
    MoveToVersionId: request.ClientRequestToken,
    RemoveFromVersionId: currentId,
  });
  log.info(
    `finishSecret: Successfully set AWSCURRENT stage to version ${request.ClientRequestToken} for secret ${secret.arn}.`,
  );
}

/** A value with another password, and for alternating users with the other user. */
export function nextValue(current: SecretValue, password: string, alternate: boolean): SecretValue {
  const fields = jsonObject(current.text);
  if (current.field === 'SecretBinary' || fields === undefined)
    return { field: current.field, text: password };
  const username = String(fields['username'] ?? '');
  const user = alternate ? { username: otherUser(username) } : {};
  return { field: 'SecretString', text: JSON.stringify({ ...fields, ...user, password }) };
}

const otherUser = (username: string) =>
  username.endsWith('_clone') ? username.slice(0, -'_clone'.length) : `${username}_clone`;

async function readStage({ callAs, rotator, request }: StepContext, stage: string): Promise<SecretValue> {
  const version = stage === PENDING ? { VersionId: request.ClientRequestToken } : {};
  const input = { SecretId: request.SecretId, VersionStage: stage, ...version };
  const answer = await callAs(rotator.name, 'GetSecretValue', input);
  const { SecretString: text, SecretBinary: binary } = isObject(answer) ? answer : {};
  if (typeof text === 'string') return { field: 'SecretString', text };
  return { field: 'SecretBinary', text: String(binary) };
}

async function tryStage(context: StepContext, stage: string): Promise<SecretValue | undefined> {
  try {
    return await readStage(context, stage);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
