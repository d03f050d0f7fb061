/** What wallets, tills and auditors may ask, by both libraries, and an auditor's books of whole periods. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Result } from '@polkadot/types';
import type { DispatchError } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { compactStripLength } from '@polkadot/util';
import { run } from '@hanse/cli/accounts/cli';
import { type Call, type Chain, call, sleep, untilFinal } from '../lib/chain.ts';
import { consentBytes } from '@hanse/sdk/signed';
import { explain } from '../lib/errors.ts';
import { connect } from '@hanse/sdk/chain';
import { reasonOf } from '@hanse/sdk/errors';
import { amount } from '../lib/amount.ts';
import { type Node, startNode } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, CHARLIE, DAY, alice, bob, charlie, createProgram, dave, eraNow, eve, ferdie, firstVintage, flowsOf, json, newHash, newKey,
	newOrder, outstandingOf, pointsOf, receiptOf, register, reserveOf, termsOf,
} from './support.ts';

/** The shortest period that the chain allows. */
const PERIOD = 10_000;

/** Keeps all states, as an auditor's node does. */
let node: Node;
let chain: Chain;
/** Keeps the states of a few blocks only. */
let forgetful: Node;
let era: number;
/** Of Alice and Bob; what is issued of Bob's cannot be used for a day. */
let air: number;
let books: number;
/** Of Charlie. */
let cog: number;
/** Of Alice, with the shortest period and two decimals. */
let flash: number;
let created: number;

before(async () => {
	node = await startNode([...dev(), '--tmp', '--state-pruning', 'archive']);
	chain = await node.chain();
	forgetful = await startNode([...dev().slice(1), '--tmp', '--no-mdns', '--bootnodes', node.address, '--state-pruning', '16']);
	era = await eraNow(chain);
	await register(chain, alice, ALICE, eve);
	air = await createProgram(chain, alice, 'AIR', { faceValue: 10_000 });
	books = await createProgram(chain, bob, 'BOOK', { faceValue: 2_500, decimals: 1, pending: DAY });
	cog = await createProgram(chain, charlie, 'COG', { faceValue: 100 });
	await Promise.all([send(chain, alice, issue(air, 400n)), send(chain, bob, issue(books, 500n)), send(chain, charlie, issue(cog, 9n))]);
	await playFirstPeriod();
});
after(async () => {
	await chain?.close();
	await forgetful?.stop();
	await node?.stop();
});

const issue = (program: number, points: bigint) =>
	call(chain.api, 'points', 'issue', program, eve.address, points, { era, commitment: newOrder() });
const pay = (merchant: number, price: bigint, legs: unknown, commitment = newOrder()) =>
	call(chain.api, 'exchange', 'pay', merchant, { era, commitment }, price, legs);
const all = (...calls: Call[]) => call(chain.api, 'utility', 'batchAll', calls);

/** Of `flash`, in its first period: at home, at a partner, and by points of another program. */
async function playFirstPeriod(): Promise<void> {
	flash = await createProgram(chain, alice, 'FLASH', { faceValue: 5_000, decimals: 2, period: PERIOD, validity: 2 * PERIOD });
	created = (await json(chain, 'points', 'programs', flash)).created;
	const legs = [{ program: flash, maxPoints: 10_000n }];
	await send(chain, alice, issue(flash, 1_000_000n));
	// Its own points are in their last days from the start.
	const exchange = call(chain.api, 'exchange', 'exchange', air, 150n, flash, 300n);
	await send(chain, eve, all(pay(ALICE, 500_000n, legs), pay(BOB, 1_005_000n, legs), exchange));
	assert.ok((await json(chain, 'timestamp', 'now')) < created + PERIOD, 'the test was too slow for what it tests');
}

/** Asks the runtime as a wallet does: by the types in its metadata. */
async function ask<T extends Codec = Codec>(read: string, ...args: unknown[]): Promise<T> {
	const found = chain.api.call['hanseApi']?.[read];
	assert.ok(found, `the metadata has no hanseApi.${read}`);
	return (await found(...args)) as T;
}
const answer = async (read: string, ...args: unknown[]): Promise<any> => (await ask(read, ...args)).toJSON();

/** The tool's exit code, books and notes. */
async function accounts(url: string, ...words: string[]): Promise<{ code: number; said: string; noted: string }> {
	const [said, noted]: [string[], string[]] = [[], []];
	const code = await run(['--url', url, ...words], (line) => said.push(line), (line) => noted.push(line));
	return { code, said: said.join('\n'), noted: noted.join('\n') };
}

