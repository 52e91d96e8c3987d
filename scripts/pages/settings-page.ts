import { variableOf } from '../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import { STRATEGIES, TAG_PREFIX } from '../../src/monitor/domain/secret/policy.ts';
import { configFileTable, constructAloneTable } from './config-file-table.ts';
import { code, page, table } from './markdown.ts';

/** Every setting, from the settings table. */
export const settingsPage = (): string =>
  page(
    '# Settings',
    'Read from environment variables; all faults are reported together. Durations are written `30s`, `15m`, `2h` or `7d`. A tag on a secret wins over the variable.',
    table(
      ['Variable', 'Default', 'Example', 'Tag', 'Meaning'],
      Object.values(SETTINGS).map((setting) => [
        code(variableOf(setting)),
        setting.default === undefined
          ? absence(setting)
          : setting.default === ''
            ? 'none'
            : code(setting.default),
        code(setting.example),
        code(setting.tag && `${TAG_PREFIX}${setting.tag}`),
        setting.meaning,
      ]),
    ),
    '## Tags that have no variable',
    table(
      ['Tag', 'Value', 'Meaning'],
      [
        [
          code(`${TAG_PREFIX}owner`),
          'one of the owners in the settings',
          'Who gets the alerts; becomes a message attribute that subscriptions filter on.',
        ],
        [
          code(`${TAG_PREFIX}strategy`),
          STRATEGIES.map(code).join(' or '),
          'How the target is rotated. With alternating users a failure after setSecret leaves AWSCURRENT good.',
        ],
        [
          code(`${TAG_PREFIX}silence-until`),
          'a day such as `2026-12-31`, at most 90 days ahead',
          'Until the end of that day, in UTC, only CRITICAL alerts are sent; that is announced once. Needs a reason.',
        ],
        [
          code(`${TAG_PREFIX}silence-reason`),
          'a few words',
          'Why the secret is silenced; part of the announcement.',
        ],
      ],
    ),
    'A tag with a value that is not understood is ignored. A threshold is never longer than the rotation window of the secret, and a duration in a tag is at most 7 days.',
    '## `rotation-monitor.config.json`',
    'Keys are the words of the variables, such as `stuck-after` for `ROTATION_MONITOR_STUCK_AFTER`, but for those that the deployment makes itself; values are text. These keys are of the file alone:',
    configFileTable(),
    'These properties belong to the construct alone, for those who write an app of their own:',
    constructAloneTable(),
  );

const absence = ({ optional, insteadOf }: (typeof SETTINGS)[keyof typeof SETTINGS]): string => {
  if (optional) return 'none';
  return insteadOf === undefined ? 'required' : code(`$${insteadOf}`);
};
