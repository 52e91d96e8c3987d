import { expect, test } from 'vitest';
import { markdownHtml } from '../../../../src/cli/preview/html-views.ts';

test('headings, paragraphs, bold, code, lists and tables become HTML', () => {
  const html = markdownHtml(
    ['# Fleet', '**Must** I `act`?', '', '- one', '- two', '', '| A | B |', '|---|---|', '| 1 | `x` |'].join(
      '\n',
    ),
  );
  expect(html).toContain('<h1>Fleet</h1><p><b>Must</b> I <code>act</code>?</p>');
  expect(html).toContain('<ul><li>one</li><li>two</li></ul>');
  expect(html).toContain(
    '<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><code>x</code></td></tr></table>',
  );
});

test('links lead to the web, or to another dashboard', () => {
  expect(markdownHtml('[run](https://wiki.example.com/a.md#b)')).toContain(
    '<a href="https://wiki.example.com/a.md#b" target="_blank" rel="noopener">run</a>',
  );
  expect(markdownHtml('[other](#dashboards:name=rotation-secrets)')).toContain(
    '<a href="/dashboards/rotation-secrets">other</a>',
  );
});

test.each([
  '<script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](https://e.com/" onmouseover="alert(1))',
  '`<img src=x>`',
  '| <b>a</b> |\n|---|\n| <i>b</i> |',
  '# <img src=x onerror=alert(1)>',
])('%s brings no HTML of its own and no script', (text) => {
  const html = markdownHtml(text);
  expect(
    html.match(/<(?!\/?(h\d|p|ul|li|table|tr|th|td|b|code|br|a href="(https?:|\/dashboards\/)[^"]*")\b)/g) ??
      [],
  ).toEqual([]);
  expect(html).not.toMatch(/<[^>]* on\w+=/);
});
