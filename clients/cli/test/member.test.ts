/** The administrator's tool as far as it gets without a chain. */
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromSecret, wellKnown } from '@hanse/sdk/pjs/keys';
import { duration, exactly, moment, parseDuration } from '@hanse/sdk/time';
import { run } from '../src/member/cli.ts';
import { codeHash } from '../src/member/upgrade.ts';

async function answer(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
	const [said, complained]: [string[], string[]] = [[], []];
	const code = await run(args, (line) => said.push(line), (line) => complained.push(line));
	return { code, said: said.join('\n'), complained: complained.join('\n') };
}

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

test('a secret is a phrase, a seed or a path, and never just any text', () => {
	assert.equal(fromSecret('//Alice').address, wellKnown('Alice').address);
	const phrase = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
	assert.equal(fromSecret(`${phrase}//Alice`).address, wellKnown('Alice').address);
	assert.equal(fromSecret(`0x${'01'.repeat(32)}`).address, fromSecret(`0x${'01'.repeat(32)}`).address);
	for (const wrong of ['', 'Alice', phrase.replace('lake', 'lakes'), '0x0102']) assert.throws(() => fromSecret(wrong));
});

test('wrong usage is code 2, says what is right, and needs no chain', async () => {
	const url = ['--url', 'ws://127.0.0.1:1'];
	const key = ['--key', '//Alice'];
	const cases: [words: string[], expected: RegExp][] = [
		[[], /Usage: scripts\/member/],
		[['frobnicate'], /no command frobnicate/],
		[['vote', '3'], /vote MOTION aye\|nay/],
		[['close', '1', '2', ...key], /close MOTION/],
		[['vote', '3', 'aye'], /needs a key/],
		[['operate', 'on', '--key', 'Alice'], /neither a phrase/],
		[['operate', 'on', ...key, '--key-file', 'x'], /not both/],
		[['operate', 'on', '--key-file', '/no/such/file'], /no such file/],
		[['status', '--charter', 'x'], /takes no --charter/],
		[['status', '--bogus'], /bogus/],
		[['status', '--url', 'localhost'], /an address like ws:/],
		[['status', '--for', '5Grw'], /no address/],
	];
	for (const [words, expected] of cases) {
		const { code, complained } = await answer(...words, ...(words.includes('--url') ? [] : url));
		assert.equal(code, 2, words.join(' '));
		assert.match(complained, expected, words.join(' '));
	}
});

test('help is code 0 and names every command', async () => {
	const { code, said } = await answer('--help');
	assert.equal(code, 0);
	const commands = ['status', 'rules', 'motions', 'watch', 'authority', 'apply', 'propose', 'vote', 'close', 'keys'];
	for (const command of [...commands, 'operate', 'upgrade', 'line', 'delegate']) assert.match(said, new RegExp(`^  ${command}\\b`, 'm'));
});

test('a key file is read, one that others can read is told of, and no connection is code 1', { timeout: 30_000 }, async () => {
	const file = join(mkdtempSync(join(tmpdir(), 'hanse-')), 'key');
	writeFileSync(file, '//Alice\n', { mode: 0o644 });
	const { code, complained } = await answer('operate', 'on', '--key-file', file, '--url', 'ws://127.0.0.1:1');
	assert.equal(code, 1);
	assert.match(complained, /chmod 600[\s\S]*no answer from/);
});

test('only a runtime has a code hash', () => {
	assert.match(codeHash(Buffer.from('0061736d01000000', 'hex')), /^0x[0-9a-f]{64}$/);
	assert.match(codeHash(Buffer.from('52bc537646db8e0528b52ffd', 'hex')), /^0x[0-9a-f]{64}$/);
	assert.throws(() => codeHash(Buffer.from('%PDF-1.7')), /no runtime/);
});
