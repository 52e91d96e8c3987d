// Stands for the AWS CLI in a shell: hands its words to the test, and prints and writes what the CLI would.
import { readFileSync, writeFileSync } from 'node:fs';

const words = process.argv.slice(2);
const input = words.includes('fileb:///dev/stdin') ? readFileSync(0, 'utf8') : undefined;
const answer = await fetch(process.env['AWS_STUB_URL'], {
  method: 'POST',
  body: JSON.stringify({ words, input }),
});
const { printed, file, code } = await answer.json();
if (file !== undefined) writeFileSync(file.name, file.text);
process.stdout.write(`${printed}\n`);
process.exitCode = code;
