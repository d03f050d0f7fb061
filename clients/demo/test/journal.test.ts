import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BlockId } from '../src/chain/snapshot.ts';
import { Journal, JournalError } from '../src/play/journal.ts';

const newPath = () => join(mkdtempSync(join(tmpdir(), 'hanse-')), 'journal.jsonl');

test('a journal that is opened again knows what was written', () => {
	const path = newPath();
	const written = new Journal(path);
	written.write({ kind: 'programs', programs: [3, 1, 4, 2] });
	written.write({ kind: 'era', era: 20_000 });
	const nothing = { batches: [], cancelled: [], kept: [], actions: [], refunds: [], refused: {} };
	const block = (number: number): BlockId => ({ number, hash: `0x0${number}` });
	written.write({ kind: 'final', block: block(8), ...nothing, batches: [0, 1], actions: [5], refunds: [3], refused: { 5: 'why' } });
	written.write({ kind: 'final', block: block(9), ...nothing, batches: [2], cancelled: [0], kept: [1] });
	const events = [{ kind: 'lineGranted', creditor: 1, debtor: 2, limit: '70' }] as const;
	written.write({ kind: 'clearing', block: 9, now: 9_000, cycle: 2, events: [...events] });
	written.write({ kind: 'paused', block: 10, now: 10_000, reason: 'clearing.Overdue' });
	written.close();

	const read = new Journal(path);
	assert.deepEqual(read.clearing.map(({ block, events }) => ({ block, events })), [{ block: 9, events }]);
	assert.deepEqual([read.cycle, read.paused?.reason], [2, 'clearing.Overdue']);
	assert.deepEqual(read.programs, [3, 1, 4, 2]);
	assert.equal(read.era, 20_000);
	assert.deepEqual([...read.batches], [0, 1, 2]);
	assert.deepEqual([...read.cancelled], [0]);
	assert.deepEqual([...read.kept], [1]);
	assert.deepEqual([...read.actions], [5]);
	assert.deepEqual([...read.refunds], [3]);
	assert.equal(read.firstEra, 20_000);
	assert.equal(read.refused.get(5), 'why');
	assert.equal(read.checkpoint?.number, 9);
	// A play that writes its start is not one that goes on.
	assert.equal(read.wasBegun, false);
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
