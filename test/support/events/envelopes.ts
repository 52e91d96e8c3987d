import { PENDING } from '../builders.ts';

/** The secret all sample events are about. */
export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf';
/** Its rotation function. */
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db';
/** Caller in sample events. */
export const CALLER = 'arn:aws:sts::111122223333:assumed-role/Deployer/alex';

/** An EventBridge envelope as JSON. */
export type Envelope = Readonly<Record<string, unknown>> & {
  readonly detail: Readonly<Record<string, unknown>>;
};

type Fields = Readonly<Record<string, unknown>>;

const envelope = (detailType: string, detail: Fields, given: Fields = {}): Envelope => ({
  version: '0',
  id: '0aaaaaaa-0000-4000-8000-000000000001',
  'detail-type': detailType,
  source: 'aws.secretsmanager',
  account: '111122223333',
  time: '2026-11-21T09:30:05Z',
  region: 'eu-west-1',
  resources: [],
  ...given,
  detail,
});

const record = (eventName: string, eventType: string): Fields => ({
  eventVersion: '1.11',
  eventTime: '2026-11-21T09:30:00Z',
  eventSource: 'secretsmanager.amazonaws.com',
  eventName,
  awsRegion: 'eu-west-1',
  requestParameters: null,
  responseElements: null,
  eventID: '0eeeeeee-0000-4000-8000-000000000002',
  readOnly: false,
  eventType,
  managementEvent: true,
  recipientAccountId: '111122223333',
  eventCategory: 'Management',
});

/** An event Secrets Manager itself sends through CloudTrail. */
export const serviceEvent = (eventName: string, detail: Fields = {}): Envelope =>
  envelope('AWS Service Event via CloudTrail', {
    ...record(eventName, 'AwsServiceEvent'),
    userIdentity: { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
    sourceIPAddress: 'secretsmanager.amazonaws.com',
    userAgent: 'secretsmanager.amazonaws.com',
    additionalEventData: { SecretId: SECRET_ARN },
    requestID: `Rotation-${SECRET_ARN}-${PENDING}`,
    ...detail,
  });

/** A failed attempt, with the text AWS gives for a step of the rotation function. */
export const rotationFailed = (step: string, detail: Fields = {}): Envelope =>
  serviceEvent('RotationFailed', {
    errorMessage: `Error when executing lambda ${FUNCTION_ARN} during ${step} step`,
    ...detail,
  });

/** The failure of a function that does not pass the RotationToken on. */
export const notCreatedByFunction: Envelope = serviceEvent('RotationFailed', {
  errorMessage: `Pending secret version ${PENDING} for Secret ${SECRET_ARN} was not created by Lambda ${FUNCTION_ARN}. Remove the AWSPENDING staging label and restart rotation`,
});

/** An event of a managed rotation, which names its secret elsewhere and no function. */
export const managedEvent = (eventName: string): Envelope =>
  serviceEvent(eventName, {
    additionalEventData: undefined,
    requestID: '0fffffff-0000-4000-8000-000000000003',
    serviceEventDetails: { secretId: SECRET_ARN },
  });

/** A successful call, with the ARN in the response as CloudTrail writes it since 2024. */
export const apiCall = (eventName: string, requestParameters: Fields = {}, detail: Fields = {}): Envelope =>
  envelope('AWS API Call via CloudTrail', {
    ...record(eventName, 'AwsApiCall'),
    userIdentity: { type: 'AssumedRole', arn: CALLER, accountId: '111122223333' },
    sourceIPAddress: '192.0.2.10',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: { secretId: 'prod/orders/db', ...requestParameters },
    responseElements: { arn: SECRET_ARN, name: 'prod/orders/db' },
    requestID: '0ccccccc-0000-4000-8000-000000000004',
    ...detail,
  });

/** The native event: a label moved. */
export const labelUpdated = (labelUpdated: string, versionId: string = PENDING): Envelope =>
  envelope(
    'Secret Label Updated',
    { name: 'prod/orders/db', labelUpdated, versionId },
    { resources: [SECRET_ARN] },
  );
