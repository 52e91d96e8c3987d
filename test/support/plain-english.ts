import ts from 'typescript';

/** Phrases that no native on-call engineer would write, each with what stands in its place. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:was|were|is|are|be|been|being|not|never|nobody) told\b(?! apart)/i, 'sent, reported, notified'],
  [/\btold otherwise\b/i, 'by default'],
  [/\btold (?:at|of|once|before|singly|all the same)\b/i, 'sent, reported'],
  [/\btells? (?:of|nobody|nothing|people|applications|it)\b/i, 'records, reports, notifies'],
  [/\b(?:is|was) said once\b/i, 'you get this notice once'],
  [/\bby (?:somebody|someone|anybody) unseen\b/i, 'by an unknown caller'],
  [/\b(?:is|are) (?:still )?(?:pending|AWSPENDING|AWSPREVIOUS|open|late|down) since\b/i, 'has been … since'],
  [/\b(?:fails|refuses|cannot be \w+) since\b/i, 'has failed since'],
  [/\bcould (?:not )?be asked\b/i, 'could not be checked'],
  [/\b(?:hears?|heard) of\b/i, 'gets, receives'],
  [/\bany more\b(?! than)/i, 'no longer'],
  [/\bgone wrong\b|\bis no trouble\b|\bgoes wrong\b/i, 'failed'],
  [/\bso that (?:no|nothing|nobody) \w+ (?:can|is|are)\b/i, 'so'],
  [/\bwent off\b|\bgo(?:es)? off with\b/i, 'was switched off'],
  [/\banew\b|\bmend(?:ed|s)?\b|\bmeanwhile\b/i, 'again, fix, in the meantime'],
  [/\bgrows older\b|\bin use by hand\b|\bhad been so\b/i, 'gets older, promote'],
  [
    /\btak(?:es?|en) (?:AWSPENDING|the label|its label) off\b|\btook (?:AWSPENDING|the label) off\b/i,
    'remove',
  ],
  [/\bLet whoever\b|\blies? in the\b|\bwhat is asked once\b/i, 'ask whoever, is in the'],
  [/\bgave up on them\b|\bat work\b(?! on)|\bside by side\b/i, 'running, in parallel'],
];

/** Returns the passages of a text that are not plain, each with a remedy; empty when there are none. */
export const notPlain = (text: string, mostWords: number): readonly string[] => [
  ...FOREIGN.flatMap(([phrase, instead]) => {
    const found = phrase.exec(withoutCode(text));
    return found === null ? [] : [`"${around(withoutCode(text), found)}": write "${instead}"`];
  }),
  ...tooLong(partsOf(text), mostWords),
];

/** Returns the sentences of a text that are too long as a whole, colons and semicolons included. */
export const longWinded = (text: string, mostWords: number): readonly string[] =>
  tooLong(sentencesOf(text), mostWords);

const tooLong = (sentences: readonly string[], mostWords: number): readonly string[] =>
  sentences
    .filter((sentence) => wordsIn(sentence) > mostWords)
    .map((sentence) => `${wordsIn(sentence)} words: ${sentence}`);

const withoutCode = (text: string): string => text.replaceAll(/`[^`\n]+`/g, 'code');

const around = (text: string, { index, 0: found }: RegExpExecArray): string =>
  text.slice(Math.max(0, index - 40), index + found.length + 20).replaceAll('\n', ' ');

/** A part up to a colon or semicolon counts by itself: it is read by itself. */
const partsOf = (text: string): readonly string[] =>
  text.split(/\n+|(?<=[.!?:;])[)"']*\s+/).filter((part) => part.trim() !== '');

const sentencesOf = (text: string): readonly string[] =>
  text.split(/\n+|(?<=[.!?])[)"'*]*\s+/).filter((sentence) => sentence.trim() !== '');

const wordsIn = (sentence: string): number =>
  withoutCode(sentence)
    .split(/\s+/)
    .filter((word) => /[\p{L}\d]/u.test(word)).length;

/** The texts in a source file: strings with words in them, with each inserted value as one word. */
export function textsIn(source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('X'));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return texts.filter((text) => /[a-z]{2} [a-zA-Z]/.test(text));
}

/** The comments of a source, each in one line. */
export const commentsIn = (source: string): readonly string[] =>
  [...source.matchAll(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm)].map(([text]) => text.replaceAll(/\n\s*\*/g, ' '));

/** The first lines of doc comments that begin with a relative clause or a preposition, in place of a noun or a verb. */
export const relativeDocs = (source: string): readonly string[] =>
  [...source.matchAll(RELATIVE)].map(([, text = '']) => text.trim());

const RELATIVE =
  /^ *\/\*\*\s+(?:\* )?((?:What|How|That|Where|When|Which|Who(?:se|m|ever)?|Whatever|Why|Of|As|To|Since|From when|Until when|After how)\b.*)$/gm;

/** The prose of a page: without code, headings, tables' frames, links' addresses. */
export const proseOf = (page: string): string =>
  page
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/^[|].*$/gm, (row) => row.split('|').join('\n'))
    .replaceAll(/\n(?=[a-z(`])/g, ' ');
