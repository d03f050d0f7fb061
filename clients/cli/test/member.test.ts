/** The administrator's tool as far as it gets without a chain. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorDocs } from '@hanse/sdk/errors';
import { run } from '../src/member/cli.ts';
import { COMMANDS, usageOf } from '../src/member/commands.ts';
import { PROPOSALS, describe } from '@hanse/sdk/decisions';
import { HINTS } from '../src/member/desk.ts';
import { Names } from '@hanse/sdk/names';
import { Rules } from '@hanse/sdk/rules';
import { codeHash } from '@hanse/sdk/documents';

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
		[['frobnicate'], /unknown command 'frobnicate'/],
		[['vote', '3'], /missing required argument 'aye\|nay'/],
		[['vote', '3', 'maybe', ...key], /aye\|nay was expected, not maybe/],
		[['propose', 'frobnicate'], /unknown command 'frobnicate'/],
		[['propose', 'retract', ...key], /missing required argument 'DECISION'/],
		[['close', '1', '2', ...key], /too many arguments for 'close'/],
		[['vote', '3', 'aye'], /needs a key/],
		[['operate', 'on', '--key', 'Alice'], /neither a phrase/],
		[['operate', 'on', ...key, '--key-file', 'x'], /not both/],
		[['operate', 'on', '--key-file', '/no/such/file'], /no such file/],
		[['status', '--charter', 'x'], /unknown option '--charter'/],
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
	const lines = said.split('\n').map((line) => line.trim());
	const typed = [...COMMANDS.map(usageOf), ...PROPOSALS.map((proposal) => `propose ${usageOf(proposal)}`)];
	assert.ok(typed.length > 25);
	for (const line of typed) assert.ok(lines.some((other) => other === line || other.startsWith(`${line}  `)), line);
	assert.ok(lines.every((line) => line.length <= 114), 'a line is too long');
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

const rules = new Rules([{
	rule: { type: 'Interchange', value: undefined }, name: Buffer.from('interchange'), value: 5_000n, enforced: 5_000n,
	unit: { type: 'PerMillion', value: undefined }, min: 0n, max: 50_000n, reach: [3_750n, 6_250n], stricter: undefined,
}, {
	rule: { type: 'AdmissionBond', value: undefined }, name: Buffer.from('admission_bond'), value: 10_000_000_000n, enforced: 0n,
	unit: { type: 'MicroUnits', value: undefined }, min: 0n, max: 1n, reach: undefined, stricter: { type: 'Higher', value: undefined },
}]);

test('an amendment is what the chain would take, and else says why not', () => {
	assert.deepEqual(rules.amendment('interchange', '6000').value, 6_000n);
	assert.throws(() => rules.amendment('interchange', '7000'), /one amendment makes interchange 3750 millionths to 6250 millionths/);
	assert.throws(() => rules.amendment('interchange', '1.5'), /whole number/);
	assert.throws(() => rules.amendment('admission-bond', '12500.50'), /no amendment moves admissionBond from 10,000\.000000 units/);
	assert.throws(() => rules.amendment('admission-bond', 'much'), /write settlement units/);
	assert.throws(() => rules.amendment('fee', '1'), /there is no rule fee; there are: interchange, admissionBond/);
});

test('a motion is said in words, and any other call by its name', () => {
	const names = new Names([{ id: 5, account: 'a', name: 'Elbe Eggs', status: 'Applied' }], rules);
	const said = (type: string, call: string, value: unknown) => describe({ type, value: { type: call, value } }, names);
	assert.equal(said('Institutions', 'admit', { institution: 5 }), 'admit Elbe Eggs (institution 5)');
	assert.equal(said('Institutions', 'expel', { institution: 6 }), 'expel institution 6, which does not exist');
	const amendment = { rule: { type: 'Interchange', value: undefined }, value: 6_000n, charter: `0x${'00'.repeat(32)}` };
	assert.equal(said('Rulebook', 'amend', amendment), 'amend the rule interchange to 6000 millionths');
	const upgrade = { type: 'System', value: { type: 'authorize_upgrade', value: { code_hash: '0x12' } } };
	assert.equal(said('Rulebook', 'enact', { call: upgrade }), 'upgrade the runtime to the code with hash 0x12');
	assert.equal(said('Supervision', 'lift_halt', { target: { type: 'Institution', value: 5 } }), 'lift the halt of Elbe Eggs (institution 5)');
	assert.equal(said('Points', 'retire', { program: 3, note: Uint8Array.of(1), at: 1n }), 'points.retire({"program":3,"note":"0x01","at":"1"})');
});

test('a hint is about an error that the chain has', () => {
	const errors = errorDocs(readFileSync(new URL('../../sdk/metadata.scale', import.meta.url)));
	for (const reason of Object.keys(HINTS)) assert.ok(errors.has(reason), reason);
});
