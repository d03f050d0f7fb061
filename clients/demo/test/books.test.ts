import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from '@hanse/sdk/money';
import { Books, type Part, interchangeOf } from '../src/books/books.ts';
import { DEPOSIT, DRAWN, RESERVE, newcomerIn } from '../src/plan/newcomer.ts';
import { type Action, makePlan } from '../src/plan/plan.ts';
import { FOUNDERS, LINES_OF_NEWCOMER, NEWCOMER, SHOPS, faceValueOf } from '../src/plan/shops.ts';
import type { Purchase } from '../src/plan/purchases.ts';

/** Places in `SHOPS`, of the founders, with face values 10,000, 2,500, 100 and 40 micro-units. */
const [AIR, BOOKS, HOTELS, STORE] = [0, 1, 2, 3] as const;
const CUSTOMER = 7;

test('a payment at a partner lowers the issuer by whole points and pays exactly the price', () => {
	const books = new Books();
	books.award(CUSTOMER, AIR, 100n);
	books.pay(CUSTOMER, BOOKS, 123_456n, [{ shop: AIR, maxPoints: 100n }]);
	assert.equal(books.flows[AIR]?.redeemedAtPartners, 13n);
	assert.equal(books.outstanding(AIR), 87n * 10_000n);
	// 617.28 micro-units of interchange, rounded up, which stay in the issuer's reserve for a while.
	assert.equal(books.owed[AIR]?.[BOOKS], 122_838n);
	assert.equal(books.accrued[AIR], 618n);
	assert.equal(books.reserveChange(AIR), -122_838n);
	assert.equal(books.reserveChange(BOOKS), 122_838n);
	books.collect(AIR, 618n);
	assert.deepEqual([books.accrued[AIR], books.collected[AIR]], [0n, 618n]);
	assert.equal(books.reserveChange(AIR), -123_456n);
});

test('interchange rounds up, and of nothing it is nothing', () => {
	assert.deepEqual([0n, 1n, 200n, 201n, 1_000_000n].map(interchangeOf), [0n, 1n, 1n, 2n, 5_000n]);
});

test('a payment at home moves no money and costs no interchange', () => {
	const books = new Books();
	books.award(CUSTOMER, HOTELS, 1_000n);
	books.pay(CUSTOMER, HOTELS, 50_000n, [{ shop: HOTELS, maxPoints: 1_000n }]);
	assert.equal(books.flows[HOTELS]?.redeemedAtHome, 500n);
	assert.ok(SHOPS.every((_, shop) => books.reserveChange(shop) === 0n && books.accrued[shop] === 0n));
});

test('legs are used in their order and only as far as they allow', () => {
	const books = new Books();
	books.award(CUSTOMER, AIR, 10n);
	books.award(CUSTOMER, STORE, 10_000n);
	const parts = books.pay(CUSTOMER, BOOKS, 100_000n, [{ shop: AIR, maxPoints: 4n }, { shop: STORE, maxPoints: 10_000n }]);
	assert.deepEqual(parts, [
		{ shop: AIR, points: 4n, value: 40_000n, interchange: 200n },
		{ shop: STORE, points: 1_500n, value: 60_000n, interchange: 300n },
	]);
	assert.deepEqual([books.owed[AIR]?.[BOOKS], books.owed[STORE]?.[BOOKS]], [39_800n, 59_700n]);
	assert.deepEqual([...books.holdings(CUSTOMER)], [6n, 0n, 0n, 8_500n, 0n]);
});

test('a price that the legs do not cover is no payment', () => {
	const books = new Books();
	books.award(CUSTOMER, AIR, 1n);
	assert.throws(() => books.pay(CUSTOMER, BOOKS, 10_001n, [{ shop: AIR, maxPoints: 1n }]), /1 are not covered/);
});

test('an exchange takes the interchange from the whole value at once, and rounds the points down', () => {
	const books = new Books();
	books.award(CUSTOMER, STORE, 1_000n);
	assert.equal(books.exchange(CUSTOMER, STORE, 999n, AIR), 3n);
	assert.equal(books.owed[STORE]?.[AIR], 39_760n);
	assert.deepEqual([books.accrued[STORE], books.collected[STORE]], [0n, 200n]);
	assert.deepEqual([books.reserveChange(STORE), books.reserveChange(AIR)], [-39_960n, 39_760n]);
	assert.equal(books.outstanding(AIR), 30_000n);
	assert.equal(books.outstanding(STORE), 40n);
});

