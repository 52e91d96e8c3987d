import type { Home } from '../../call/service.ts';

/** The ARN of a secret: its name, a hyphen and six random characters. */
export const secretArn = (home: Home, name: string, suffix: string): string =>
  `${arnPrefix(home)}${name}-${suffix}`;

/** The name in a partial ARN or the name itself; undefined when the ARN is of another account or Region. */
export function secretNameOf(home: Home, id: string): string | undefined {
  if (!id.startsWith('arn:')) return id;
  const prefix = arnPrefix(home);
  return id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
}

const arnPrefix = ({ region, account }: Home) => `arn:aws:secretsmanager:${region}:${account}:secret:`;
