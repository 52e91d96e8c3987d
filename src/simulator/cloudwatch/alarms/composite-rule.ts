import { AwsError } from '../../call/aws-error.ts';
import type { AlarmState } from './alarm.ts';

/** Returns the state of an alarm by its name or ARN; undefined when there is none. */
type StateOf = (nameOrArn: string) => AlarmState | undefined;

/** A rule that was read. */
export interface CompositeRule {
  /** Names or ARNs of the alarms it looks at. */
  readonly children: readonly string[];
  /** Whether the alarm rings. */
  rings(stateOf: StateOf): boolean;
}

/** Longest rule. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MAX_LENGTH = 10_240;
/** Most alarms of a rule. */
const MAX_CHILDREN = 100;

const TOKEN =
  /\s*(?:(?<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?<quoted>[^"]*)"|(?<bare>[^\s()"]+))\s*\)|(?<word>TRUE|FALSE|AND|OR|NOT|[()]))/y;

type Token = { readonly word: string } | { readonly state: AlarmState; readonly alarm: string };
type Test = (stateOf: StateOf) => boolean;

/**
 * Reads the rule of a composite alarm; fails with a ValidationError.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export function readRule(rule: string): CompositeRule {
  if (rule.length > MAX_LENGTH) throw invalidRule('it is too long');
  const tokens = tokensOf(rule);
  const children = [...new Set(tokens.flatMap((token) => ('alarm' in token ? [token.alarm] : [])))];
  if (children.length > MAX_CHILDREN) throw invalidRule(`it has more than ${MAX_CHILDREN} alarms`);
  const reader = new RuleReader(tokens);
  return { children, rings: reader.whole() };
}

const invalidRule = (reason: string): AwsError =>
  new AwsError('ValidationError', `AlarmRule is invalid: ${reason}.`);

function tokensOf(rule: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = rule.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const { state, quoted, bare, word } = TOKEN.exec(text)?.groups ?? {};
    if (state !== undefined) tokens.push({ state: state as AlarmState, alarm: quoted ?? bare ?? '' });
    else if (word !== undefined) tokens.push({ word });
    else throw invalidRule('it cannot be read');
  }
  return tokens;
}

class RuleReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Test {
    const test = this.#choice();
    if (this.#next < this.#tokens.length) throw invalidRule('a word is not expected there');
    return test;
  }

  #choice(): Test {
    const tests = [this.#all()];
    while (this.#takes('OR')) tests.push(this.#all());
    return (stateOf) => tests.some((test) => test(stateOf));
  }

  #all(): Test {
    const tests = [this.#one()];
    while (this.#takes('AND')) tests.push(this.#one());
    return (stateOf) => tests.every((test) => test(stateOf));
  }

  #one(): Test {
    if (this.#takes('NOT')) {
      const test = this.#one();
      return (stateOf) => !test(stateOf);
    }
    if (this.#takes('TRUE')) return () => true;
    if (this.#takes('FALSE')) return () => false;
    if (this.#takes('(')) {
      const test = this.#choice();
      if (!this.#takes(')')) throw invalidRule('a parenthesis is open');
      return test;
    }
    const token = this.#tokens[this.#next];
    if (token === undefined || !('alarm' in token)) throw invalidRule('an alarm is missing');
    this.#next += 1;
    return (stateOf) => stateOf(token.alarm) === token.state;
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#next];
    const found = token !== undefined && 'word' in token && token.word === word;
    if (found) this.#next += 1;
    return found;
  }
}
