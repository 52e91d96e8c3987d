import { expect, test } from 'vitest';
import { element, parseForm } from '../../../../src/simulator/protocols/query.ts';
import { openAccount } from '../open-account.ts';

test('parseForm reads plain members, structures, lists and maps', () => {
  const form = new URLSearchParams({
    Name: 'a b&c',
    'Point.X': '1',
    'List.member.2': 'second',
    'List.member.10': 'tenth',
    'List.member.1': 'first',
    'Attributes.entry.1.key': 'k',
    'Attributes.entry.1.value': 'v',
    'MessageAttributes.entry.1.Name': 'n',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'x',
    'Broken.entry.1': 'y',
  });
  expect(parseForm(form.toString())).toEqual({
    Name: 'a b&c',
    Point: { X: '1' },
    List: ['first', 'second', 'tenth'],
    Attributes: { k: 'v' },
    MessageAttributes: { n: { DataType: 'String', StringValue: 'x' } },
    Broken: { y: undefined },
  });
});

test('parseForm of a hostile path changes no prototype', () => {
  parseForm('__proto__.polluted=1&constructor.prototype.polluted=1');
  expect({}).not.toHaveProperty('polluted');
});

test('element writes structures, lists, maps and times, and escapes texts', () => {
  expect(
    element('R', { A: 'x<&>"\n', L: [1, 2], Attributes: { k: 'v' }, T: new Date(0), N: undefined }),
  ).toBe(
    '<R><A>x&lt;&amp;&gt;&quot;&#xA;</A><L><member>1</member><member>2</member></L>' +
      '<Attributes><entry><key>k</key><value>v</value></entry></Attributes><T>1970-01-01T00:00:00.000Z</T></R>',
  );
});

const post = async (service: string, body: string) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=r/20261121/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization };
  const { response } = await openAccount()
    .requestHandler('r')
    .handle({ method: 'POST', path: '/', headers, body });
  return { status: response.statusCode, text: String(response.body) };
};

test('an answer is wrapped as the query protocol wraps it', async () => {
  const { status, text } = await post('sts', 'Action=GetCallerIdentity&Version=2011-06-15');
  expect(status).toBe(200);
  expect(text).toMatch(
    /^<GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><GetCallerIdentityResult>.*<Account>111122223333<\/Account>.*<\/GetCallerIdentityResult><ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata><\/GetCallerIdentityResponse>$/,
  );
});

test('an error says who is to blame', async () => {
  const { status, text } = await post('sns', 'Action=Publish&TopicArn=none&Message=m');
  expect(status).toBe(404);
  expect(text).toContain(
    '<Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error>',
  );
});

test.each([
  ['sts', 'Action=GetFederationToken'],
  ['sts', ''],
  ['sqs', 'Action=ListQueues'],
  ['toString', 'Action=ListQueues'],
])('for %s the form "%s" is refused as InvalidAction', async (service, body) => {
  const { status, text } = await post(service, body);
  expect(status).toBe(400);
  expect(text).toContain('<Code>InvalidAction</Code>');
});
