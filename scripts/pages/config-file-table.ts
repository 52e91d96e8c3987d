import { CONSTRUCT_ALONE, DEPLOYMENT_SETTINGS } from '../../infra/config-file/file-settings.ts';
import { code, table } from './markdown.ts';

/** The keys of `rotation-monitor.config.json` that are no environment variables. */
export const configFileTable = (): string =>
  table(
    ['Key', 'Default', 'Example', 'Meaning'],
    [
      ...DEPLOYMENT_SETTINGS.map(({ key, default: usual, example, meaning }) => [
        code(key),
        usual === undefined ? 'none' : code(usual),
        code(example),
        meaning,
      ]),
      [
        code('subscriptions'),
        'required',
        code('[{"topic":"alerts","protocol":"email","endpoint":"oncall@example.com"}]'),
        'Who gets `alerts`, `health` notices or `escalations`, by `email`, `https` or `sms`; a `filter` names wanted values of message attributes.',
      ],
      [
        code('targets'),
        'none',
        code('[{"accounts":["444455556666"],"regions":["eu-west-1"]}]'),
        'Other accounts and regions, written as in `ROTATION_MONITOR_MEMBERS`.',
      ],
      [
        code('organization-id'),
        'none',
        code('o-a1b2c3d4e5'),
        'The organization that they belong to; needed where organizational units or more than eighty accounts are named.',
      ],
    ],
  );

/** The properties of the construct that the file does not have. */
export const constructAloneTable = (): string =>
  table(
    ['Property', 'Why'],
    Object.entries(CONSTRUCT_ALONE).map(([name, why]) => [code(name), why]),
  );