test('a refund gives back points, obligations and interchange: half of each rounded down, the whole exactly', () => {
	const legs = [{ shop: AIR, maxPoints: 4n }, { shop: STORE, maxPoints: 10_000n }, { shop: BOOKS, maxPoints: 100n }];
	const pay = () => {
		const books = new Books();
		books.award(CUSTOMER, AIR, 10n);
		books.award(CUSTOMER, STORE, 1_501n);
		books.award(CUSTOMER, BOOKS, 10n);
		return { books, parts: books.pay(CUSTOMER, BOOKS, 105_001n, legs) };
	};
	const half = pay();
	half.books.refund(CUSTOMER, BOOKS, 105_001n, half.parts, 52_500n);
	// Of 4, 1,501 and 2 smallest units: 1.99, 750.49 and 0.99.
	assert.deepEqual([...half.books.holdings(CUSTOMER)], [6n + 1n, 8n, 0n, 750n, 0n]);
	// 19,999 and 30,019 of what they paid, of which 19,899 and 29,868 were the merchant's.
	assert.deepEqual([half.books.returned[AIR]?.[BOOKS], half.books.returned[STORE]?.[BOOKS]], [19_899n, 29_868n]);
	assert.deepEqual([half.books.accrued[AIR], half.books.accrued[STORE]], [200n - 100n, 301n - 151n]);

	const { books, parts } = pay();
	books.refund(CUSTOMER, BOOKS, 105_001n, parts, 105_001n);
	assert.deepEqual([...books.holdings(CUSTOMER)], [10n, 10n, 0n, 1_501n, 0n]);
	assert.ok(SHOPS.every((_, shop) => books.reserveChange(shop) === 0n && books.accrued[shop] === 0n));
	assert.deepEqual(SHOPS.map((_, shop) => books.flows[shop]?.reinstated), [4n, 2n, 0n, 1_501n, 0n]);
});

test('a gift changes holders and no flow', () => {
	const books = new Books();
	books.award(CUSTOMER, AIR, 10n);
	books.gift(CUSTOMER, 8, AIR, 4n);
	assert.deepEqual([...books.holders(AIR)], [[CUSTOMER, 6n], [8, 4n]]);
	assert.equal(books.circulation(AIR), 10n);
	assert.throws(() => books.gift(CUSTOMER, 8, AIR, 7n), /too few/);
});

test('expiry leaves nothing owed', () => {
	const books = new Books();
	books.award(CUSTOMER, AIR, 10n);
	books.expire(AIR);
	assert.equal(books.flows[AIR]?.expired, 10n);
	assert.equal(books.outstanding(AIR), 0n);
	assert.equal(books.holders(AIR).size, 0);
});

function purchases(): Purchase[] {
	const all: Purchase[] = [];
	for (let i = 0; i < 1_200; i++) {
		const month = `${1 + Math.floor(i / 400)}`.padStart(2, '0');
		all.push({ line: i + 2, customer: 1 + ((i * 31) % 300), date: `1997-${month}-01`, price: BigInt(10_000 + i * 7_919) * 10n });
	}
	return all;
}

