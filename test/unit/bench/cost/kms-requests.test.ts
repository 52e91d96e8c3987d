import { expect, test } from 'vitest';
import { requestsOfQueue, requestsOfTable, requestsOfTopics } from '../../../../bench/cost/kms-requests.ts';

test('a queue asks for each sender twice and for each receiver once a period', () => {
  expect(requestsOfQueue({ reuseSeconds: 3_600, producers: 2, consumers: 1 })).toBe(720 * 5);
});

test('a table asks once a call, and not more than every five minutes', () => {
  expect(requestsOfTable(8_640)).toBe(8_640);
  expect(requestsOfTable(8_641)).toBe(8_640);
  expect(requestsOfTable(7)).toBe(7);
});

test('a publication asks twice, at most every five minutes', () => {
  expect(requestsOfTopics(30)).toBe(60);
  expect(requestsOfTopics(1e6)).toBe(17_280);
});
