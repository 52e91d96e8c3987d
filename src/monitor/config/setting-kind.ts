import { parseDuration } from '../../calendar/instant.ts';
import { type BusinessHours, parseBusinessHours } from '../domain/report/compute/business-hours.ts';
import { asSecretArn, type SecretArn } from '../domain/secret/secret.ts';

/** The form of a setting's text, and its parser. */
export interface SettingKind<T> {
  /** Ends the sentence "expected …". */
  readonly expected: string;
  /** Undefined when the text is not of this kind. */
  parse(text: string): T | undefined;
  /** Names the fault of a text that is not of this kind; ends the sentence "expected …" better than `expected`. */
  explain?(text: string): string;
  /** Whether an error does not repeat a text that is wrong: it may be a secret that was put in the wrong place. */
  readonly secret?: true;
}

const matching = (pattern: RegExp, expected: string): SettingKind<string> => ({
  expected,
  parse: (text) => (pattern.test(text) ? text : undefined),
});

/** One of a few words. */
export const choice = <T extends string>(...words: readonly T[]): SettingKind<T> => ({
  expected: `one of ${words.join(', ')}`,
  parse: (text) => words.find((word) => word === text),
});

/** Whether something is so; `yes` and `no` are understood, too. */
export const flag: SettingKind<boolean> = {
  expected: 'true or false',
  parse: (text) => FLAGS.get(text),
};

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
]);

/** Twelve digits. */
export const accountId: SettingKind<string> = matching(/^\d{12}$/, 'twelve digits');

/** An AWS region. */
export const region: SettingKind<string> = matching(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'an AWS region');

/** The name of a DynamoDB table. */
export const tableName: SettingKind<string> = matching(/^[\w.-]{3,255}$/, 'the name of a DynamoDB table');

/** The ARN of an SNS topic. */
export const topicArn: SettingKind<string> = matching(
  /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/,
  'the ARN of an SNS topic',
);

/** The ARN of a Lambda function, with or without a version or alias. */
export const functionArn: SettingKind<string> = matching(
  /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/,
  'the ARN of a Lambda function',
);

/** The full ARN of a secret, with its six random characters. */
export const secretArn: SettingKind<SecretArn> = { expected: 'the full ARN of a secret', parse: asSecretArn };

/** The name of a Lambda function. */
export const functionName: SettingKind<string> = matching(/^[\w-]{1,64}$/, 'the name of a Lambda function');

/** The ARN of an IAM role. */
export const roleArn: SettingKind<string> = matching(
  /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
  'the ARN of an IAM role',
);

/** The name of an IAM role, without a path. */
export const roleName: SettingKind<string> = matching(/^[\w+=,.@-]{1,64}$/, 'the name of an IAM role');

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const externalId: SettingKind<string> = matching(
  /^[\w+=,.@:/-]{2,1224}$/,
  '2 to 1,224 letters, digits or +=,.@:/-',
);

/**
 * The name of a schedule group.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
 */
export const scheduleGroup: SettingKind<string> = matching(/^[\w.-]{1,64}$/, 'the name of a schedule group');

/**
 * The name of an SSM parameter.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 */
export const parameterName: SettingKind<string> = {
  ...matching(/^\/?[\w.-]+(\/[\w.-]+){0,14}$/, 'the name of an SSM parameter'),
  secret: true,
};

/** The name of an event bus. */
export const busName: SettingKind<string> = matching(/^[\w./-]{1,256}$/, 'the name of an event bus');

/**
 * The name of an S3 bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName: SettingKind<string> = matching(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the name of an S3 bucket',
);

/** The beginning of the keys of objects; nothing for all of a bucket. */
export const keyPrefix: SettingKind<string> = matching(
  /^([\w!.*'()-]+\/){0,10}$/,
  'words with a slash behind each',
);

/** A version as npm writes it. */
export const version: SettingKind<string> = matching(
  /^\d+\.\d+\.\d+[\w.+-]{0,50}$/,
  'a version such as 1.2.3',
);

/** A CloudWatch namespace; AWS keeps those that begin with `AWS/` to itself. */
export const namespace: SettingKind<string> = matching(
  /^(?!AWS\/)[\w./#-]{1,255}$/,
  'a CloudWatch namespace that does not begin with AWS/',
);

/** A web address. */
export const url: SettingKind<string> = {
  expected: 'a URL with http or https',
  parse: (text) => (/^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
};

/** A time span longer than nothing, in milliseconds. */
export const duration: SettingKind<number> = {
  expected: 'a duration of seconds, minutes, hours or days',
  parse: (text) => parseDuration(text) || undefined,
};

/** A whole number from `least` to `most`. */
export const wholeNumber = (least: number, most: number): SettingKind<number> => ({
  expected: `a whole number from ${least} to ${most}`,
  parse: (text) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
});

/** Days, hours and a time zone. */
export const businessHours: SettingKind<BusinessHours> = {
  expected: 'days, hours and a time zone such as MON-FRI 08:00-18:00 Europe/Berlin',
  parse: parseBusinessHours,
};

/** Words with commas between them. */
export const list: SettingKind<readonly string[]> = {
  expected: 'words with commas between them',
  parse: (text) =>
    Object.freeze(
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
};

/** Web addresses with commas between them; none is fine. */
export const urlList: SettingKind<readonly string[]> = {
  expected: 'URLs with http or https and commas between them',
  parse: (text) => {
    const urls = list.parse(text) ?? [];
    return urls.every((each) => url.parse(each) !== undefined) ? urls : undefined;
  },
};
