import type { Severity } from '../finding/finding.ts';

/** Controls with a verdict of their own about one secret, in the order in which they are shown. */
export const CONTROL_IDS = [
  'SecretsManager.1',
  'SecretsManager.2',
  'SecretsManager.3',
  'SecretsManager.4',
  'SecretsManager.5',
  'PCI-DSS-4.0.1-8.6.3',
  'PCI-DSS-4.0.1-8.3.9',
  'NIST-800-53-r5-IA-5-f',
] as const;
/** The closed list of controls. */
export type ControlId = (typeof CONTROL_IDS)[number];

/** One control of a standard, as far as rotation monitoring can judge it for a single secret. */
export interface Control {
  readonly title: string;
  /** The standard and its edition. */
  readonly standard: string;
  /** The requirement within the standard. */
  readonly requirement: string;
  /** The weight of a failed verdict. */
  readonly severity: Severity;
  /** One sentence: the part of the requirement that the verdict covers. */
  readonly judged: string;
  /** One sentence: the part that it leaves open. */
  readonly limit: string;
  /** One sentence: how to pass. */
  readonly remedy: string;
  /** Requirements that AWS's mapping puts beside it, without a verdict. */
  readonly related: readonly string[];
  readonly url: string;
}

/** Those that Security Hub judges, too. */
export const HUB_CONTROL_IDS: readonly ControlId[] = CONTROL_IDS.filter((id) =>
  id.startsWith('SecretsManager.'),
);

const HUB = 'https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html';
const HUB_STANDARD = 'AWS Security Hub CSPM';
const PCI = 'PCI DSS 4.0.1';
const PCI_URL = 'https://www.pcisecuritystandards.org/document_library/';
const NIST = 'NIST SP 800-53 Rev. 5';
const NIST_URL = 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final';
const ACCOUNTS_AND_ACCESS: readonly string[] = [`${NIST} AC-2(1)`, `${NIST} AC-3(15)`];
const MAPPED: readonly string[] = [...ACCOUNTS_AND_ACCESS, `${PCI} 8.6.3`, `${PCI} 8.3.9`];

const hubControl = (number: number, control: Omit<Control, 'standard' | 'requirement' | 'url'>): Control => ({
  ...control,
  standard: HUB_STANDARD,
  requirement: `SecretsManager.${number}`,
  url: `${HUB}#secretsmanager-${number}`,
});

/**
 * The controls with a verdict: titles, severities and parameters as AWS and the standards publish them.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html
 */
export const CONTROLS: Readonly<Record<ControlId, Control>> = {
  'SecretsManager.1': hubControl(1, {
    title: 'Secrets Manager secrets should have automatic rotation enabled',
    severity: 'MEDIUM',
    judged: 'Automatic rotation is on and, where a longest interval is set, at least as frequent.',
    limit: 'It does not show that a rotation has ever worked.',
    remedy: 'Turn on automatic rotation with a schedule that meets your policy.',
    related: MAPPED,
  }),
  'SecretsManager.2': hubControl(2, {
    title: 'Secrets Manager secrets configured with automatic rotation should rotate successfully',
    severity: 'MEDIUM',
    judged: 'The latest scheduled rotation completed within its window.',
    limit: 'It does not show whether the previous credential still works.',
    remedy: 'Run "rotation-monitor explain" for the secret and follow its advice.',
    related: MAPPED,
  }),
  'SecretsManager.3': hubControl(3, {
    title: 'Remove unused Secrets Manager secrets',
    severity: 'MEDIUM',
    judged: 'Somebody requested the secret within the number of days that is set.',
    limit: 'AWS records the day of the last request, not who made it or whether the credential was used.',
    remedy: 'Ask the owner whether the secret is needed, and schedule its deletion if it is not.',
    related: ACCOUNTS_AND_ACCESS,
  }),
  'SecretsManager.4': hubControl(4, {
    title: 'Secrets Manager secrets should be rotated within a specified number of days',
    severity: 'MEDIUM',
    judged: 'The version in use is no older than the number of days that is set.',
    limit: 'A new version does not show that its value differs from the previous one.',
    remedy: 'Rotate the secret, then shorten its schedule.',
    related: MAPPED,
  }),
  'SecretsManager.5': hubControl(5, {
    title: 'Secrets Manager secrets should be tagged',
    severity: 'LOW',
    judged: 'The secret has the tags that are required, or any tag when none is named.',
    limit: 'It does not show that the values of the tags are right.',
    remedy: 'Add the tags that your organization requires.',
    related: [],
  }),
  'PCI-DSS-4.0.1-8.6.3': {
    title:
      'Credentials of applications and systems are changed at the frequency of the targeted risk analysis',
    standard: PCI,
    requirement: '8.6.3',
    severity: 'MEDIUM',
    judged: 'The credential was changed as often as the given targeted risk analysis asks.',
    limit: 'Changes on suspicion of compromise, complexity, and the risk analysis itself are not judged.',
    remedy: 'Rotate the secret, and set its schedule to the frequency of the risk analysis.',
    related: [`${PCI} 12.3.1`],
    url: PCI_URL,
  },
  'PCI-DSS-4.0.1-8.3.9': {
    title: 'Passwords that are the only factor of a user are changed every 90 days',
    standard: PCI,
    requirement: '8.3.9',
    severity: 'MEDIUM',
    judged: 'The password of a person, as a tag marks it, was changed within 90 days.',
    limit: 'Secrets without that tag are not judged, and dynamic analysis of posture is not seen.',
    remedy: 'Change the password, or authenticate the person with a second factor.',
    related: [],
    url: PCI_URL,
  },
  'NIST-800-53-r5-IA-5-f': {
    title: 'Authenticators are changed or refreshed at the organization-defined period',
    standard: NIST,
    requirement: 'IA-5 f',
    severity: 'MEDIUM',
    judged: 'The credential was changed within the period that is set.',
    limit: 'Changes on organization-defined events are not judged.',
    remedy: 'Rotate the secret, and set its schedule to the defined period.',
    related: [],
    url: NIST_URL,
  },
};

/** Standards that evidence of rotation supports, and of which it decides no requirement. */
export const SUPPORTED_STANDARDS: readonly string[] = [
  'SOC 2 CC6.1',
  'SOC 2 CC7.2',
  'ISO/IEC 27001:2022 A.5.17',
  'ISO/IEC 27001:2022 A.8.5',
];
