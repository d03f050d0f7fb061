import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsePurchases } from '../src/plan/purchases.ts';

const HEADER = 'customer,date,items,amount_usd';
const parse = (...rows: string[]) => parsePurchases(`${[HEADER, ...rows].join('\n')}\n`, 'p.csv');

test('the whole file is read, to the cent, and zero amounts are skipped and counted', () => {
	const file = fileURLToPath(new URL('../../../tests/data/purchases.csv', import.meta.url));
	const { purchases, skipped } = parsePurchases(readFileSync(file, 'utf8'), file);
	assert.equal(purchases.length + skipped, 6_919);
	assert.equal(skipped, 8);
	assert.equal(new Set(purchases.map(({ customer }) => customer)).size, 2_349);
	assert.deepEqual(purchases[0], { line: 2, customer: 1, date: '1997-01-01', price: 29_330_000n });
	// The sum of the column, in micro-units.
	assert.equal(purchases.reduce((total, { price }) => total + price, 0n), 244_091_940_000n);
});

test('a purchase carries the number of its line, counted with the header and the skipped rows', () => {
	const { purchases, skipped } = parse('1,1997-01-01,1,0.00', '2,1997-01-02,1,0.01');
	assert.equal(skipped, 1);
	assert.deepEqual(purchases, [{ line: 3, customer: 2, date: '1997-01-02', price: 10_000n }]);
});

test('line ends of both kinds are read', () => {
	const { purchases } = parsePurchases(`${HEADER}\r\n1,1997-01-01,1,1.00\r\n`, 'p.csv');
	assert.equal(purchases.length, 1);
});

const good = '1,1997-01-01,2,29.33';
const malformed: [name: string, row: string, says: RegExp][] = [
	['too few fields', '1,1997-01-01,2', /3 fields instead of 4/],
	['too many fields', '1,1997-01-01,2,29.33,x', /5 fields/],
	['an empty line', '', /1 fields/],
	['a customer that is no number', 'x,1997-01-01,2,29.33', /"x" is no customer number/],
	['a customer of zero', '0,1997-01-01,2,29.33', /customer/],
	['a date of another form', '1,01.01.1997,2,29.33', /date/],
	['a day that does not exist', '1,1997-02-30,2,29.33', /"1997-02-30" is no date/],
	['a date before the last one', '1,1996-12-31,2,29.33', /order of date/],
	['items that are no number', '1,1997-01-01,two,29.33', /items/],
	['no amount', '1,1997-01-01,2,', /amount/],
	['a negative amount', '1,1997-01-01,2,-29.33', /amount/],
	['an amount in scientific form', '1,1997-01-01,2,1e3', /amount/],
	['an amount with a tenth of a cent', '1,1997-01-01,2,29.333', /amount/],
	['an amount beyond all reason', '1,1997-01-01,2,99999999999999999999.00', /amount/],
];
for (const [name, row, says] of malformed) {
	test(`${name} is reported with its line number`, () => {
		assert.throws(() => parse(good, row, good), (error: Error) => {
			assert.match(error.message, /^p\.csv, line 3: /);
			assert.match(error.message, says);
			return true;
		});
	});
}

test('another header is reported', () => {
	assert.throws(() => parsePurchases('a,b,c,d\n', 'p.csv'), /line 1: the header must be/);
	assert.throws(() => parsePurchases('', 'p.csv'), /line 1/);
});
