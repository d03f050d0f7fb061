/** A stranger floods the chain with transactions that pay more than any other, and a customer pays with points meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HexString } from '@polkadot/util/types';
import { type Call, type Chain, call, sleep } from '../lib/chain.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { type Node, startNode } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { ALICE, BOB, UNIT, alice, createProgram, eraNow, eve, json, newKey, newOrder, register } from './support.ts';

/** The stranger's keys, and what each of them has signed before: several times what the pool holds for one block. */
const KEYS = 8;
const EACH = 750;
/** How many customers pay, one after the other. */
const PAYMENTS = 10;
const SLOT = 1_000;

let node: Node;
/** The strangers' connection. */
let chain: Chain;
/** The customers' own: what a client has sent before it stands before its next message, whoever the node favours. */
let customersChain: Chain;
let program: number;
let era: number;
const strangers = Array.from({ length: KEYS }, newKey);
const customers = Array.from({ length: PAYMENTS }, newKey);

before(async () => {
	// A flood comes over many connections; this one stands for all of them.
	node = await startNode([...dev(), '--tmp', '--rpc-rate-limit', '10000000']);
	[chain, customersChain] = [await node.chain(), await node.chain()];
	program = await createProgram(chain, alice, 'AIR', { faceValue: 10_000 });
	era = await eraNow(chain);
	await register(chain, alice, ALICE, ...customers);
	const awards = customers.map(({ address }) => ({ to: address, amount: 1_000n, order: newOrder() }));
	await send(chain, alice, call(chain.api, 'points', 'issueBatch', program, era, awards));
	const funds = strangers.map(({ address }) => call(chain.api, 'balances', 'transferKeepAlive', address, 120n * UNIT));
	await send(chain, eve, call(chain.api, 'utility', 'batchAll', funds));
});
after(async () => {
	await Promise.all([chain?.close(), customersChain?.close()]);
	await node?.stop();
});

const nonceOf = (who: KeyringPair) => chain.request<number>('system_accountNextIndex', who.address);

async function signed(who: KeyringPair, what: Call, nonce: number, tip = 0n): Promise<HexString> {
	return (await what.signAsync(who, { nonce, tip, era: 0 })).toHex();
}

const payment = () =>
	call(chain.api, 'exchange', 'pay', BOB, { era, commitment: newOrder() }, 10_000n, [{ program, maxPoints: 10n }]);

/** The number of the newest block, and when it was made by its own clock. */
const head = async () => (await customersChain.api.rpc.chain.getHeader()).number.toNumber();
const timeOf = async (block: HexString): Promise<number> =>
	Number((await (await customersChain.api.at(block)).query['timestamp']?.['now']?.())?.toString());

/** The first block after `number` that has the transaction, as far as `last`. */
async function blockWith(transaction: HexString, number: number, last: number): Promise<{ number: number; hash: HexString } | undefined> {
	for (let next = number + 1; next <= last; next++) {
		while ((await head()) < next) await sleep(50);
		const hash = (await customersChain.api.rpc.chain.getBlockHash(next)).toHex();
		const { block } = await customersChain.request<{ block: { extrinsics: HexString[] } }>('chain_getBlock', hash);
		if (block.extrinsics.includes(transaction)) return { number: next, hash };
	}
	return undefined;
}

test('a payment is in a block within three slots while a stranger floods the chain', async (t) => {
	// So heavy that a few hundred fill what strangers get of a block.
	const heavy = call(chain.api, 'utility', 'batch', Array.from({ length: 100 }, () => call(chain.api, 'system', 'remark', '0x')));
	const flood: HexString[][] = [];
	for (const stranger of strangers) {
		const first = await nonceOf(stranger);
		const of: HexString[] = [];
		for (let n = 0; n < EACH; n++) {
			of.push(await signed(stranger, heavy, first + n, UNIT / 10n));
		}
		flood.push(of);
	}
	const payments: HexString[] = [];
	for (const customer of customers) payments.push(await signed(customer, payment(), await nonceOf(customer)));

	const from = await head();
	let refused = 0;
	const sent = flood.flat().map((transaction) =>
		chain.request('author_submitExtrinsic', transaction).catch(() => void refused++));
	// Until the flood is in the pool and in the blocks: how fast a busy machine verifies signatures is another matter.
	await Promise.all(sent);
	while ((await head()) < from + 2) await sleep(50);
	const full = await head();

	const slots: number[] = [];
	const waits: number[] = [];
	for (const transaction of payments) {
		const [at, asked] = [await head(), Date.now()];
		await customersChain.request('author_submitExtrinsic', transaction);
		const found = await blockWith(transaction, at, at + 10);
		assert.ok(found, 'the payment is in none of ten blocks');
		slots.push(found.number - at);
		waits.push((await timeOf(found.hash)) - asked);
	}
	const until = await head();
	const waiting = (await chain.request<HexString[]>('author_pendingExtrinsics')).length;
	// While customers paid, each block was as full as the node could make it.
	let least = Infinity;
	for (let number = full + 1; number <= until; number++) {
		const hash = (await chain.api.rpc.chain.getBlockHash(number)).toHex();
		const { block } = await chain.request<{ block: { extrinsics: HexString[] } }>('chain_getBlock', hash);
		least = Math.min(least, block.extrinsics.length);
	}
	const multiplier = await json(chain, 'transactionPayment', 'nextFeeMultiplier');
	t.diagnostic(`slots ${slots.join(' ')}, waits ${waits.join(' ')} ms; ${least} in a block at least, ${waiting} left; ${refused} refused; multiplier ${multiplier}`);
	assert.ok(waiting > 500 || least > 100, `only ${least} transactions in a block: that was no flood`);
	assert.equal(refused, 0);
	assert.ok(slots.every((count) => count <= 3), `in blocks after ${slots.join(', ')}`);
	assert.ok(waits.every((wait) => wait <= 3 * SLOT), `after ${waits.join(', ')} ms`);
});

test('a stranger does not vote', async () => {
	const [stranger] = strangers as [KeyringPair];
	const vote = call(chain.api, 'alliance', 'vote', newOrder(), 0, true);
	const transaction = await signed(stranger, vote, await nonceOf(stranger));
	await assert.rejects(chain.request('author_submitExtrinsic', transaction), /1010: Invalid Transaction: Transaction call is not expected/);
});

test('of two hundred transactions of one key none is lost, while strangers send two thousand others', async () => {
	const key = newKey();
	await send(chain, alice, call(chain.api, 'balances', 'transferKeepAlive', key.address, 100n * UNIT));
	const remark = (who: KeyringPair, nonce: number, tip: bigint) => signed(who, call(chain.api, 'system', 'remark', '0x00'), nonce, tip);
	const others: HexString[] = [];
	for (const stranger of strangers) {
		const first = await nonceOf(stranger);
		for (let n = 0; n < 250; n++) others.push(await remark(stranger, first + n, 1n));
	}
	const first = await nonceOf(key);
	const sent = others.map((transaction) => chain.request('author_submitExtrinsic', transaction));
	for (let n = 0; n < 200; n++) await customersChain.request('author_submitExtrinsic', await remark(key, first + n, 0n));
	await Promise.all(sent);
	let [included, last] = [0, Date.now()];
	while (included < 200) {
		const now = Number((await json(chain, 'system', 'account', key.address)).nonce) - first;
		if (now > included) last = Date.now();
		included = now;
		assert.ok(Date.now() - last < 60_000, `${included} of 200 are in blocks, and for a minute no other one`);
		await sleep(100);
	}
});
