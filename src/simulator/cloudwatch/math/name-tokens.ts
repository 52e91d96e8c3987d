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
export const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
