import type { ToldAlert } from '../../proving/court/told/told-alert.ts';

/** One alert from its opening to its end. */
export interface AlertLife {
  readonly secretName: string;
  /** The latest code and severity. */
  readonly code: string;
  readonly severity: string;
  readonly openedAt: string;
  /** Undefined while it is open. */
  readonly resolvedAt: string | undefined;
  /** Messages that said again what had been said. */
  readonly repeats: number;
}

/** The lives of alerts, in the order in which they opened, out of the messages about them. */
export function alertLives(alerts: readonly ToldAlert[]): readonly AlertLife[] {
  const lives: AlertLife[] = [];
  const open = new Map<string, number>();
  for (const { secretName, code, severity, transition, at } of alerts) {
    const index = open.get(secretName);
    const life = index === undefined ? undefined : lives[index];
    if (index === undefined || life === undefined) {
      open.set(secretName, lives.length);
      lives.push({ secretName, code, severity, openedAt: at, resolvedAt: undefined, repeats: 0 });
    } else if (transition === 'resolved') {
      lives[index] = { ...life, resolvedAt: at };
      open.delete(secretName);
    } else {
      const repeats = life.repeats + (transition === 'repeated' ? 1 : 0);
      lives[index] = { ...life, code, severity, repeats };
    }
  }
  return lives;
}
