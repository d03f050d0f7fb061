import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wellKnown } from '@hanse/sdk/keys';
import { accountLink, payLink, readLink, signatureLink, slipLink } from '../src/shared/links.ts';

const genesis = `0x${'ab'.repeat(32)}`;
const order = { era: 7, commitment: `0x${'cd'.repeat(32)}` };
const { address, sign } = wellKnown('Eve');

test('what is written is read', () => {
	const pay = { genesis, merchant: 2, order, price: 12_500_000n, until: 1_790_000_000_000 };
	assert.deepEqual(readLink(payLink(pay)), { kind: 'pay', ...pay });
	assert.deepEqual(readLink(`https://shop.example/wallet/#${payLink(pay)}`), { kind: 'pay', ...pay });
	assert.deepEqual(readLink(accountLink(genesis, address)), { kind: 'account', genesis, account: address });
	const signature = sign(new Uint8Array([1]));
	const slip = { merchant: 2, order, price: 1n, legs: [{ program: 1, maxPoints: 5n }, { program: 300, maxPoints: 1n }], until: 5 };
	const read = readLink(slipLink(address, slip, signature));
	assert.deepEqual(read, { kind: 'slip', payer: address, slip, signature: `0x${Buffer.from(signature).toString('hex')}` });
	assert.equal(readLink(signatureLink(address, signature)).kind, 'signature');
});

test('what cannot be is no link', () => {
	const good = payLink({ genesis, merchant: 2, order, price: 5n, until: 9 });
	for (const bad of ['', 'https://example.com', good.replace('v=5', 'v=0'), good.replace('v=5', 'v=05x'), good.replace('m=2', 'm=4294967296'), good.replace('&t=9', ''), `${good}&t=9`, good.replace('pay', 'constructor'), good.replace('pay', 'toString')]) {
		assert.throws(() => readLink(bad), bad);
	}
});
