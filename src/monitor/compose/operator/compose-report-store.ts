import { S3Client } from '@aws-sdk/client-s3';
import { type ReportBucket, s3ReportStore } from '../../adapters/s3/s3-report-store.ts';
import type { ReportStore } from '../../ports/report/report-store.ts';
import { SILENT } from '../joints/joints.ts';
import type { Connected } from './compose-connection.ts';

/** Composes the store of reports in a bucket. What the SDK would print by itself is in its errors, too. */
export const composeReportStore = ({ sdk }: Pick<Connected, 'sdk'>, bucket: ReportBucket): ReportStore =>
  s3ReportStore(new S3Client({ ...sdk, logger: SILENT }), bucket);
