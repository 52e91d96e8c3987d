import { type Instant, MINUTE, wholeSecond } from '../../../calendar/instant.ts';
import type { Replica } from './replica.ts';

/** A full secret ARN, with the six-character suffix. */
export type SecretArn = string & { readonly secretArn: unique symbol };

/** The account and region whose secrets are watched together. */
export interface Target {
  /** Twelve digits. */
  readonly account: string;
  /** Such as `eu-west-1`. */
  readonly region: string;
}

/** Returns the name of a target in keys, leases and maps; nothing else makes such a key. */
export const targetKey = ({ account, region }: Target): string => `${account}#${region}`;

/** The schedule as AWS returns it; `automaticallyAfterDays` is derived and never a due date. */
export interface RotationRules {
  readonly automaticallyAfterDays: number | undefined;
  /** `rate(…)` or `cron(…)`, in UTC. */
  readonly scheduleExpression: string | undefined;
  /** Length of the rotation window, such as `3h`. */
  readonly duration: string | undefined;
}

/** The facts that ListSecrets and DescribeSecret report about a secret; its value is never part of it. */
export interface Secret extends Target {
  readonly arn: SecretArn;
  readonly name: string;
  /** Undefined: rotation was never configured. False: it was on and is off now. */
  readonly rotationEnabled: boolean | undefined;
  readonly rotationFunctionArn: string | undefined;
  readonly rotationRules: RotationRules | undefined;
  readonly createdAt: Instant | undefined;
  /** The last change of any kind, tags included; also how new a look at the secret is at least. */
  readonly lastChangedAt?: Instant | undefined;
  /** Completion of the last successful rotation. */
  readonly lastRotatedAt: Instant | undefined;
  /** The day of the last request in this region, at midnight UTC; undefined for a secret that was never requested. */
  readonly lastAccessedAt: Instant | undefined;
  /** The latest moment of the next rotation window; in the past once a rotation has failed for good. */
  readonly nextRotationAt: Instant | undefined;
  /** Time DeleteSecret was called; undefined for a secret that is not scheduled for deletion. */
  readonly deletedAt: Instant | undefined;
  /** The AWS service that manages the secret, such as `rds`. */
  readonly owningService: string | undefined;
  /** The partner type of a managed external secret, such as `SnowflakeKeyPairAuthentication`. */
  readonly externalType: string | undefined;
  /** Set on primaries with replicas and on replicas; a replica's differs from its own region. */
  readonly primaryRegion: string | undefined;
  /** The replicas of a primary, as DescribeSecret shows them; undefined for a secret from a list. */
  readonly replicas: readonly Replica[] | undefined;
  /** Version id → its version stages; versions without a stage are absent. */
  readonly versionStages: Readonly<Record<string, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN, id or alias of the KMS key; undefined for the key of the service itself. */
  readonly kmsKeyId?: string | undefined;
}

/**
 * A look may be as old as this, in milliseconds: what it shows counts of all that had happened before.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export const LOOK_LAGS_MS: number = 5 * MINUTE;

/** The parts of a secret ARN. */
export interface SecretArnParts extends Target {
  readonly partition: string;
  readonly name: string;
}

const FULL_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.{1,512}-[A-Za-z0-9]{6}$/;

/** Length of the hyphen and the six characters behind a name. */
const SUFFIX_LENGTH = 7;

/** The text as a full secret ARN; undefined for names and partial ARNs. */
export const asSecretArn = (text: string): SecretArn | undefined =>
  FULL_ARN.test(text) ? (text as SecretArn) : undefined;

/** Splits a full secret ARN. */
export function splitSecretArn(arn: SecretArn): SecretArnParts {
  const [, partition = '', , region = '', account = ''] = arn.split(':', 5);
  const name = arn.slice(
    `arn:${partition}:secretsmanager:${region}:${account}:secret:`.length,
    -SUFFIX_LENGTH,
  );
  return { partition, region, account, name };
}

/** Whether there was the secret at the time of an event, which names whole seconds: another may have had its name. */
export const existed = ({ createdAt }: Pick<Secret, 'createdAt'>, at: Instant): boolean =>
  createdAt === undefined || at >= wholeSecond(createdAt);

/** Whether the secret is a copy of one in another region; its primary speaks for it. */
export const isReplica = ({ primaryRegion, region }: Secret): boolean =>
  primaryRegion !== undefined && primaryRegion !== region;

/** Whether the secret is copied to other regions: only such a one has its own region for its primary. */
export const hasReplicas = ({ primaryRegion, region }: Secret): boolean => primaryRegion === region;

/** Whether a rotation function or rotation rules are attached, whether rotation is on or off. */
export const hasRotationSettings = ({ rotationFunctionArn, rotationRules }: Secret): boolean =>
  rotationFunctionArn !== undefined || rotationRules !== undefined;

/** Whether Secrets Manager itself rotates the secret, so that there is no rotation function to look at. */
export const isManagedRotation = ({ owningService, externalType, rotationFunctionArn }: Secret): boolean =>
  rotationFunctionArn === undefined && (owningService !== undefined || externalType !== undefined);
