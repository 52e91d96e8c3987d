import { AwsError } from '../../call/aws-error.ts';

/** No secret has that id. */
export const secretNotFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

/** The version has no value, or does not exist; `what` is `staging label: …` or `VersionId: …`. */
export const valueNotFound = (what: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );

/** A parameter is out of its range or contradicts another. */
export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message);

/** The request does not fit the state of the secret. */
export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequestException', message);

/** The token or the name is taken. */
export const resourceExists = (message: string): AwsError => new AwsError('ResourceExistsException', message);

/** The name has other characters than names have, or too many. */
export const invalidName = (): AwsError =>
  new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );

/** The secret waits for its deletion. */
export const markedForDeletion = (): AwsError =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");

/** The secret is a replica. https://github.com/gruntwork-io/cloud-nuke/issues/435 */
export const replicaRefused = (): AwsError =>
  invalidParameter(
    "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
  );

/** Another service owns the secret. */
export const ownedByService = (): AwsError =>
  invalidRequest('The secret is managed by another service, and you must use that service to update it.');

/** A quota of the secret is used up. */
export const limitExceeded = (quota: string): AwsError =>
  new AwsError('LimitExceededException', `The request would exceed a Secrets Manager quota (${quota}).`);

/** The policy of the key does not let the caller use it. Not among the modelled errors. */
export const keyDenied = (): AwsError =>
  new AwsError('AccessDeniedException', 'Access to KMS is not allowed');

/** The key is disabled or waits for its deletion: a value cannot be read. */
export const decryptionFailed = (): AwsError =>
  new AwsError(
    'DecryptionFailure',
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
  );

/** The key is disabled or waits for its deletion: a value cannot be written. */
export const encryptionFailed = (): AwsError =>
  new AwsError(
    'EncryptionFailure',
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
  );

/** The page token is not one of ours, or of another request. */
export const invalidNextToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');

/** A sensitive member, whose value no message repeats, is too long. */
export const tooLong = (member: string, most: number): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  );

/** A member breaks a constraint of the API model. */
export const invalidMember = (member: string, value: unknown, constraint: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value === null ? 'null' : `'${String(value)}'`} at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );

/** The rotation function is gone or its policy does not let Secrets Manager in. Not among the modelled errors. */
export const cannotInvokeFunction = (): AwsError =>
  new AwsError(
    'AccessDeniedException',
    'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
  );
