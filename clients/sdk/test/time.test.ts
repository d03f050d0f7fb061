import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, exactly, moment, parseDuration } from '../src/time.ts';

test('lengths of time are read and written', () => {
	assert.deepEqual(['90m', '1d12h', '500ms', '7d'].map(parseDuration), [5_400_000, 129_600_000, 500, 604_800_000]);
	assert.deepEqual(['', '7', 'd', '7 d', '-1h', '1w'].map(parseDuration), Array(6).fill(undefined));
	const lengths = [250, 10_000, 5_400_000, 129_600_000, 86_400_000 + 61_500];
	assert.deepEqual(lengths.map(duration), ['0 s', '10 s', '1 h 30 min', '1 d 12 h', '1 d']);
	assert.deepEqual(lengths.map(exactly), ['250 ms', '10 s', '1 h 30 min', '1 d 12 h', '1 d 1 min 1 s 500 ms']);
	for (const length of lengths) assert.equal(parseDuration(exactly(length).replaceAll('min', 'm').replaceAll(' ', '')), length);
	assert.equal(moment(0, 10), '1970-01-01 00:00 UTC');
	assert.equal(moment(60_000, 0), '1970-01-01 00:01 UTC (in 1 min)');
});
