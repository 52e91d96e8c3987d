import { plural } from '../../../calendar/plural.ts';
import type { RotationRules } from '../secret/secret.ts';

/** The rules as history keeps them and reports show them: `rate(30 days), window 3h` or `every 30 days`. */
export function scheduleText(rules: Partial<RotationRules> | undefined): string | undefined {
  const { scheduleExpression, automaticallyAfterDays, duration } = rules ?? {};
  const days =
    automaticallyAfterDays === undefined ? undefined : `every ${plural(automaticallyAfterDays, 'day')}`;
  const when = scheduleExpression ?? days;
  if (when === undefined) return undefined;
  return duration === undefined ? when : `${when}, window ${duration}`;
}

/** Reads the rules back out of such a text; undefined for any other text. */
export function rulesOfText(text: string): RotationRules | undefined {
  const [, when = '', duration] = /^(.{1,300}?)(?:, window (\d{1,2}h))?$/.exec(text) ?? [];
  const [, days] = /^every (\d{1,4}) days?$/.exec(when) ?? [];
  if (days !== undefined) {
    return { automaticallyAfterDays: Number(days), scheduleExpression: undefined, duration };
  }
  if (!/^(rate|cron)\(/.test(when)) return undefined;
  return { automaticallyAfterDays: undefined, scheduleExpression: when, duration };
}
