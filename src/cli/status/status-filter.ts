import type { SecretStatus } from '../../monitor/application/operate/fleet-status.ts';
import { atLeast, type Severity } from '../../monitor/domain/finding/finding.ts';
import type { Trouble } from './status-result.ts';

/** The secrets to show; an undefined field leaves none out. */
export interface StatusFilter {
  readonly owner?: string;
  /** `key` or `key=value`. */
  readonly tag?: string;
  /** The code of a finding or of an open alert. */
  readonly finding?: string;
  /** The mildest that is shown. */
  readonly severity?: Severity;
  /** A name, in which `*` stands for any text. */
  readonly name?: string;
}

/** Whether a secret is one of those that are asked for, by what is wrong with it. */
export const isAskedFor = (
  secret: SecretStatus,
  troubles: readonly Pick<Trouble, 'code' | 'severity'>[],
  { owner, tag, finding, severity, name }: StatusFilter,
): boolean =>
  (owner === undefined || secret.owner === owner) &&
  (tag === undefined || hasTag(secret, tag)) &&
  (finding === undefined || troubles.some(({ code }) => code === finding)) &&
  (severity === undefined || troubles.some((trouble) => atLeast(trouble.severity, severity))) &&
  (name === undefined || fits(secret.name, name));

function hasTag({ tags }: SecretStatus, tag: string): boolean {
  const [key = '', ...rest] = tag.split('=');
  const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
  return value !== undefined && (rest.length === 0 || value === rest.join('='));
}

/** Compares part by part, so that no pattern takes long, whatever is in it. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= name.length - last.length;
}
