import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { WORKING } from '../../src/monitor/domain/report/manifest.ts';
import { allow } from './permissions.ts';

/** The bucket of reports, with the key that they are encrypted with where S3 does not manage it. */
export interface ReportPlace {
  readonly bucket: IBucket;
  readonly keyPrefix: string;
  readonly encryptionKey: IKey | undefined;
}

/**
 * Allows storing reports, and reading again what an audit under way has read: a version by its id. No report can be
 * read or deleted.
 */
export const storeReports = ({
  bucket,
  keyPrefix,
  encryptionKey,
}: ReportPlace): readonly PolicyStatement[] => [
  allow('StoreReports', ['s3:PutObject'], { resources: [bucket.arnForObjects(`${keyPrefix}*`)] }),
  allow('GoOnWithAudit', ['s3:GetObjectVersion'], {
    resources: [bucket.arnForObjects(`${keyPrefix}${WORKING}*`)],
  }),
  ...(encryptionKey === undefined ? [] : [useKeyForReports(encryptionKey)]),
];

/**
 * Allows using the key of reports, through S3 alone.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
const useKeyForReports = ({ keyArn }: IKey): PolicyStatement =>
  allow('UseKeyForReports', ['kms:Decrypt', 'kms:GenerateDataKey'], {
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
  });

/** Allows having the audit run, or go on. */
export const startAudit = (functionArn: string): PolicyStatement =>
  allow('StartAudit', ['lambda:InvokeFunction'], { resources: [functionArn] });
