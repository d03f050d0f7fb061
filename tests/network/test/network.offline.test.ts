/** An authority dies, and the chain by itself does what the rules say; then it comes back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { electorate, variantOf } from '../lib/alliance.ts';
import { authorities } from '../lib/authorities.ts';
import { type Chain, call, finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { FinalityLog } from '../lib/finality.ts';
import { type Happening, History } from '../lib/history.ts';
import { Network, type Peer } from '../lib/network.ts';
import { send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, SESSION, member, recentAuthors, until } from './alliance.ts';
import {
	ALICE, BOB, CHARLIE, DAVE, UNIT, alice, bob, createProgram, eraNow, eve, json, moneyOf, newKey, newOrder, register,
	standingOf,
} from './support.ts';

const ALL = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve'] as const;
/** The institution whose node dies. */
const EVE = 5;
const OTHERS = [ALICE, BOB, CHARLIE, DAVE];
/** Long enough for one session to end in each. */
const ERA = 2 * SESSION;
/** Eras in a row that an authority may be offline. */
const OFFLINE_ERAS = 2;
/** Interchange of each till: half a per cent of ten units. */
const INTERCHANGE = 50_000;

const customer = newKey();
const network = new Network(
	writeSpec({
		founders: [...ALL],
		authorities: [...ALL],
		rules: { ...RULES, era: ERA, refundWindow: 1, orderEras: 1, offlineEras: OFFLINE_ERAS, offlineShare: 50 },
		endowed: [[customer.address, 10n * UNIT]],
	}),
);
let peers: Record<(typeof ALL)[number], Peer>;
/** As Alice's node sees the chain. */
let chain: Chain;
let url: string;
let history: History;
let finality: FinalityLog;
/** The era in which customers paid at all five tills. */
let paid: number;
/** The newest block when the node was killed, and what Eve had then. */
let killed: number;
let money: bigint;
/** The first era in which it was offline. */
let missed: number;

before(async () => {
	peers = await network.authorities(ALL);
	({ chain, node: { url } } = peers.Alice);
	await untilFinal(chain.api, 3, 60_000);
	[history, finality] = await Promise.all([History.follow(chain), FinalityLog.follow(chain)]);
	await payEverywhere();
});
after(() => network.stop());

/** Pays at all five tills for orders of the era before, whose refund windows close with the era that runs. */
async function payEverywhere(): Promise<void> {
	const { api } = chain;
	const [air, books] = await Promise.all([
		createProgram(chain, alice, 'AIR', { faceValue: 10_000 }),
		createProgram(chain, bob, 'BOB', { faceValue: 10_000 }),
	]);
	await register(chain, alice, ALICE, customer);
	const issue = (program: number, era: number) =>
		call(api, 'points', 'issue', program, customer.address, 10_000n, { era, commitment: newOrder() });
	const era = await eraNow(chain, ERA);
	await Promise.all([send(chain, alice, issue(air, era)), send(chain, bob, issue(books, era))]);

	while (ERA - ((await json(chain, 'timestamp', 'now')) % ERA) < 5_000) await sleep(500);
	paid = await eraNow(chain, ERA);
	const payments = [...OTHERS, EVE].map((merchant) => {
		const leg = { program: merchant === ALICE ? books : air, maxPoints: 1_000n };
		return call(api, 'exchange', 'pay', merchant, { era: paid - 1, commitment: newOrder() }, 10n * UNIT, [leg]);
	});
	await send(chain, customer, call(api, 'utility', 'batchAll', payments));
}

const bestNow = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber();

const standingAt = async (block: string, institution: number) => standingOf(await chain.api.at(block), institution);
const parentOf = async (block: string) => (await chain.api.rpc.chain.getHeader(block)).parentHash.toHex();

test('who makes no blocks is recorded as offline at the end of the session', { timeout: 240_000 }, async () => {
	await peers.Eve.chain.close();
	await peers.Eve.node.stop('SIGKILL');
	[killed, money] = [await bestNow(), await moneyOf(chain, eve)];

	const { block, data: { blocks } } = await history.wait('authorities.WentOffline', 4 * SESSION, { institution: EVE }, killed);
	assert.ok(blocks <= 1, `it made ${blocks} blocks`);
	assert.deepEqual((await history.dataIn(block, 'authorities.WentOffline')).map(({ institution }) => institution), [EVE]);
	const [offence, ...more] = await history.dataIn(block, 'conduct.OffenceRecorded');
	assert.deepEqual([offence?.['member'], offence?.['offence'], offence?.['demerits'], offence?.['fine']], [EVE, 'Offline', 10, null]);
	assert.deepEqual(more, []);

	const [before, { status, conduct }] = [await standingAt(await parentOf(block), EVE), await standingAt(block, EVE)];
	assert.deepEqual([variantOf(status), conduct.demerits - before.conduct.demerits], ['Active', 10]);
	const { era, ...noted } = conduct.offences.at(-1);
	assert.deepEqual(noted, { offence: 'Offline', times: 1, demerits: 10, fine: null, reversed: false });
	missed = era;
	assert.ok(missed === paid || missed === paid + 1, `${missed}`);
});

