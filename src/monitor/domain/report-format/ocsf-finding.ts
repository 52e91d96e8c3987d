import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { Severity } from '../finding/finding.ts';
import type { Provenance } from '../report/audit-report.ts';
import { CONTROLS } from '../report/control.ts';
import { type ControlStatus, type ControlVerdict, hubResult } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { findingIdOf, PRODUCT, partitionOf, severityOf } from './finding-identity.ts';

/** Numbers and captions of https://schema.ocsf.io/1.6.0/classes/compliance_finding */
const CLASS = {
  class_uid: 2003,
  class_name: 'Compliance Finding',
  category_uid: 2,
  category_name: 'Findings',
};
/** Every audit makes its findings; it does not know what was made of earlier ones. */
const CREATE = 1;
const STATUS = {
  new: { status_id: 1, status: 'New' },
  suppressed: { status_id: 3, status: 'Suppressed' },
  archived: { status_id: 5, status: 'Archived' },
};
const SEVERITY_IDS: Readonly<Record<Severity, number>> = {
  INFORMATIONAL: 1,
  LOW: 2,
  MEDIUM: 3,
  HIGH: 4,
  CRITICAL: 5,
};
const SEVERITY_CAPTIONS: Readonly<Record<Severity, string>> = {
  INFORMATIONAL: 'Informational',
  LOW: 'Low',
  MEDIUM: 'Medium',
  HIGH: 'High',
  CRITICAL: 'Critical',
};
/** The status of each result; one without a verdict is Other, in our own word. */
const COMPLIANCE: Readonly<Record<ControlStatus, { status_id: number; status: string }>> = {
  ok: { status_id: 1, status: 'Pass' },
  error: { status_id: 2, status: 'Warning' },
  alarm: { status_id: 3, status: 'Fail' },
  info: { status_id: 99, status: 'Information' },
  skip: { status_id: 99, status: 'Skipped' },
};
const AWS_ACCOUNT = { type_id: 10, type: 'AWS Account' };

/** The verdict of one control on one secret as a Compliance Finding of OCSF 1.6.0, with the profiles cloud and datetime. */
export function ocsfFinding(secret: SecretAudit, verdict: ControlVerdict, provenance: Provenance): object {
  const { period, readAt } = provenance;
  const severity = severityOf(verdict);
  return {
    activity_id: CREATE,
    activity_name: 'Create',
    ...CLASS,
    type_uid: CLASS.class_uid * 100 + CREATE,
    type_name: 'Compliance Finding: Create',
    ...moment('time', readAt),
    ...moment('start_time', period.from),
    ...moment('end_time', period.to),
    timezone_offset: 0,
    severity_id: SEVERITY_IDS[severity],
    severity: SEVERITY_CAPTIONS[severity],
    ...statusOf(secret, verdict),
    message: `${secret.secretName}: ${verdict.reason}`,
    metadata: metadata(verdict, provenance),
    cloud: {
      provider: 'AWS',
      account: { uid: secret.account, ...AWS_ACCOUNT },
      region: secret.region,
      cloud_partition: partitionOf(secret.secretArn),
    },
    compliance: compliance(verdict),
    finding_info: findingInfo(secret, verdict, readAt),
    resources: [resource(secret)],
    remediation: {
      desc: CONTROLS[verdict.control].remedy,
      references: [CONTROLS[verdict.control].url],
    },
    ...(verdict.securityHub && { unmapped: { security_hub: hubResult(verdict.securityHub) } }),
  };
}

/** A time in milliseconds, and beside it, as the profile datetime asks, in RFC 3339. */
const moment = (name: string, at: Instant): Record<string, number | string> => ({
  [name]: at,
  [`${name}_dt`]: formatInstant(at),
});

function statusOf({ deletedAt }: SecretAudit, { exception, status }: ControlVerdict): object {
  const { [deletedAt !== undefined ? 'archived' : exception ? 'suppressed' : 'new']: state } = STATUS;
  return {
    ...state,
    status_code: status,
    ...(exception && {
      status_detail: `Exception until ${formatInstant(exception.until)}: ${exception.reason}`,
    }),
  };
}

const metadata = ({ control }: ControlVerdict, { version }: Provenance): object => ({
  version: '1.6.0',
  profiles: ['cloud', 'datetime'],
  event_code: control,
  product: { name: PRODUCT, vendor_name: PRODUCT, version },
});

function compliance({ control, status, evidence, reason }: ControlVerdict): object {
  const { standard, requirement, judged } = CONTROLS[control];
  return {
    control,
    desc: judged,
    standards: [standard],
    requirements: [requirement],
    ...COMPLIANCE[status],
    status_code: status,
    status_details: [reason, ...evidence],
  };
}

const findingInfo = (
  { secretArn }: SecretAudit,
  { control, reason }: ControlVerdict,
  readAt: Instant,
): object => ({
  uid: findingIdOf(control, secretArn),
  title: CONTROLS[control].title,
  desc: reason,
  types: ['Secret rotation'],
  ...moment('last_seen_time', readAt),
});

const resource = (secret: SecretAudit): object => ({
  uid: secret.secretArn,
  name: secret.secretName,
  type: 'AwsSecretsManagerSecret',
  region: secret.region,
  cloud_partition: partitionOf(secret.secretArn),
  ...(secret.createdAt !== undefined && moment('created_time', secret.createdAt)),
  ...(secret.owner !== undefined && { owner: { name: secret.owner } }),
});
