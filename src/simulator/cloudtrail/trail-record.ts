/** A CloudTrail record: what an event of the bus has as its `detail`. */
export type TrailRecord = Readonly<Record<string, unknown>>;

/** A resource that a record is about, as LookupEvents names it. */
export interface RecordedResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** Returns the text of a record at a path; undefined where there is none. */
export const recorded = (record: TrailRecord, ...path: readonly string[]): string | undefined => {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    record,
  );
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
};

/** Paths of the resources' names in records; AWS does not document which names LookupEvents knows a record by. */
const NAMES: readonly (readonly [type: string, ...path: readonly string[]])[] = [
  ['AWS::Lambda::Function', 'requestParameters', 'functionName'],
  ['AWS::Lambda::Function', 'responseElements', 'functionArn'],
  ['AWS::SecretsManager::Secret', 'requestParameters', 'secretId'],
  ['AWS::SecretsManager::Secret', 'additionalEventData', 'SecretId'],
  ['AWS::SecretsManager::Secret', 'additionalEventData', 'ARN'],
  ['AWS::SecretsManager::Secret', 'responseElements', 'arn'],
  ['AWS::SecretsManager::Secret', 'responseElements', 'name'],
  ['AWS::SecretsManager::Secret', 'requestParameters', 'encryptionContext', 'SecretARN'],
  ['AWS::KMS::Key', 'requestParameters', 'keyId'],
  ['AWS::IAM::Role', 'requestParameters', 'roleName'],
];

/** The resources a record is about. */
export function resourcesOf(record: TrailRecord): readonly RecordedResource[] {
  const found = NAMES.flatMap(([ResourceType, ...path]) => {
    const ResourceName = recorded(record, ...path);
    return ResourceName === undefined ? [] : [{ ResourceType, ResourceName }];
  });
  return found.filter(
    ({ ResourceName }, index) => found.findIndex((each) => each.ResourceName === ResourceName) === index,
  );
}

/** Returns the caller's name in LookupEvents: the user, or the session of a role. */
export const userNameOf = (record: TrailRecord): string | undefined =>
  recorded(record, 'userIdentity', 'userName') ??
  recorded(record, 'userIdentity', 'arn')?.split('/').at(-1) ??
  recorded(record, 'userIdentity', 'invokedBy');
