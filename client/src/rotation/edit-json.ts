const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const OPENS = new Set(['{', '[']);
const CLOSES = new Set(['}', ']']);
const SEPARATES = new Set([',', ':']);

/** Place of a field's value in the text of an object. */
interface Place {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Sets texts of an object in JSON. Everything else stays as it is written: what JavaScript would change, such as a number
 * of twenty digits, and fields that are given twice.
 *
 * @param json The text of an object.
 */
export function withTexts(json: string, texts: Readonly<Record<string, string>>): string {
  const places = placesOf(json);
  let edited = json;
  for (const { key, start, end } of places.toReversed())
    if (Object.hasOwn(texts, key))
      edited = `${edited.slice(0, start)}${JSON.stringify(texts[key])}${edited.slice(end)}`;
  const known = new Set(places.map(({ key }) => key));
  const added = Object.entries(texts).filter(([key]) => !known.has(key));
  const members = added.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(',');
  if (members === '') return edited;
  const after = edited.indexOf('{') + 1;
  return `${edited.slice(0, after)}${members}${known.size > 0 ? ',' : ''}${edited.slice(after)}`;
}

/** The values of the outermost fields, in order. */
function placesOf(json: string): readonly Place[] {
  const spans = spansOf(json);
  return spans.flatMap(([start, end], index) => {
    const value = spans[index + 1];
    if (index % 2 === 1 || value === undefined) return [];
    return [{ key: JSON.parse(json.slice(start, end)) as string, start: value[0], end: value[1] }];
  });
}

/** The places of the outermost keys and values, in turns. */
function spansOf(json: string): readonly (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  let depth = 0;
  let opened = 0;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const [opens, closes] = [OPENS.has(token), CLOSES.has(token)];
    if (closes) depth--;
    if (depth === 1 && opens) opened = index;
    else if (depth === 1 && !SEPARATES.has(token))
      spans.push([closes ? opened : index, index + token.length]);
    if (opens) depth++;
  }
  return spans;
}