/** The rows of a CSV by the names of its columns. */
function rows(text: string): Record<string, string>[] {
	const [header = [], ...rest] = text.split('\n').map((line) => line.split(','));
	return rest.map((fields) => Object.fromEntries(header.map((name, i) => [name, fields[i] ?? ''])));
}

/** Smallest units in a column with two decimals. */
const cents = (text = '') => (assert.match(text, /^\d+\.\d\d$/), BigInt(text.replace('.', '')));
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const closingsOf = (program: number): Promise<{ ends: number; flows: Record<string, unknown>; due: any[] }[]> =>
	json(chain, 'points', 'periodClosings', program);
const isoDate = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What the tool says of the first period of `flash`, which is what was played in it. */
async function firstPeriod(): Promise<string> {
	const { code, said, noted } = await accounts(node.url, '--program', `${flash}`, '--at', isoDate(created));
	assert.equal(code, 0, noted);
	const [row = {}] = rows(said);
	const head = ['program', 'symbol', 'from', 'until'].map((name) => row[name]);
	assert.deepEqual(head, [`${flash}`, 'FLASH', isoDate(created), isoDate(created + PERIOD)]);
	const flows = ['opening', 'issued', 'redeemed_at_home', 'redeemed_at_partners', 'exchanged_in', 'closing'].map((name) => row[name]);
	assert.deepEqual(flows, ['0.00', '10000.00', '1.00', '2.01', '3.00', '9999.99']);
	return said;
}

/** Waits until so many periods of `flash` have ended and are remembered in a final block. */
async function untilClosed(count: number): Promise<void> {
	while (((await closingsOf(flash)).at(-1)?.ends ?? 0) < created + count * PERIOD) await sleep(200);
	await untilFinal(chain.api, (await chain.api.rpc.chain.getHeader()).number.toNumber());
}

test("a program's books of a period are CSV, and are what storage says", async () => {
	await untilClosed(1);
	const [closing] = await closingsOf(flash);
	assert.equal(closing?.ends, created + PERIOD);
	const [row = {}] = rows(await firstPeriod());
	for (const [name, units] of Object.entries(closing.flows)) assert.equal(cents(row[snake(name)]), amount(units), name);

	const due = await accounts(node.url, '--program', `${flash}`, '--at', isoDate(created), '--due');
	const expires = isoDate(created + 3 * PERIOD);
	const points = { program: `${flash}`, symbol: 'FLASH', until: isoDate(closing.ends), expires, points: '9999.99', value: '4999.995000' };
	assert.deepEqual(rows(due.said), [points]);

	// What is in circulation goes over into the next period, which runs.
	const running = await accounts(node.url, '--program', `${flash}`, '--raw');
	assert.deepEqual(['opening', 'issued', 'closing'].map((name) => rows(running.said)[0]?.[name]), ['999999', '0', '999999']);
	assert.match(running.noted, /runs; this is up to block/);
	await send(chain, alice, issue(flash, 777n));
});

test('the tool runs from the shell, and says what there is not', async () => {
	await untilClosed(1);
	const script = fileURLToPath(new URL('../../../scripts/accounts', import.meta.url));
	const { stdout } = await promisify(execFile)(script, ['--url', node.url, '--program', `${flash}`, '--at', isoDate(created)]);
	assert.equal(stdout, `${await firstPeriod()}\n`);
	const table = await accounts(node.url, '--program', `${flash}`, '--all', '--table');
	assert.match(table.said, /^- redeemed at partners +2\.01 /m);
	const statement = await accounts(node.url, '--institution', `${ALICE}`);
	assert.equal(statement.code, 0, statement.noted);
	assert.match(statement.said, /^Alster Air \(institution 1\) +settlement units$/m);
	assert.match(statement.said, new RegExp(`^since ever .*FLASH \\(${flash}\\)`, 'm'));
	const cases: [words: string[], expected: RegExp][] = [
		[['--program', '999'], /no program 999; there are: 1, 2/],
		[['--institution', '999'], /no institution 999; there are: 1 Alster Air/],
		[['--program', `${flash}`, '--at', '2100-01-01'], /is to come/],
		[['--program', `${flash}`, '--at', '2000-01-01'], /was created/],
	];
	for (const [words, expected] of cases) {
		const { code, said, noted } = await accounts(node.url, ...words);
		assert.deepEqual([code, said], [1, ''], words.join(' '));
		assert.match(noted, expected);
	}
});

