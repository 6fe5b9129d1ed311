import assert from 'node:assert/strict';
import { test } from 'node:test';
import { principalsIn, withPrincipals } from './principals.ts';

const ANA = 'arn:aws:iam::111111111111:user/ana';
const TEXT = `{ "Version": "2012-10-17",
  "Statement": [
    {"Effect":"Allow", "Action":"kms:*", "Resource":"${ANA}", "Principal": { "AWS" : ["${ANA}", "111111111111"] }},
    {"Sid":"Not \\"Principal\\"", "Effect":"Deny", "NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user\\/ana","Service":"x.amazonaws.com"}, "Action":"*"},
    {"Effect":"Allow","Principal":"*","Action":"*", "Condition": {"StringEquals": {"aws:PrincipalArn": "${ANA}"}}}
  ] }`;

test('principals are found where they stand, whatever is escaped, and nothing else is', () => {
  assert.deepEqual(
    principalsIn(TEXT).map(({ type, name }) => [type, name]),
    [
      ['AWS', ANA],
      ['AWS', '111111111111'],
      ['AWS', ANA],
      ['Service', 'x.amazonaws.com'],
      ['AWS', '*'],
    ],
  );
});

test('other names are put in their places and the rest stays as it was written', () => {
  const named = principalsIn(TEXT).flatMap((one) => (one.name === ANA ? [{ ...one, as: 'AIDA1' }] : []));
  const expected = TEXT.replace(`["${ANA}"`, '["AIDA1"').replace('arn:aws:iam::111111111111:user\\/ana', 'AIDA1');
  assert.equal(withPrincipals(TEXT, named), expected);
});

test('one statement without a list, and what is no policy', () => {
  const one = principalsIn(`{"Statement":{"Principal":{"AWS":"${ANA}"}}}`);
  assert.equal(one[0]?.name, ANA);
  for (const text of ['', '[]', '{"Statement":7}', '{"Statement":[{"Principal":{"AWS":[7]}}]}']) {
    assert.deepEqual(principalsIn(text), [], text);
  }
});

test('a key that looks like the path of a principal leads nowhere else', () => {
  const text = `{"Statement":[{"Principal":{"AWS":"${ANA}"}}],"Statement[0].Principal.AWS":"x"}`;
  assert.deepEqual(principalsIn(text), []);
});
