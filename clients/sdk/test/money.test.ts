import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, parseSettlement, pointsToCover, settlement } from '../src/money.ts';

test('amounts are shown without rounding', () => {
	assert.equal(format(0n, 0), '0');
	assert.equal(format(5n, 2), '0.05');
	assert.equal(format(1_234_567n, 2), '12,345.67');
	assert.equal(format(-1_234_567n, 0), '-1,234,567');
	assert.equal(settlement(25_000_000_001n), '25,000.000001');
});

test('settlement units are read as people write them, and nothing else is', () => {
	const read = ['12500', '12,500.50', '0.000001', '0'].map(parseSettlement);
	assert.deepEqual(read, [12_500_000_000n, 12_500_500_000n, 1n, 0n]);
	for (const wrong of ['', '-1', '1.', '.5', '0.0000001', '1e3', 'all']) assert.equal(parseSettlement(wrong), undefined, wrong);
});

test('points to cover a value are enough, and one less is not', () => {
	for (const [value, face] of [[1n, 10_000n], [10_000n, 10_000n], [10_001n, 10_000n], [12_345n, 40n]] as const) {
		const points = pointsToCover(value, face);
		assert.ok(points * face >= value);
		assert.ok((points - 1n) * face < value);
	}
});