test('a portfolio is what storage says, by expiry, with what is pending and what all of it pays', async () => {
	const before = await pointsOf(chain, firstVintage(air), eve);
	await send(chain, alice, issue(air, 1_234n));
	const { holdings, next } = await answer('portfolio', eve.address, 1);
	assert.equal(next, null);
	const held = (program: number) => holdings.filter((holding: { program: number }) => holding.program === program);
	const vintage = async (program: number) => (await json(chain, 'points', 'programs', program)).vintages[0];
	const units = await pointsOf(chain, firstVintage(air), eve);
	assert.equal(units, before + 1_234n);
	assert.deepEqual(held(air), [{
		program: air, asset: firstVintage(air), amount: Number(units), pending: 0, expires: (await vintage(air)).expires,
		value: Number(units) * 10_000,
	}]);
	assert.equal(await json(chain, 'points', 'pendingOf', eve.address, firstVintage(books)), 500);
	assert.deepEqual(held(books), [{
		program: books, asset: firstVintage(books), amount: 0, pending: 500, expires: (await vintage(books)).expires,
		value: 500 * 2_500,
	}]);
	assert.deepEqual(await answer('portfolio', newKey().address, 1), { holdings: [], next: null });
});

test('a portfolio comes in pages of 64 programs, and they are the whole', async () => {
	const terms = termsOf({ faceValue: 100, decimals: 0, period: 30 * DAY, validity: 60 * DAY, pending: 0 });
	// Sixteen of each founder: 64 in all.
	await Promise.all([alice, bob, charlie, dave].map(async (founder, place) => {
		const known: number[] = await json(chain, 'points', 'programsOf', place + 1);
		const names = Array.from({ length: 16 - known.length }, (_, n) => `${'ABCD'[place]}${n}`);
		await send(chain, founder, all(...names.map((name) => call(chain.api, 'points', 'createProgram', name, name, terms))));
	}));
	const last = 64;
	assert.equal(await json(chain, 'points', 'lastProgram'), last);
	const { issuer } = await json(chain, 'points', 'programs', last);
	const owner = [alice, bob, charlie, dave][issuer - 1];
	assert.ok(owner);
	await send(chain, owner, issue(last, 9n));

	// There is no program 0, so that a page from there ends before the last program.
	const [whole, first] = await Promise.all([answer('portfolio', eve.address, 1), answer('portfolio', eve.address, 0)]);
	assert.deepEqual([whole.next, first.next], [null, last]);
	const second = await answer('portfolio', eve.address, first.next);
	assert.deepEqual([second.next, second.holdings.map((holding: { program: number }) => holding.program)], [null, [last]]);
	// Those of the short terms expire meanwhile.
	const ids = (holdings: { program: number; asset: number }[]) =>
		holdings.filter(({ program }) => program !== flash).map(({ asset }) => asset);
	assert.deepEqual(ids([...first.holdings, ...second.holdings]), ids(whole.holdings));
});

test('a quote is what the payment then burns, to the unit, and its error has a name', async () => {
	await send(chain, charlie, issue(cog, 9n));
	const legs = [{ program: cog, maxPoints: 5n }, { program: air, maxPoints: 100n }];
	// 500 micro-units of the first, and the last point of the second is not quite used up.
	const price = 500n + 45_678n;
	const order = newOrder();
	const quote = await ask<Result<Codec, DispatchError>>('quotePay', eve.address, CHARLIE, { era, commitment: order }, price, legs);
	assert.ok(quote.isOk);
	const burns = quote.asOk.toJSON();
	assert.deepEqual(burns, [
		{ asset: firstVintage(cog), points: 5, value: 500 },
		{ asset: firstVintage(air), points: 5, value: 45_678 },
	]);
	await send(chain, eve, pay(CHARLIE, price, legs, order));
	const receipt = await receiptOf(chain, CHARLIE, eve, order);
	assert.deepEqual(receipt.parts.map(({ burn }: { burn: unknown }) => burn), burns);
	assert.deepEqual(await answer('receipt', CHARLIE, eve.address, { era, commitment: order }), receipt);
	assert.equal(await answer('receipt', BOB, eve.address, { era, commitment: order }), null);

	const refusal = async (who: string, merchant: number, price: bigint, order = newOrder()) => {
		const found = await ask<Result<Codec, DispatchError>>('quotePay', who, merchant, { era, commitment: order }, price, legs);
		assert.ok(found.isErr);
		return explain(chain.api, found.asErr).reason;
	};
	assert.equal(await refusal(eve.address, CHARLIE, 0n), 'exchange.PriceTooLow');
	assert.equal(await refusal(eve.address, CHARLIE, 50_000_000n), 'exchange.PriceNotCovered');
	assert.equal(await refusal(eve.address, 99, price), 'institutions.NotFound');
	assert.equal(await refusal(ferdie.address, CHARLIE, price), 'customers.NotRegistered');
	assert.equal(await refusal(eve.address, CHARLIE, price, order), 'exchange.AlreadyPaid');
});

