import type { Target } from '../secret/secret.ts';

/** Hosts of the console by partition. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const CONSOLES: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** Where the console shows a secret, or all of them when none is named. */
export function secretsConsoleUrl(
  { partition = 'aws', region }: Pick<Target, 'region'> & { readonly partition: string | undefined },
  secretName: string | undefined,
): string {
  const host = (CONSOLES[partition] ?? CONSOLES['aws'])?.(region);
  const place = secretName === undefined ? 'listsecrets?' : `secret?name=${encodeURIComponent(secretName)}&`;
  return `https://${host}/secretsmanager/${place}region=${region}`;
}
