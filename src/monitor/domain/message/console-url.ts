import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Target } from '../secret/secret.ts';

/** Hosts of the console by partition. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const CONSOLES: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** Returns the console's address of a secret, or of the list when none is named. */
export function secretsConsoleUrl(
  { partition = 'aws', region }: Pick<Target, 'region'> & { readonly partition: string | undefined },
  secretName: string | undefined,
): string {
  const place = secretName === undefined ? 'listsecrets?' : `secret?name=${encodeURIComponent(secretName)}&`;
  return `https://${hostOf(partition, region)}/secretsmanager/${place}region=${region}`;
}

/** Returns the console's address of a log group over a time span. */
export function logsConsoleUrl(
  { partition = 'aws', region }: Pick<Target, 'region'> & { readonly partition: string | undefined },
  logGroup: string,
  { from, until }: TimeSpan,
): string {
  const named = encodeURIComponent(encodeURIComponent(logGroup)).replaceAll('%', '$');
  const events = `log-events$3Fstart$3D${from}$26end$3D${until}`;
  return `https://${hostOf(partition, region)}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${named}/${events}`;
}

/** Returns the console's address of one version of an object; whoever opens it has to sign in, and it never expires. */
export function objectConsoleUrl(
  { partition = 'aws', region }: Pick<Target, 'region'> & { readonly partition: string | undefined },
  bucketName: string,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
): string {
  const version = versionId === undefined ? '' : `&versionId=${encodeURIComponent(versionId)}`;
  return `https://${hostOf(partition, region)}/s3/object/${bucketName}?region=${region}&prefix=${encodeURIComponent(key)}${version}`;
}

const hostOf = (partition: string, region: string): string | undefined =>
  (CONSOLES[partition] ?? CONSOLES['aws'])?.(region);
