/** An EventBridge event pattern. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail: Readonly<Record<string, readonly string[]>>;
}

const SOURCE = ['aws.secretsmanager'] as const;
const EVENT_SOURCE = ['secretsmanager.amazonaws.com'] as const;

/**
 * Rotations that began, ended or were given up, also managed ones and test runs, and the copying to other regions.
 * Needs a trail that logs.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export const ROTATION_OUTCOMES: EventPattern = {
  source: SOURCE,
  'detail-type': ['AWS Service Event via CloudTrail'],
  detail: {
    eventSource: EVENT_SOURCE,
    eventName: [
      'RotationStarted',
      'RotationSucceeded',
      'RotationFailed',
      'RotationAbandoned',
      'TestRotationStarted',
      'TestRotationSucceeded',
      'TestRotationFailed',
      'ReplicationStarted',
      'ReplicationSucceeded',
      'ReplicationFailed',
    ],
  },
};

/** Calls that can change the state of a rotation from outside. Needs a trail that logs. */
export const SECRET_CHANGES: EventPattern = {
  source: SOURCE,
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: EVENT_SOURCE,
    eventName: [
      'RotateSecret',
      'CancelRotateSecret',
      'PutSecretValue',
      'UpdateSecret',
      'UpdateSecretVersionStage',
      'CreateSecret',
      'DeleteSecret',
      'RestoreSecret',
      'TagResource',
      'UntagResource',
    ],
  },
};

/**
 * AWSCURRENT moved to another version, by a rotation or by hand. Comes without a trail.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
 */
export const LABEL_UPDATED: EventPattern = {
  source: SOURCE,
  'detail-type': ['Secret Label Updated'],
  detail: { labelUpdated: ['AWSCURRENT'] },
};

/** `source` of the events for applications: they match on it, and infra allows no other. */
export const APPLICATION_EVENT_SOURCE = 'secret-rotation-monitor';

/** The events that notify applications of another version in use; `docs/schemas/` describes their detail. */
export const VERSION_CURRENT: EventPattern = {
  source: [APPLICATION_EVENT_SOURCE],
  'detail-type': ['Secret Version Current'],
  detail: {},
};
