/** The administrator's tool as far as it gets without a chain. */
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../src/member/cli.ts';
import { codeHash } from '../src/member/upgrade.ts';

async function answer(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
	const [said, complained]: [string[], string[]] = [[], []];
	const code = await run(args, (line) => said.push(line), (line) => complained.push(line));
	return { code, said: said.join('\n'), complained: complained.join('\n') };
}

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