test('a plan is a function of the purchases alone', () => {
	const text = () => JSON.stringify(makePlan(purchases()).steps, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
	assert.equal(text(), text());
});

test('a plan awards 5 % of every purchase, rounded down, in batches that the chain takes', () => {
	const all = purchases();
	const { steps, awarded, tooSmall } = makePlan(all);
	const batches = steps.flatMap((step) => step.batches);
	assert.ok(batches.every(({ awards }) => awards.length > 0 && awards.length <= 500));
	assert.equal(batches.flatMap(({ awards }) => awards).length, awarded);
	assert.equal(awarded + tooSmall, all.length);
	for (const { shop, awards } of batches) {
		for (const { order, points } of awards) {
			const { price } = all.find(({ line }) => order === `purchase ${line}`) ?? assert.fail(order);
			assert.equal(points, price / 20n / faceValueOf(shop));
		}
	}
});

test('orders and actions of a plan are unique, and nobody acts twice in a month', () => {
	const { steps } = makePlan(purchases());
	const actions = steps.flatMap((step) => step.actions);
	const orders = [
		...steps.flatMap((step) => step.batches).flatMap(({ awards }) => awards.map(({ order }) => order)),
		...actions.flatMap((action) => (action.kind === 'pay' ? [action.order] : [])),
	];
	assert.equal(new Set(orders).size, orders.length);
	assert.equal(new Set(actions.map(({ id }) => id)).size, actions.length);
	for (const step of steps) {
		assert.equal(new Set(step.actions.map(({ customer }) => customer)).size, step.actions.length);
	}
});

test('the actions of a month can be done in any order, beside the awards of the next two months', () => {
	const { steps, books } = makePlan(purchases());
	const replay = new Books();
	const paid = new Map<number, { price: bigint; parts: Part[] }>();
	let refunded = 0;
	const award = (step = steps[0]) =>
		step?.batches.forEach(({ shop, awards, returned }) => awards.forEach(({ customer, points }) => {
			replay.award(customer, shop, points);
			if (returned) replay.cancel(customer, shop, points);
		}));
	const none = { month: '', registrations: [], batches: [], actions: [], refunds: [] };
	award();
	award(steps[1]);
	for (const [index, step] of steps.entries()) {
		award(steps[index + 2] ?? none);
		// Of the month before, and beside the actions too.
		const refunds = step.refunds.map((refund) => ({ refund, ...(paid.get(refund.payment) ?? assert.fail()) }));
		for (const [n, action] of [...step.actions].reverse().entries()) {
			const parts = perform(replay, action);
			if (action.kind === 'pay') paid.set(action.id, { price: action.price, parts });
			const back = refunds[n];
			if (back) replay.refund(back.refund.customer, back.refund.merchant, back.price, back.parts, back.refund.value);
		}
		assert.ok(refunds.length <= step.actions.length);
		refunded += refunds.length;
	}
	assert.ok(refunded > 1);
	newcomerIn(replay);
	assert.deepEqual(replay.flows, books.flows);
	assert.deepEqual([replay.owed, replay.returned], [books.owed, books.returned]);
	assert.deepEqual([replay.accrued, replay.collected], [books.accrued, books.collected]);
	for (const shop of SHOPS.keys()) {
		assert.deepEqual(new Map([...replay.holders(shop)].sort()), new Map([...books.holders(shop)].sort()));
	}
});

test('every customer is registered once, by the shop of its first purchase', () => {
	const all = purchases();
	const { steps, customers } = makePlan(all);
	const registered = steps.flatMap(({ registrations }) => registrations.flatMap((list, shop) => list.map((who) => [who, shop] as const)));
	assert.deepEqual([...new Set(registered.map(([who]) => who))].sort(), [...customers].sort());
	assert.equal(registered.length, customers.length);
	for (const [who, shop] of registered) assert.equal(shop, who % FOUNDERS.length);
});

test('what is returned earns nothing, and counts as issued and cancelled', () => {
	const { steps, books, returned } = makePlan(purchases());
	const batches = steps.flatMap((step) => step.batches).filter((batch) => batch.returned);
	assert.ok(returned > 0 && batches.length === returned);
	const points = batches.flatMap(({ awards }) => awards.map((award) => award.points)).reduce((total, own) => total + own, 0n);
	assert.equal(books.flows[HOTELS]?.cancelled, points);
	assert.ok(batches.every(({ shop, awards }) => shop === HOTELS && awards.length === 1));
	const [{ customer = 0, points: own = 0n } = {}] = batches[0]?.awards ?? [];
	const before = books.holdings(customer)[HOTELS] ?? 0n;
	books.keep(customer, HOTELS, own);
	assert.equal(books.holdings(customer)[HOTELS], before + own);
	assert.equal(books.flows[HOTELS]?.cancelled, points - own);
});

test('points of a shop with a return window are not used in the month of their award', () => {
	const { steps } = makePlan(purchases());
	/** What customers got before the month, which is at least what they can use in it. */
	const got = new Map<number, bigint>();
	const get = (customer: number, points: bigint) => got.set(customer, (got.get(customer) ?? 0n) + points);
	let uses = 0;
	for (const { batches, actions } of steps) {
		for (const action of actions) {
			const used = usedOf(action, HOTELS);
			assert.ok(used <= (got.get(action.customer) ?? 0n), `customer ${action.customer} uses what is pending`);
			if (used > 0n) uses += 1;
		}
		for (const action of actions) {
			if (action.kind === 'gift' && action.shop === HOTELS) get(action.receiver, action.points);
		}
		for (const { shop, awards, returned } of batches) {
			if (shop === HOTELS && !returned) awards.forEach(({ customer, points }) => get(customer, points));
		}
	}
	assert.ok(uses > 0);
});

test('obligations cancel out over all shops but for interchange, and what circulates is held by somebody', () => {
	const { books } = makePlan(purchases());
	const collected = sum(books.collected);
	assert.ok(collected > 0n);
	assert.equal(SHOPS.reduce((total, _, shop) => total + books.reserveChange(shop), 0n), -collected);
	for (const shop of SHOPS.keys()) {
		const held = [...books.holders(shop).values()].reduce((total, points) => total + points, 0n);
		assert.equal(held, books.circulation(shop));
	}
});

/** Points of `shop` that an action may take. */
function usedOf(action: Action, shop: number): bigint {
	if (action.kind === 'pay') return action.legs.find((leg) => leg.shop === shop)?.maxPoints ?? 0n;
	return (action.kind === 'gift' ? action.shop : action.from) === shop ? action.points : 0n;
}

function perform(books: Books, action: Action): Part[] {
	if (action.kind === 'pay') return books.pay(action.customer, action.merchant, action.price, action.legs);
	if (action.kind === 'exchange') assert.equal(books.exchange(action.customer, action.from, action.points, action.to), action.out);
	if (action.kind === 'gift') books.gift(action.customer, action.receiver, action.shop, action.points);
	return [];
}

test('the newcomer draws down to the minimum, owes more than it has left and no more than its lines, and its deposit pays', () => {
	const books = new Books();
	newcomerIn(books);
	const issued = (books.flows[NEWCOMER]?.issued ?? 0n) * faceValueOf(NEWCOMER);
	assert.equal(RESERVE - DRAWN, issued / 10n);
	const owed = sum(books.owed[NEWCOMER] ?? []);
	assert.ok(owed > RESERVE - DRAWN);
	for (const { creditor, limit } of LINES_OF_NEWCOMER) assert.ok((books.owed[NEWCOMER]?.[creditor] ?? 0n) <= limit);
	assert.ok(RESERVE - DRAWN + DEPOSIT - owed >= books.outstanding(NEWCOMER) / 10n);
});
