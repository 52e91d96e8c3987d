import { invalidFormula } from './invalid-formula.ts';

/** A metric as a search sees it. */
export interface Searchable {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly (readonly [string, string])[];
}

/** Whether a metric is found. */
export type SearchMatch = (metric: Searchable) => boolean;

/** Longest search. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const MAX_LENGTH = 1024;

const TOKEN = /\s*(?:(?<schema>\{[^}]*\})|(?<sign>[()])|(?<word>[^\s"()]*"(?:\\.|[^"\\])*"|[^\s()",]+)),?/y;

/**
 * Reads what stands in the quotes of a SEARCH: a schema in braces and terms, joined by AND, OR and NOT; fails with a
 * ValidationError. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function parseSearch(text: string): SearchMatch {
  if (text.length > MAX_LENGTH) throw invalidFormula(text, `a search has ${MAX_LENGTH} characters at most`);
  const words = splitSearch(text);
  const schema = words[0]?.startsWith('{') ? schemaMatch(words[0]) : () => true;
  const terms = new Terms(text, words[0]?.startsWith('{') ? words.slice(1) : words);
  const match = terms.all();
  terms.end();
  return (metric) => schema(metric) && match(metric);
}

function splitSearch(text: string): readonly string[] {
  const words: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (found === null) throw invalidFormula(text, 'the search cannot be read');
    const { schema, sign, word } = found.groups ?? {};
    words.push(schema ?? sign ?? word ?? '');
  }
  return words;
}

/** Namespace and names of dimensions; with names, a metric needs exactly these. */
function schemaMatch(schema: string): SearchMatch {
  const [namespace, ...names] = schema
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
  const wanted = names.toSorted().join('\u0000');
  return (metric) =>
    metric.namespace === namespace &&
    (names.length === 0 ||
      metric.dimensions
        .map(([name]) => name)
        .toSorted()
        .join('\u0000') === wanted);
}

class Terms {
  readonly #text: string;
  readonly #words: readonly string[];
  #next = 0;

  constructor(text: string, words: readonly string[]) {
    this.#text = text;
    this.#words = words;
  }

  /** Terms joined by OR; those beside each other, or joined by AND, have all to be met. */
  all(): SearchMatch {
    const choices: SearchMatch[] = [this.#every()];
    while (this.#takes('OR')) choices.push(this.#every());
    return (metric) => choices.some((match) => match(metric));
  }

  end(): void {
    if (this.#next < this.#words.length) throw invalidFormula(this.#text, 'the search cannot be read');
  }

  #every(): SearchMatch {
    const parts: SearchMatch[] = [];
    while (this.#next < this.#words.length && !['OR', ')'].includes(this.#words[this.#next] ?? '')) {
      if (this.#takes('AND')) continue;
      parts.push(this.#takes('NOT') ? not(this.#term()) : this.#term());
    }
    return (metric) => parts.every((match) => match(metric));
  }

  #term(): SearchMatch {
    if (this.#takes('(')) {
      const inner = this.all();
      if (!this.#takes(')')) throw invalidFormula(this.#text, 'a parenthesis is open');
      return inner;
    }
    const word = this.#words[this.#next];
    if (word === undefined) throw invalidFormula(this.#text, 'the search ends too early');
    this.#next += 1;
    return termMatch(word);
  }

  #takes(word: string): boolean {
    const found = this.#words[this.#next] === word;
    if (found) this.#next += 1;
    return found;
  }
}

const not =
  (match: SearchMatch): SearchMatch =>
  (metric) =>
    !match(metric);

/** `"exact"`, `partial`, `Property="exact"` or `Property=partial`. */
function termMatch(word: string): SearchMatch {
  const [, property, text = ''] = /^(?:([^="]+)=)?(.*)$/s.exec(word) ?? [];
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  const matches = quoted === undefined ? partial(text) : exact(quoted.replaceAll(/\\(.)/g, '$1'));
  return (metric) => namesOf(metric, property).some(matches);
}

const exact =
  (wanted: string) =>
  (name: string): boolean =>
    name === wanted;

/** One word matches a token; several have to stand beside each other in the name. */
function partial(text: string): (name: string) => boolean {
  const words = wordsOf(text);
  if (words.length < 2) return (name) => nameTokens(name).includes(words.join(''));
  return (name) =>
    `\u0000${wordsOf(name).join('\u0000')}\u0000`.includes(`\u0000${words.join('\u0000')}\u0000`);
}

/** Returns the names of a metric that a term is compared with. */
function namesOf(
  { namespace, name, dimensions }: Searchable,
  property: string | undefined,
): readonly string[] {
  if (property === undefined) return [namespace, name, ...dimensions.flat()];
  if (property === 'MetricName') return [name];
  if (property === 'Namespace') return [namespace];
  return dimensions.flatMap(([key, value]) => (key === property ? [value] : []));
}

/**
 * The tokens of a name, in lower case: its words, digits by themselves, and the whole without what is between.
 * `CustomCount1` has `customcount1`, `custom`, `count`, `1`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export const nameTokens = (name: string): readonly string[] => {
  const parts = wordsOf(name);
  return parts.length < 2 ? parts : [parts.join(''), ...parts];
};

/** The words of a name in lower case: runs of capitals, capitalized words, small words and numbers. */
const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
