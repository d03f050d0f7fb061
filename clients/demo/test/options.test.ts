/** The player's command line. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { USAGE, WrongUsage, readOptions } from '../src/options.ts';

test('without arguments a node on this machine plays the purchases of the repository', () => {
	const { url, gateway, purchases, journal, limit } = readOptions([]) ?? assert.fail('no options');
	assert.deepEqual([url, gateway, journal, limit], ['ws://127.0.0.1:9944', resolve('gateway'), resolve('play.jsonl'), undefined]);
	assert.ok(existsSync(purchases), purchases);
});

test('help names every option', () => {
	assert.equal(readOptions(['--help']), undefined);
	assert.equal(readOptions(['-h', '--limit', 'x']), undefined);
	for (const option of ['--url', '--gateway', '--purchases', '--journal', '--limit', '--help']) assert.ok(USAGE.includes(`\n  ${option} `), option);
});

test('what is wrong is said with its option', () => {
	const wrong: [string[], RegExp][] = [
		[['--limit', '0'], /--limit 0: give a number/], [['--limit', '1e3'], /--limit 1e3/], [['--url', 'http://x'], /--url http:/],
		[['--fast'], /--fast/], [['one'], /one/],
	];
	for (const [args, message] of wrong) {
		assert.throws(() => readOptions(args), (error) => error instanceof WrongUsage && message.test(error.message), args.join(' '));
	}
});
