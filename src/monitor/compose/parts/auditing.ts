import { S3Client } from '@aws-sdk/client-s3';
import { s3ReportStore } from '../../adapters/s3/s3-report-store.ts';
import type { AuditingFleet } from '../../application/audit/audit-request.ts';
import type { Service } from '../../application/service.ts';
import { auditParametersOf, auditRulesOf } from '../joints/audit-rules-of.ts';
import { hubControls } from '../joints/hub-controls.ts';
import { type Joints, SILENT } from '../joints/joints.ts';
import { partitionOf, sdkFor } from './access-to.ts';

/** Makes the store and the rules of scheduled audits; undefined where no bucket is set. */
export function auditing({ config, sdk }: Joints): Pick<Service, 'audits'> {
  const { reportBucketName: bucketName, reportKeyPrefix: keyPrefix, packageVersion } = config;
  if (bucketName === undefined) return { audits: undefined };
  return {
    audits: {
      reports: s3ReportStore(new S3Client({ ...sdk, logger: SILENT }), {
        name: bucketName,
        prefix: keyPrefix,
      }),
      bucketName,
      keyPrefix,
      rules: auditRulesOf(config),
      version: packageVersion ?? 'unknown',
      parameters: auditParametersOf(config, config.asksSecurityHub),
    },
  };
}

/** Asks Security Hub for its own verdicts, in members too; undefined where nobody wants them. */
export function hubVerdicts(joints: Joints): Pick<AuditingFleet, 'hubOf'> {
  const { config } = joints;
  if (!config.asksSecurityHub) return { hubOf: undefined };
  const sdkAt = sdkFor(joints);
  return {
    hubOf: (target) => hubControls(sdkAt(target), { region: target.region, partition: partitionOf(config) }),
  };
}
