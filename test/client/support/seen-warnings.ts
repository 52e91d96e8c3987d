import { onTestFinished } from 'vitest';

/** The names of the warnings that Node.js gives from now to the end of the test. */
export function seenWarnings(): readonly string[] {
  const names: string[] = [];
  const note = ({ name }: Error): number => names.push(name);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  return names;
}
