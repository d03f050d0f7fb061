/** What the player signs without asking the node. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat } from '@hanse/sdk/bytes';
import { compact } from '@hanse/sdk/signed';
import { wellKnown } from '@hanse/sdk/keys';
import { signerOf } from '../src/chain/signing.ts';

const { address, publicKey } = wellKnown('Alice');
const transaction = (length: number, ...head: number[]) => concat(Uint8Array.from(head), publicKey, new Uint8Array(length));
const whole = (bytes: Uint8Array) => concat(compact(bytes.length), bytes);

test('the signer of a transaction is read from its bytes, however long it is', () => {
	for (const length of [10, 200, 20_000]) assert.equal(signerOf(whole(transaction(length, 0x84, 0))), address);
	// A part of a longer text is read as that part alone.
	const bytes = whole(transaction(10, 0x84, 0));
	assert.equal(signerOf(concat(Uint8Array.of(1, 2, 3), bytes).subarray(3)), address);
});

test('what nobody signed has no signer', () => {
	assert.equal(signerOf(whole(transaction(10, 0x05, 0))), undefined);
	assert.equal(signerOf(whole(Uint8Array.of(5, 1, 0, 11))), undefined);
});
