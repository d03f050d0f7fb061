import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSame } from '../src/shared/meant.ts';
import { OtherShape, isOtherShape } from '../src/shared/shape.ts';

const call = (value: unknown) => ({ type: 'Exchange', value: { type: 'exchange', value } });
const meant = call({ from: 1, amount: 5n, to: 2, min_out: 4n, legs: [{ program: 1 }, { program: 2 }] });

test('what the chain reads is the same, in whatever kind of number, and with nothing in what is new', () => {
	assert.ok(isSame(meant, call({ to: 2, from: 1n, amount: 5n, min_out: 4n, legs: [{ program: 1 }, { program: 2 }], memo: undefined })));
	assert.ok(isSame(call(new Uint8Array([1, 2])), call(new Uint8Array([1, 2]))));
});

test('an argument that is gone, new, renamed or worth something else is not what was meant', () => {
	const legs = [{ program: 1 }, { program: 2 }];
	const others = [
		{ from: 1, amount: 5n, to: 2, legs }, { from: 1, amount: 5n, to: 2, max_out: 4n, legs }, { from: 1, amount: 5n, to: 2, min_out: 0n, legs },
		{ from: 2, amount: 5n, to: 1, min_out: 4n, legs }, { from: 1, amount: 5n, to: 2, min_out: 4n, legs, fee: 0 },
		{ from: 1, amount: 5n, to: 2, min_out: 4n, legs: [{ program: 1 }] }, { from: 1, amount: 5n, to: 2, min_out: 4n, legs: [{ program: 2 }, { program: 1 }] },
	];
	for (const read of others) assert.equal(isSame(meant, call(read)), false, JSON.stringify(read, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
	assert.equal(isSame(call(new Uint8Array([1, 2])), call(new Uint8Array([2, 1]))), false);
	assert.equal(isSame(meant, { ...meant, type: 'Points' }), false);
});

test('the library says of what it cannot encode that it has another shape', () => {
	const said = ['Incompatible runtime entry Tx(Exchange.exchange)', 'Runtime entry Tx(Exchange.exchange) not found', 'Incompatible runtime entry RuntimeCall(HanseApi.who_pays)'];
	for (const message of said) assert.ok(isOtherShape(new Error(message)), message);
	assert.ok(isOtherShape(new OtherShape('the chain reads another call')));
	assert.equal(isOtherShape(new Error('the node has no block')), false);
});
