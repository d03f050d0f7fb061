import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../lib/node.ts';
import { Journal, JournalError } from '../player/journal.ts';

const newPath = () => join(temporaryDirectory(), 'journal.jsonl');

test('a journal that is opened again knows what was written', () => {
	const path = newPath();
	const written = new Journal(path);
	written.write({ kind: 'programs', programs: [3, 1, 4, 2] });
	written.write({ kind: 'era', era: 20_000 });
	written.write({ kind: 'nonces', nonces: { 17: 5 } });
	written.write({ kind: 'final', block: { number: 9, hash: '0x09' }, batches: [0, 1], actions: [5], refused: { 5: 'why' } });
	written.write({ kind: 'final', block: { number: 10, hash: '0x0a' }, batches: [2], actions: [], refused: {} });
	written.close();

	const read = new Journal(path);
	assert.deepEqual(read.programs, [3, 1, 4, 2]);
	assert.equal(read.era, 20_000);
	assert.equal(read.nonces?.get(17), 5);
	assert.deepEqual([...read.batches], [0, 1, 2]);
	assert.deepEqual([...read.actions], [5]);
	assert.equal(read.refused.get(5), 'why');
	assert.equal(read.checkpoint?.number, 10);
	read.close();
});

test('a last line that was cut short is dropped', () => {
	const path = newPath();
	const written = new Journal(path);
	written.write({ kind: 'era', era: 1 });
	written.close();
	appendFileSync(path, '{"kind":"era","er');

	const read = new Journal(path);
	assert.equal(read.era, 1);
	read.write({ kind: 'era', era: 2 });
	read.close();
	assert.equal(readFileSync(path, 'utf8'), '{"kind":"era","era":1}\n{"kind":"era","era":2}\n');
});

test('a file that is no journal is reported with its line number', () => {
	const path = newPath();
	writeFileSync(path, '{"kind":"era","era":1}\nnonsense\n');
	assert.throws(() => new Journal(path), (error) => error instanceof JournalError && /line 2/.test(error.message));
});
