import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexOf } from '../src/bytes.ts';
import { addressFrom, derived, fromSecret, publicKeyOf, wellKnown } from '../src/keys.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

test('a secret is a phrase, a seed or a path, and never just any text', () => {
	assert.equal(fromSecret('//Alice').address, ALICE);
	assert.equal(fromSecret(`${PHRASE}//Alice`).address, ALICE);
	// As subkey says.
	assert.equal(fromSecret(PHRASE).address, '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV');
	assert.equal(fromSecret('0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a').address, ALICE);
	assert.notEqual(fromSecret(`${PHRASE}///word`).address, fromSecret(PHRASE).address);
	assert.notEqual(fromSecret('//Alice/soft').address, ALICE);
	for (const wrong of ['', 'Alice', PHRASE.replace('lake', 'lakes'), '0x0102', '//']) assert.throws(() => fromSecret(wrong), wrong);
});

test('a well-known key is derived once, and a derived one is the same each time', () => {
	assert.equal(wellKnown('Alice'), wellKnown('Alice'));
	const secret = new Uint8Array(32);
	assert.equal(derived(secret, 'a').address, derived(secret, 'a').address);
	assert.notEqual(derived(secret, 'a').address, derived(secret, 'b').address);
});

test('an address is written as this chain writes it', () => {
	assert.equal(addressFrom('15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'), ALICE);
	assert.equal(hexOf(publicKeyOf(ALICE)), '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
	for (const wrong of ['', '5Grw', `${ALICE}x`]) assert.equal(addressFrom(wrong), undefined, wrong);
});