test('a statement is what storage says of bond, reserve, flows and what is owed', async () => {
	const { issuing: statement } = await answer('statement', BOB);
	const rules = await json(chain, 'rulebook', 'currentRules');
	const holds: { id: { institutions?: string }; amount: unknown }[] = await json(chain, 'balances', 'holds', bob.address);
	const bond = amount(holds.find(({ id }) => id.institutions === 'AdmissionBond')?.amount);
	const [reserve, outstanding] = [await reserveOf(chain, bob), await outstandingOf(chain, BOB)];
	const figures = ['bond', 'reserve', 'outstanding', 'cap', 'minimumReserve'].map((name) => amount(statement[name]));
	assert.deepEqual(figures, [
		bond, reserve, outstanding,
		((bond + reserve) * BigInt(rules.liabilityRatio)) / 100n, (outstanding * BigInt(rules.reserveRatio) + 99n) / 100n,
	]);
	assert.deepEqual(statement.programs.map(({ program }: { program: number }) => program), await json(chain, 'points', 'programsOf', BOB));
	const [{ program, flows, due }] = statement.programs;
	assert.deepEqual([program, flows], [books, await json(chain, 'points', 'flowsOf', books)]);
	const { expires } = (await json(chain, 'points', 'programs', books)).vintages[0];
	assert.deepEqual(due, [{ expires, points: 500, value: 500 * 2_500 }]);
	assert.equal(await answer('statement', 99), null);

	// What it has with the others; see the test of clearing for positions.
	await send(chain, bob, call(chain.api, 'clearing', 'grantCreditLine', ALICE, 70n * 1_000_000n));
	const { clearing } = await answer('statement', BOB);
	assert.deepEqual(clearing.positions, [{ with: ALICE, owes: 0, isOwed: 0, line: 0, accepted: 0, granted: 70_000_000, grantedAccepted: 0, debts: [] }]);
	assert.equal(amount(clearing.reserve), reserve);
});

test('the rules, a customer and what it signs are what storage says', async () => {
	const rules = await json(chain, 'rulebook', 'currentRules');
	assert.deepEqual(await answer('rules'), rules);
	const { registrar, tag, voucher } = await json(chain, 'customers', 'registrations', eve.address);
	const person = await json(chain, 'customers', 'persons', { tag, voucher });
	const customer = await answer('customer', eve.address);
	assert.deepEqual([customer.registrar, customer.tag, customer.since], [ALICE, tag, person.since]);
	assert.deepEqual([registrar, voucher, customer.voucher, customer.accounts], [ALICE, ALICE, ALICE, 1]);
	assert.equal(amount(customer.left), amount(rules.customerLimit) - amount(person.spent));
	assert.equal(customer.exchangesFrom, person.since + rules.exchangeAge);
	assert.equal(customer.sponsoredLeft, rules.sponsorQuota - person.sponsored);
	assert.equal(await answer('customer', ferdie.address), null);
	const consent = { institution: BOB, commitment: newHash(), tag: newHash(), mayRecover: true, until: 1_800_000_000_000 };
	const bytes = await ask('consent', BOB, ferdie.address, consent.commitment, consent.tag, true, consent.until);
	// The library leaves the length in front of bytes that a read returns.
	const [, content] = compactStripLength(bytes.toU8a(true));
	assert.deepEqual(Buffer.from(content), Buffer.from(consentBytes(chain.api.genesisHash.toHex(), ferdie.address, consent)));
});

