import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimate, exactly, legsOf } from '../src/wallet/legs.ts';

const holdings = [
	{ program: 1, amount: 10n, expires: 300 }, { program: 2, amount: 5n, expires: 100 }, { program: 1, amount: 7n, expires: 200 }, { program: 3, amount: 0n, expires: 1 },
];

test('those that expire first pay first, and what is empty not at all', () => {
	assert.deepEqual(legsOf(holdings), [{ program: 2, maxPoints: 5n }, { program: 1, maxPoints: 17n }]);
	assert.deepEqual(legsOf(holdings, (program) => program !== 2), [{ program: 1, maxPoints: 17n }]);
	assert.equal(legsOf(Array.from({ length: 9 }, (_, program) => ({ program, amount: 1n, expires: program }))).length, 8);
});

test('an estimate rounds up, and says when it is not enough', () => {
	const face = () => 100n;
	assert.deepEqual([...(estimate(legsOf(holdings), 501n, face) ?? [])], [[2, 5n], [1, 1n]]);
	assert.equal(estimate(legsOf(holdings), 2_201n, face), undefined);
	assert.deepEqual(exactly(legsOf(holdings), new Map([[1, 3n]])), [{ program: 1, maxPoints: 3n }]);
});
