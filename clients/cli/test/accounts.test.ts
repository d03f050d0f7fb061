/** The auditor's tool as far as it gets without a chain: its checks, and how it writes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	BooksDiffer, type Due, type Flows, type Period, type Program, type Statement, after, checkPeriod, checkSequence, checkStatement,
} from '@hanse/sdk/books';
import { exitCode, momentFrom, run } from '../src/accounts/cli.ts';
import { csv, field, plain } from '../src/accounts/csv.ts';
import { program } from '../src/accounts/options.ts';
import { firstAt, isPruned } from '../src/accounts/past.ts';
import { dueCsv, rollForwardCsv, rollForwardTable, unitsFor } from '../src/accounts/show.ts';

const PROGRAM: Program = { id: 3, symbol: 'AIR', decimals: 2, issuer: 1, created: 0 };
const FLOWS: Flows = {
	issued: 1_000n, exchangedIn: 200n, reinstated: 30n,
	redeemedAtHome: 100n, redeemedAtPartners: 50n, exchangedOut: 20n, expired: 7n, cancelled: 3n,
};
const due = (points: bigint): Due => ({ expires: 90_000, points, value: points * 2_500n });
const period = (other: Partial<Period> = {}): Period =>
	({ from: 0, until: 10_000, opening: 500n, flows: FLOWS, closing: 1_550n, due: [due(1_000n), due(550n)], ...other });

test('fields are quoted where they must be, and quotes in them doubled', () => {
	assert.deepEqual(['a', '', 'a b', '1.50'].map(field), ['a', '', 'a b', '1.50']);
	assert.deepEqual(['a,b', 'say "aye"', 'two\nlines', 'two\r\nlines'].map(field), [
		'"a,b"', '"say ""aye"""', '"two\nlines"', '"two\r\nlines"',
	]);
	assert.equal(csv([['a', 'b'], ['1', 'x,y']]), 'a,b\n1,"x,y"');
});

test('amounts have all decimals of their program and nothing between thousands', () => {
	assert.equal(plain(123_456_789n, 2), '1234567.89');
	assert.equal(plain(5n, 6), '0.000005');
	assert.equal(plain(0n, 2), '0.00');
	assert.equal(plain(1_000n, 0), '1000');
	assert.equal(plain(-5n, 1), '-0.5');
	assert.equal(plain(2n ** 128n - 1n, 6), '340282366920938463463374607431768.211455');
});

test('a period is one row of the roll-forward and one row of what is owed for each expiry', () => {
	const lines = rollForwardCsv(PROGRAM, [period()], unitsFor(false, false)).split('\n');
	assert.deepEqual(lines, [
		'program,symbol,from,until,opening,issued,exchanged_in,reinstated,redeemed_at_home,redeemed_at_partners,' +
			'exchanged_out,expired,cancelled,closing',
		'3,AIR,1970-01-01T00:00:00.000Z,1970-01-01T00:00:10.000Z,5.00,10.00,2.00,0.30,1.00,0.50,0.20,0.07,0.03,15.50',
	]);
	assert.deepEqual(dueCsv(PROGRAM, [period()], unitsFor(true, false)).split('\n'), [
		'program,symbol,until,expires,points,value',
		'3,AIR,1970-01-01T00:00:10.000Z,1970-01-01T00:01:30.000Z,1000,2500000',
		'3,AIR,1970-01-01T00:00:10.000Z,1970-01-01T00:01:30.000Z,550,1375000',
	]);
});

test('people see thousands apart, and four periods beside each other', () => {
	const shown = rollForwardTable(PROGRAM, Array.from({ length: 5 }, () => period({ opening: 123_456n })), unitsFor(false, true));
	const openings = shown.split('\n').filter((line) => line.startsWith('opening')).map((line) => line.split(/\s+/));
	assert.deepEqual(openings, [['opening', ...Array(4).fill('1,234.56')], ['opening', '1,234.56']]);
});

test('a period that does not add up is found, to the smallest unit', () => {
	assert.equal(after(500n, FLOWS), 1_550n);
	checkPeriod(period());
	const wrong: Partial<Period>[] = [
		{ opening: 501n },
		{ closing: 1_549n },
		{ due: [due(1_549n)] },
		...Object.keys(FLOWS).map((name) => ({ flows: { ...FLOWS, [name]: FLOWS[name as keyof Flows] + 1n } })),
	];
	for (const other of wrong) assert.throws(() => checkPeriod(period(other)), BooksDiffer);
});

test('a period that does not go on where the one before ended is found', () => {
	const next = period({ from: 10_000, until: 20_000, opening: 1_550n, closing: 2_600n, due: [due(2_600n)] });
	checkSequence([period(), next]);
	assert.throws(() => checkSequence([period(), { ...next, opening: 1_551n }]), /opening is 1551/);
	assert.throws(() => checkSequence([period(), { ...next, from: 10_001 }]), BooksDiffer);
	assert.throws(() => checkSequence([next, period()]), BooksDiffer);
});

test('a statement that is not the sum of its programs is found', () => {
	const flows = { ...FLOWS, issued: 1_500n };
	const clearing = { reserve: 1n, freeReserve: 1n, accrued: 0n, earmarked: 0n, owed: 0n, positions: [], overdue: 0 };
	const books = (outstanding: bigint, points: bigint): Statement => ({
		bond: 1n, reserve: 1n, cap: 1n, minimumReserve: 1n, outstanding, programs: [{ program: 3, flows, due: [due(points)] }], clearing,
	});
	checkStatement(books(1_550n * 2_500n, 1_550n));
	assert.throws(() => checkStatement(books(1_550n * 2_500n + 1n, 1_550n)), /outstanding/);
	assert.throws(() => checkStatement(books(1_549n * 2_500n, 1_549n)), /program 3/);
	const position = (value: bigint) => ({ with: 2, owes: 70n, isOwed: 0n, line: 100n, granted: 0n, accepted: 100n, grantedAccepted: 0n, debts: [{ cycle: 4, value }] });
	const owing = (owed: bigint, value: bigint) =>
		({ ...books(1_550n * 2_500n, 1_550n), clearing: { ...clearing, owed, positions: [position(value)] } });
	checkStatement(owing(70n, 70n));
	assert.throws(() => checkStatement(owing(71n, 70n)), /owed by position/);
	assert.throws(() => checkStatement(owing(70n, 69n)), /with institution 2/);
});

test('a date is a day or a moment, in UTC unless it says otherwise, and exists', () => {
	const at = (text: string) => new Date(momentFrom(text)).toISOString();
	assert.equal(at('2027-03-31'), '2027-03-31T00:00:00.000Z');
	assert.equal(at('2027-03-31T18:00'), '2027-03-31T18:00:00.000Z');
	assert.equal(at('2027-03-31T18:00:05.250Z'), '2027-03-31T18:00:05.250Z');
	assert.equal(at('2027-03-31T18:00:00+02:00'), '2027-03-31T16:00:00.000Z');
	for (const wrong of ['', 'yesterday', '2027-02-30', '2027-13-01', '31.03.2027', '2027-03-31T25:00', '1711843200000']) {
		assert.throws(() => momentFrom(wrong), /no date like/, wrong);
	}
});

test('the first block at or after a moment is found in few steps, whatever the gaps between blocks', async () => {
	const moments = [0, 1_000, 2_000, 2_001, 9_000, 9_500, 60_000];
	let asked = 0;
	const find = (moment: number) =>
		firstAt(moment, { head: moments.length - 1 }, async (number) => (asked++, moments[number] ?? NaN));
	for (const [moment, expected] of [[1, 1], [1_000, 1], [1_001, 2], [2_001, 3], [9_001, 5], [60_000, 6], [60_001, undefined]] as const) {
		assert.equal(await find(moment), expected, `${moment}`);
	}
	assert.ok(asked <= 7 * 4, `${asked} blocks were looked at`);
	assert.ok(isPruned('4003: Client error: Api called for an unknown Block: State already discarded for 0x12'));
	assert.ok(!isPruned('lost the connection'));
});

async function answer(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
	const [said, complained]: [string[], string[]] = [[], []];
	const code = await run(args, (line) => said.push(line), (line) => complained.push(line));
	return { code, said: said.join('\n'), complained: complained.join('\n') };
}

test('wrong usage is code 2, says what is right, and needs no chain', async () => {
	const cases: [words: string[], expected: RegExp][] = [
		[[], /Usage: scripts\/accounts/],
		[['--raw'], /Give --program ID or --institution ID/],
		[['--program', 'AIR'], /--program wants a number/],
		[['--program', '1', '--institution', '1'], /not both/],
		[['--program', '1', '--all', '--at', '2027-03-31'], /not both/],
		[['--program', '1', '--due', '--table'], /not both/],
		[['--program', '1', '--at', 'March'], /no date like/],
		[['--institution', '1', '--all'], /as it is now/],
		[['--program', '1', '--url', 'localhost'], /an address like ws:/],
		[['--program', '1', '--bogus'], /bogus/],
		[['1'], /1/],
	];
	for (const [words, expected] of cases) {
		const { code, said, complained } = await answer(...words);
		assert.equal(code, 2, words.join(' '));
		assert.equal(said, '', words.join(' '));
		assert.match(complained, expected, words.join(' '));
	}
});

test('help is code 0, no connection 1, and books that differ 3', { timeout: 30_000 }, async () => {
	const { code, said } = await answer('--help');
	assert.equal(code, 0);
	const { options } = program(() => {}, () => {});
	assert.ok(options.length > 7);
	for (const { long } of options) assert.match(said, new RegExp(`^  ${long}\\b`, 'm'));
	assert.match(said, /Exit codes/);
	const silent = await answer('--program', '1', '--url', 'ws://127.0.0.1:1');
	assert.equal(silent.code, 1);
	assert.match(silent.complained, /no answer from ws:\/\/127\.0\.0\.1:1/);
	assert.equal(exitCode(new BooksDiffer('by one')), 3);
	assert.equal(exitCode(new Error('what a node says')), 1);
});
