/** Path of the SSM parameters in which deployments announce themselves, each under its own name. */
const ANNOUNCED_UNDER = '/rotation-monitor/';

/** The name that a deployment has unless its stack is named otherwise. */
export const USUAL_DEPLOYMENT = 'rotation-monitor';

/** The SSM parameter in which a deployment announces itself. */
export const announcementName = (deployment: string): string => `${ANNOUNCED_UNDER}${deployment}`;

/** The functions of a deployment that people invoke, by the file of each. */
export const FOR_OPERATORS = [
  'read-memory',
  'acknowledge',
  'check-secret',
  'record-repair',
  'keep-exception',
] as const;

/** The file of a function that people invoke. */
export type OperatorHandler = (typeof FOR_OPERATORS)[number];

/** Contents of the announcement of a deployment. */
export interface Announcement {
  readonly schemaVersion: 1;
  /** ARNs of the functions that people invoke. */
  readonly functions: Readonly<Partial<Record<OperatorHandler, string>>>;
}

/** Reads what a parameter holds; undefined where it is no announcement of this version. */
export function parseAnnouncement(text: string): Announcement | undefined {
  const value = jsonIn(text);
  if (!isRecord(value) || value['schemaVersion'] !== 1 || !isRecord(value['functions'])) return undefined;
  const { functions } = value;
  const named = FOR_OPERATORS.flatMap((handler) => {
    const arn = functions[handler];
    return typeof arn === 'string' && /^arn:[\w-]+:lambda:/.test(arn) ? [[handler, arn] as const] : [];
  });
  return { schemaVersion: 1, functions: Object.fromEntries(named) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
