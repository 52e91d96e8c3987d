/** A permission that AWS uses on behalf of a function, or of a schedule or a rule, so that no call of ours shows it. */
export interface ImpliedPermission {
  /** The service that uses the permission. */
  readonly by: string;
  readonly why: string;
  /** The page that asks for it. */
  readonly page: string;
}

/** All of them, by the ids of their statements. Whatever else is allowed is called in `test/e2e/every-permission.test.ts`. */
export const IMPLIED_PERMISSIONS: Readonly<Record<string, ImpliedPermission>> = {
  WriteLog: {
    by: 'Lambda',
    why: 'It writes what a function logs, metrics included.',
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  },
  Take: {
    by: 'Lambda',
    why: 'It polls the queue that feeds a function, and deletes what was done.',
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  },
  PutAside: {
    by: 'Lambda, EventBridge Scheduler',
    why: 'They keep an invocation that failed for good, or could not be made.',
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  },
  UseKeyForTable: {
    by: 'DynamoDB',
    why: 'It encrypts and decrypts the table for its caller.',
    page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html',
  },
  UseKeyForMessages: {
    by: 'SQS, SNS',
    why: 'They encrypt and decrypt messages for whoever sends or takes them.',
    page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  },
  UseKeyForReports: {
    by: 'S3',
    why: 'It encrypts what is stored and decrypts what is read for its caller.',
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  },
  UseKeyForCanary: {
    by: 'Secrets Manager',
    why: 'It encrypts a new version for its caller, and asks for both actions; it may ask for them when a tag is written.',
    page: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
  },
  DecryptAddress: {
    by: 'Systems Manager',
    why: 'It decrypts the parameter for its caller.',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html',
  },
  Invoke: {
    by: 'EventBridge Scheduler',
    why: 'It starts the function of a schedule.',
    page: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html',
  },
  ForwardEvents: {
    by: 'EventBridge',
    why: 'It sends the events of a member to the bus of the monitor.',
    page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html',
  },
};