/** What both libraries decoded, in one form: names in camel case, numbers as text, nothing for nothing. */
function normal(value: unknown): unknown {
	if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
	if (typeof value === 'string') return /^0x[0-9a-f]+$/i.test(value) ? BigInt(value).toString() : value;
	if (Array.isArray(value)) return value.map(normal);
	if (!value || typeof value !== 'object') return value;
	const there = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
	return Object.fromEntries(there.map(([name, field]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), normal(field)]));
}

test('the sdk gets the same answers, from the runtime and from the pallets', async () => {
	// When all that was issued with short terms has expired, answers of different blocks are the same.
	while ((await json(chain, 'timestamp', 'now')) <= created + 5 * PERIOD) await sleep(200);
	// The sdk reads at final blocks.
	await untilFinal(chain.api, (await chain.api.rpc.chain.getHeader()).number.toNumber());
	const sdk = await connect(node.url);
	const { view, apis: { HanseApi } } = sdk.api;
	// Of the last but one, since the last may not be final yet.
	const [who, merchant, price, at] = [eve.address, BOB, 45_678n, BigInt(((await closingsOf(flash)).at(-2)?.ends ?? 0) - 1)] as const;
	const [order, legs] = [{ era, commitment: newOrder() }, [{ program: air, max_points: 100n }]];
	const expected = normal({
		portfolio: await answer('portfolio', who, 1),
		statement: await answer('statement', merchant),
		rollForward: await answer('rollForward', flash, at),
		customer: await answer('customer', who),
		rules: await answer('rules'),
		quote: (await answer('quotePay', who, merchant, order, price, [{ program: air, maxPoints: 100n }])).ok,
	});
	const runtime = {
		portfolio: await HanseApi.portfolio(who, 1),
		statement: await HanseApi.statement(merchant),
		rollForward: await HanseApi.roll_forward(flash, at),
		customer: await HanseApi.customer(who),
		rules: await HanseApi.rules(),
		quote: (await HanseApi.quote_pay(who, merchant, order, price, legs)).value,
	};
	assert.deepEqual(normal(runtime), expected);
	const pallets = {
		portfolio: await view.Points.portfolio(who, 1),
		statement: { issuing: await view.Points.statement(merchant), clearing: await view.Clearing.positions(merchant) },
		rollForward: await view.Points.roll_forward(flash, at),
		customer: await view.Customers.customer(who),
		rules: await view.Rulebook.rules(),
		quote: (await view.Exchange.quote_pay(who, merchant, order, price, legs)).value,
	};
	assert.deepEqual(normal(pallets), expected);
	const refusal = await HanseApi.quote_pay(who, merchant, order, 0n, legs);
	assert.equal(!refusal.success && reasonOf(refusal.value), 'exchange.PriceTooLow');
	sdk.close();
});

test('every period that is remembered adds up, and older ones are in the states of old blocks', async () => {
	await untilClosed(12);
	const all = await accounts(node.url, '--program', `${flash}`, '--all');
	assert.equal(all.code, 0, all.noted);
	const closings = await closingsOf(flash);
	const periods = rows(all.said);
	assert.equal(periods.length, 12);
	for (const [index, closing] of closings.entries()) {
		const row = periods.find(({ until }) => until === isoDate(closing.ends));
		const earlier = closings[index - 1];
		if (!row || !earlier) continue;
		for (const [name, units] of Object.entries(closing.flows)) {
			assert.equal(cents(row[snake(name)]), amount(units) - amount(earlier.flows[name]), name);
		}
		assert.equal(cents(row['closing']), closing.due.reduce((sum, { points }) => sum + amount(points), 0n));
	}
	const breakage = periods.reduce((sum, row) => sum + cents(row['expired']), 0n);
	const { issued = 0n, expired = 0n, redeemedAtHome = 0n, redeemedAtPartners = 0n, exchangedIn = 0n } = await flowsOf(chain, flash);
	assert.deepEqual([breakage, expired], [expired, issued + exchangedIn - redeemedAtHome - redeemedAtPartners]);

	// The first period is forgotten.
	assert.equal(await answer('rollForward', flash, created), null);
	await firstPeriod();
	const gone = await accounts(forgetful.url, '--program', `${flash}`, '--at', isoDate(created));
	assert.deepEqual([gone.code, gone.said], [1, '']);
	assert.match(gone.noted, /keeps no state of block \d+: give the --url of one that was started with --state-pruning archive/);
});
