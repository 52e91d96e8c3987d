import { arnHash } from '../arn-hash.ts';
import type { Severity } from '../finding/finding.ts';
import type { ControlId } from '../report/control.ts';
import { CONTROLS } from '../report/control.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';

/** The maker of these findings, as other programs show it. */
export const PRODUCT = 'secret-rotation-monitor';

/** Longest id of a finding in ASFF. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const LONGEST_ID = 512;

/**
 * The id of what one control says about one secret: the same in every audit, and of at most 512 characters. A longer
 * ARN is cut, and its hash keeps it apart from others.
 */
export function findingIdOf(control: ControlId, secretArn: string): string {
  const id = `${PRODUCT}/${control}/${secretArn}`;
  if (id.length <= LONGEST_ID) return id;
  const hash = `~${arnHash(secretArn)}`;
  return `${id.slice(0, LONGEST_ID - hash.length)}${hash}`;
}

/** The control that an id names; undefined for an id of another product or of a control that is not known. */
export function controlOfFinding(id: string): ControlId | undefined {
  const [product, control] = id.split('/');
  return product === PRODUCT && isControl(control) ? control : undefined;
}

const isControl = (text: string | undefined): text is ControlId =>
  text !== undefined && Object.hasOwn(CONTROLS, text);

/** The partition that an ARN says; `aws` where it says none of the others that Security Hub has. */
export function partitionOf(arn: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  const partition = arn.split(':')[1];
  return partition === 'aws-cn' || partition === 'aws-us-gov' ? partition : 'aws';
}

/** The severity of the control when it failed or could not be judged; otherwise nothing is at risk. */
export const severityOf = ({ control, status }: ControlVerdict): Severity =>
  status === 'alarm' || status === 'error' ? CONTROLS[control].severity : 'INFORMATIONAL';
