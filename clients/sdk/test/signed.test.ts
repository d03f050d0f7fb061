import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexOf, textOf } from '../src/bytes.ts';
import { compact, consentBytes, slipBytes } from '../src/signed.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const PUBLIC = 'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const hash = (byte: string) => `0x${byte.repeat(32)}` as const;

/** Without the wrapping that wallets put around raw bytes. */
function inner(bytes: Uint8Array, purpose: string): string {
	const [start, end] = [`<Bytes>${purpose}`, '</Bytes>'];
	assert.equal(textOf(bytes.slice(0, start.length)), start);
	assert.equal(textOf(bytes.slice(-end.length)), end);
	return hexOf(bytes.slice(start.length, -end.length)).slice(2);
}

test('a consent is its chain, who registers, whom, and until when', () => {
	const consent = { institution: 1, commitment: hash('22'), tag: hash('33'), mayRecover: true, until: 1_800_000_000_000 };
	assert.equal(
		inner(consentBytes(hash('11'), ALICE, consent), 'hanse/register'),
		`${'11'.repeat(32)}01000000${PUBLIC}${'22'.repeat(32)}${'33'.repeat(32)}0100505c18a3010000`,
	);
});

test('a slip is its chain, the merchant, the payer, the order, the price, and with what it is paid', () => {
	const legs = [{ program: 3, maxPoints: 2_000n }, { program: 4, maxPoints: 1n << 70n }];
	const slip = { merchant: 2, order: { era: 7, commitment: hash('22') }, price: 12_500_000n, legs, until: 1_800_000_000_000 };
	// As `hanseApi.slip` answers.
	assert.equal(
		inner(slipBytes(hash('11'), ALICE, slip), 'hanse/slip'),
		`${'11'.repeat(32)}02000000${PUBLIC}07000000${'22'.repeat(32)}20bcbe00000000000000000000000000080300411f` +
			'04001700000000000000004000505c18a3010000',
	);
});

test('small numbers are short', () => {
	const cases: [number | bigint, string][] = [
		[0, '0x00'], [63, '0xfc'], [64, '0x0101'], [16_383, '0xfdff'], [16_384, '0x02000100'], [1_073_741_823, '0xfeffffff'],
		[1_073_741_824, '0x0300000040'], [(1n << 128n) - 1n, `0x33${'ff'.repeat(16)}`],
	];
	for (const [value, expected] of cases) assert.equal(hexOf(compact(value)), expected, `${value}`);
});
