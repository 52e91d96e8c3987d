import { createRequire } from 'node:module';
import { Annotations, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WORKING } from '../../src/monitor/domain/report/manifest.ts';
import type { AuditPlan, AuditProps } from '../props/audit-props.ts';
import type { SettingTexts } from '../props/environment.ts';
import { durationText } from '../props/setting-props.ts';
import { defineSchedule, type Scheduled } from './define-schedule.ts';
import { keptOnceMade } from './encryption-key.ts';

/** Properties of an {@link AuditBucket}. */
export interface AuditBucketProps extends Pick<AuditProps, 'auditBucket' | 'auditObjectLock'> {
  readonly plan: AuditPlan;
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Rows of an audit that is not complete are of no use after a day; those of a crash are looked at within a week. */
const WORKING_KEPT = Duration.days(7);
/** Reports of a quarter are read; older ones are proof, at a sixth of the price. https://aws.amazon.com/s3/pricing/ */
const READ_FOR = Duration.days(90);

/** The bucket of audit reports: encrypted, with versions, closed to the public and to requests without TLS. */
export class AuditBucket extends Construct {
  readonly bucket: IBucket;
  readonly plan: AuditPlan;
  /** The key that reports are encrypted with; undefined where S3 manages it. */
  readonly encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id);
    this.plan = props.plan;
    // @ts-expect-error [ts2375] -- the CDK's own class is declared without exactOptionalPropertyTypes
    this.bucket = props.auditBucket ?? this.#defineBucket(props);
    this.encryptionKey = this.bucket.encryptionKey;
  }

  /** The beginning of the keys of reports. */
  get keyPrefix(): string {
    return this.plan.keyPrefix;
  }

  /** Settings from which the function learns where reports go. */
  get settings(): SettingTexts {
    return {
      ...this.scheduleSettings,
      reportBucketName: this.bucket.bucketName,
      reportKeyPrefix: this.keyPrefix,
      packageVersion: packageVersion(),
    };
  }

  /** Settings of whoever starts the function. */
  get scheduleSettings(): SettingTexts {
    return { auditEveryMs: durationText(this.plan.everySeconds) };
  }

  #defineBucket({ encryptionKey, removalPolicy, auditObjectLock }: AuditBucketProps): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      enforceSSL: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: keptOnceMade(removalPolicy),
      lifecycleRules: this.#lifecycle(),
      ...(auditObjectLock === undefined
        ? {}
        : { objectLockDefaultRetention: ObjectLockRetention.compliance(auditObjectLock) }),
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Reports are few; a log of who read them would need a bucket of its own, and CloudTrail can keep it.',
    });
    if (auditObjectLock !== undefined) {
      Annotations.of(this).addWarningV2(
        'secret-rotation-monitor:auditObjectLock',
        `Object Lock cannot be undone: nobody, not even the root user, can delete a report for ${auditObjectLock.toHumanString()}, and the bucket stays locked for good.`,
      );
    }
    return bucket;
  }

  #lifecycle(): LifecycleRule[] {
    const { keyPrefix } = this;
    return [
      {
        id: 'working',
        prefix: `${keyPrefix}${WORKING}`,
        expiration: WORKING_KEPT,
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        id: 'archive',
        prefix: `${keyPrefix}reports/`,
        transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: READ_FOR }],
      },
    ];
  }
}

/** Properties of an {@link AuditSchedule}. */
export interface AuditScheduleProps extends Scheduled {
  readonly plan: AuditPlan;
}

/** A late audit is as good as one in time: as long as Scheduler can. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const RETRIES = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

/** Runs the audit at the times of its plan. */
export class AuditSchedule extends Construct {
  constructor(scope: Construct, id: string, props: AuditScheduleProps) {
    super(scope, id);
    const { plan, ...scheduled } = props;
    defineSchedule(this, 'Schedule', {
      scheduled,
      description: 'Stores a report on all secrets, and sends its summary',
      scheduleExpression: plan.expression,
      scheduleExpressionTimezone: plan.timeZone,
      retryPolicy: RETRIES,
    });
  }
}

/** Returns the version of this package, which reports name. */
function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('secret-rotation-monitor/package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : '0.0.0';
}