test('it has no share of the era, and the others have theirs', { timeout: 240_000 }, async () => {
	// Receipts close once their refund window is over and their order is taken no more, and the interchange is shared at
	// the end of that era.
	const turned = await history.wait('conduct.EraEnded', 6 * ERA, { paid: 4 * INTERCHANGE });
	assert.equal(turned.data['good'], 4);
	assert.ok(turned.data['era'] > paid + 1 && turned.data['era'] <= paid + 4, `${turned.data['era']}`);
	const shares = (await history.dataIn(turned.block, 'conduct.SharePaid')).map(({ member, amount }) => [member, amount]);
	assert.deepEqual(shares, OTHERS.map((id) => [id, INTERCHANGE]));
	// It had as much to hope for.
	assert.equal((await standingAt(await parentOf(turned.block), EVE)).conduct.mostThisEra, INTERCHANGE);
	assert.equal((await standingAt(turned.block, EVE)).conduct.interchange, 0);
	assert.equal(await moneyOf(chain, eve), money);
});

test('after as many eras as the rule says it is stopped and leaves the set, while finality goes on', { timeout: 240_000 }, async () => {
	const { api } = chain;
	const first = await history.wait('conduct.EraEnded', 2 * ERA, { era: missed + 1 });
	assert.equal((await standingAt(first.block, EVE)).conduct.offlineEras, 1);
	const stopped = await history.wait('conduct.AuthorityStopped', 3 * ERA, { member: EVE });
	assert.equal(stopped.data['eras'], OFFLINE_ERAS);
	assert.equal((await history.dataIn(stopped.block, 'conduct.EraEnded'))[0]?.['era'], missed + OFFLINE_ERAS);
	assert.deepEqual(await history.dataIn(stopped.block, 'authorities.OperationChanged'), [{ institution: EVE, on: false }]);
	assert.equal((await standingAt(stopped.block, EVE)).conduct.offlineEras, 0);

	const planned = await history.wait('authorities.SetPlanned', 2 * SESSION, {}, killed);
	assert.ok(planned.number > stopped.number);
	assert.deepEqual([planned.data['leaving'], planned.data['joining']], [[EVE], []]);
	await until('a set without it', 3 * SESSION, async () => !(await authorities(api)).now.includes(eve.address));
	const from = await bestNow();
	await untilFinal(api, from + 6, 30_000);
	const { now } = await authorities(api);
	assert.deepEqual([now.length, new Set(await recentAuthors(chain, 6))], [OTHERS.length, new Set(now)]);
	assert.ok(finality.longestGap <= 2 * SESSION, `nothing became final for ${finality.longestGap} ms`);

	// Nobody sent anything since it died, and nobody lost its vote.
	const applied = (await history.read()).filter(({ number, name }) => number > killed && name.startsWith('system.Extrinsic'));
	const isBlocksOwn = ({ data }: Happening) => data['dispatchInfo'].class === 'Mandatory';
	assert.ok(applied.length > 0 && applied.every(isBlocksOwn));
	assert.equal((await electorate(api)).length, ALL.length);
});

test('its node is started again, and it makes blocks as soon as it says that it wants to', { timeout: 240_000 }, async () => {
	const { api } = chain;
	const back = await network.again(peers.Eve);
	await untilFinal(back.chain.api, (await finalisedHead(api)).number, 60_000);
	const from = await bestNow();
	await member(url, 'Eve', 'operate', 'on');
	const planned = await history.wait('authorities.SetPlanned', 3 * SESSION, {}, from);
	assert.deepEqual([planned.data['leaving'], planned.data['joining']], [[], [EVE]]);
	await until('a block of it', 4 * SESSION, async () => (await recentAuthors(chain, 5)).includes(eve.address));
	await untilFinal(api, await bestNow(), 30_000);
	assert.equal((await authorities(api)).now.length, ALL.length);
	assert.ok(finality.longestGap <= 2 * SESSION, `nothing became final for ${finality.longestGap} ms`);
});
