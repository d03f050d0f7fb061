/** What any wallet for Polkadot-like chains expects, and what nobody may do. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Signer } from '@polkadot/api/types';
import { TypeRegistry } from '@polkadot/types';
import { u8aToHex } from '@polkadot/util';
import type { HexString } from '@polkadot/util/types';
import { type Call, type Chain, call, finalisedHead, sleep, within } from '../lib/chain.ts';
import { explain } from '../lib/errors.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { type Node, startNode } from '../lib/node.ts';
import { connect } from '@hanse/sdk/chain';
import { webSocket } from '@hanse/sdk/platform';
import { amount } from '../lib/amount.ts';
import { type Receipt, eventData, send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, CHARLIE, DAVE, UNIT, alice, createProgram, eraNow, eve, expectRefusals, ferdie, firstVintage, json, moneyOf, newHash, newKey, newOrder,
	pointsOf,
} from './support.ts';

let node: Node;
let chain: Chain;
before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

test('a wallet transfers settlement units, pays the fee that it was told at most, and sees it final', async () => {
	const [payer, payee] = [await moneyOf(chain, eve), await moneyOf(chain, ferdie)];
	const transfer = call(chain.api, 'balances', 'transferKeepAlive', ferdie.address, 7n * UNIT);
	const told = (await transfer.paymentInfo(eve)).partialFee.toBigInt();
	const receipt = await send(chain, eve, transfer, 'finalized');
	const [, paid] = eventData(receipt, 'transactionPayment', 'TransactionFeePaid');
	assert.ok(told > 0n && amount(paid) <= told);
	assert.equal(await moneyOf(chain, ferdie), payee + 7n * UNIT);
	assert.equal(await moneyOf(chain, eve), payer - 7n * UNIT - amount(paid));
});

test('the pipeline of transaction extensions is the well-known one', () => {
	assert.deepEqual(chain.api.registry.signedExtensions, [
		'CheckNonZeroSender', 'CheckSpecVersion', 'CheckTxVersion', 'CheckGenesis', 'CheckMortality', 'CheckNonce',
		'CheckWeight', 'ChargeTransactionPayment', 'CheckMetadataHash', 'WeightReclaim',
	]);
});

test('a hardware wallet signs the digest of the metadata too, and the chain has the same', async () => {
	const { merkleizeMetadata } = await import('@polkadot-api/merkleize-metadata');
	const { registry } = chain.api;
	const [decimals = 0] = registry.chainDecimals;
	const [tokenSymbol = ''] = registry.chainTokens;
	const metadata = await chain.request<HexString>('state_call', 'Metadata_metadata_at_version', '0x0f000000');
	const digest = u8aToHex(merkleizeMetadata(metadata, { decimals, tokenSymbol }).digest());
	const sign = (metadataHash: string) =>
		call(chain.api, 'balances', 'transferKeepAlive', ferdie.address, UNIT).signAsync(eve, { mode: 1, metadataHash });

	const payee = await moneyOf(chain, ferdie);
	await sendSigned(await sign(digest));
	assert.equal(await moneyOf(chain, ferdie), payee + UNIT);
	// What was signed for another runtime, or for amounts with other decimals.
	await assert.rejects(chain.request('author_submitExtrinsic', (await sign(newHash())).toHex()), /1010.*bad signature/s);
});

test('the next nonce of an account is a plain number', async () => {
	assert.equal(typeof (await chain.request('system_accountNextIndex', eve.address)), 'number');
	assert.equal(typeof (await chain.request('system_accountNextIndex', newKey().address)), 'number');
});

test('the development chain has the four founders', async () => {
	const institution = await json(chain, 'institutions', 'institutions', 1);
	assert.equal(institution.account, alice.address);
	assert.equal(await json(chain, 'institutions', 'memberCount'), 4);
});

test('blocks become final within seconds', async () => {
	const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
	const { number } = await finalisedHead(chain.api);
	assert.ok(best - number <= 5, `best ${best}, final ${number}`);
});

test('unsafe methods are not served', async () => {
	const publicKey = `0x${Buffer.from(alice.publicKey).toString('hex')}`;
	await assert.rejects(chain.request('author_insertKey', 'aura', '//Alice', publicKey), /unsafe/);
	await assert.rejects(chain.request('author_rotateKeys'), /unsafe/);
});

test('what could change money or supplies behind the alliance is closed', async () => {
	const { api } = chain;
	const burn = call(api, 'balances', 'burn', UNIT, false);
	const filtered = 'system.CallFiltered';
	await expectRefusals(chain, [
		['create an asset', eve, call(api, 'assets', 'create', 1, eve.address, 1), filtered],
		['burn points', eve, call(api, 'assets', 'burn', 1, eve.address, 1), filtered],
		['approve a transfer', eve, call(api, 'assets', 'approveTransfer', 1, ferdie.address, 1), filtered],
		['burn settlement units', eve, burn, filtered],
		['force a transfer', alice, call(api, 'balances', 'forceTransfer', eve.address, alice.address, UNIT), filtered],
		['replace the runtime', alice, call(api, 'system', 'setCode', '0x00'), filtered],
		['write raw storage', alice, call(api, 'system', 'setStorage', []), filtered],
		['hide a closed call in a batch', eve, call(api, 'utility', 'batchAll', [burn]), filtered],
	]);
});

/** Signs as the Polkadot.js extension does: what the page hands over, by a registry of its own without metadata. */
const extensionOf = (pair: KeyringPair): Signer => ({
	signPayload: async (payload) => {
		const registry = new TypeRegistry();
		registry.setSignedExtensions(payload.signedExtensions);
		return { id: 1, ...registry.createType('ExtrinsicPayload', payload, { version: payload.version }).sign(pair) };
	},
});

/** Sends what is signed already and waits until it is in a block. */
async function sendSigned(signed: Call): Promise<Receipt> {
	let stop: (() => void) | undefined;
	try {
		return await within(90_000, 'the transaction to be in a block', new Promise<Receipt>((resolve, reject) => {
			const sent = signed.send(({ status, events, dispatchError }) => {
				if (dispatchError) reject(explain(chain.api, dispatchError));
				else if (status.isInBlock) resolve({ block: status.asInBlock.toHex(), events });
			});
			sent.then((unsubscribe) => (stop = unsubscribe), reject);
		}));
	} finally {
		stop?.();
	}
}

const issue = async (program: number, to: KeyringPair, points: bigint) =>
	call(chain.api, 'points', 'issue', program, to.address, points, { era: await eraNow(chain), commitment: newOrder() });

test('who owns a vintage and nothing else gives some away, signed by the extension, and its issuer pays', async () => {
	const { api } = chain;
	const program = await createProgram(chain, alice, 'GIFT', {});
	const asset = firstVintage(program);
	const newcomer = newKey();
	await send(chain, alice, await issue(program, newcomer, 10_000n));
	const spent = () => json(chain, 'sponsorship', 'budgets', ALICE);
	const [before, issuer] = [await spent(), await moneyOf(chain, alice)];
	const transfer = call(api, 'assets', 'transfer', asset, ferdie.address, 4_000n);

	assert.equal(await moneyOf(chain, newcomer), 0n);
	assert.equal((await transfer.paymentInfo(newcomer.address)).partialFee.toBigInt(), 0n);
	const signed = await transfer.signAsync(newcomer.address, { signer: extensionOf(newcomer) });
	assert.ok(signed.era.isMortalEra);
	const receipt = await sendSigned(signed);

	assert.deepEqual([await pointsOf(chain, asset, newcomer), await pointsOf(chain, asset, ferdie)], [6_000n, 4_000n]);
	assert.equal(await moneyOf(chain, newcomer), 0n);
	const [sponsor, customer, fee] = eventData(receipt, 'sponsorship', 'FeeSponsored');
	assert.deepEqual([sponsor, customer], [ALICE, newcomer.address]);
	assert.ok(amount(fee) > 0n);
	assert.equal(await moneyOf(chain, alice), issuer - amount(fee));
	const now = await spent();
	const grown = (name: string) => amount(now[name]) - (before.day === now.day ? amount(before[name]) : 0n);
	assert.deepEqual([grown('all'), grown('strangers')], [amount(fee), amount(fee)]);
});

test('an account that was emptied and has points again does not repeat what it once signed for ever', async () => {
	const { api } = chain;
	const program = await createProgram(chain, alice, 'AGAIN', {});
	const asset = firstVintage(program);
	const person = newKey();
	const receiver = newKey();
	await send(chain, alice, await issue(program, person, 5_000n));
	const nonce = await chain.request<number>('system_accountNextIndex', person.address);
	const transfer = (points: bigint) => call(api, 'assets', 'transfer', asset, receiver.address, points);
	const immortal = { era: 0, nonce };
	const all = await transfer(5_000n).signAsync(person, immortal);
	// Never sent while it was good.
	const half = await transfer(2_500n).signAsync(person, immortal);
	assert.ok(!all.era.isMortalEra);
	await sendSigned(all);
	assert.equal(await json(chain, 'assets', 'account', asset, person.address), null);
	const gone = await json(chain, 'system', 'account', person.address);
	assert.deepEqual([gone.providers, gone.sufficients, gone.consumers], [0, 0, 0]);

	await send(chain, alice, await issue(program, person, 5_000n));
	assert.ok((await chain.request<number>('system_accountNextIndex', person.address)) > nonce);
	const before = [await pointsOf(chain, asset, person), await pointsOf(chain, asset, receiver)];
	assert.deepEqual(before, [5_000n, 5_000n]);
	// The pool remembers what was in a block a while ago, so that the runtime is asked as well.
	await assert.rejects(chain.request('author_submitExtrinsic', all.toHex()), /1010.*outdated|1012.*banned/s);
	const head = await chain.request<string>('chain_getBlockHash');
	// From outside, on top of the newest block; the answer is that it is invalid, since it is stale.
	const asked = `0x02${all.toHex().slice(2)}${head.slice(2)}`;
	assert.equal(await chain.request('state_call', 'TaggedTransactionQueue_validate_transaction', asked), '0x010003');
	await assert.rejects(chain.request('author_submitExtrinsic', half.toHex()), /1010.*outdated/s);
	await sleep(2_000);
	assert.deepEqual([await pointsOf(chain, asset, person), await pointsOf(chain, asset, receiver)], before);

	// What it signs now is good.
	await sendSigned(await transfer(1_000n).signAsync(person, { signer: extensionOf(person) }));
	assert.equal(await pointsOf(chain, asset, receiver), 6_000n);
});

/** A slow line: what the node refuses is heard of last, when all that it took is answered. */
async function slowLine(): Promise<typeof WebSocket> {
	const Line = await webSocket();
	return class extends Line {
		override addEventListener(type: string, listener: (event: any) => void): void {
			// Whoever has hung up hears nothing more.
			const tell = (event: any) => void (this.readyState === Line.OPEN && listener(event));
			const late = (event: any) => setTimeout(tell, `${event.data}`.includes('limitReached') ? 500 : 0, event);
			super.addEventListener(type as keyof WebSocketEventMap, type === 'message' ? late : listener);
		}
	};
}

test('who asks for more at once than the node serves is answered all of it', async () => {
	const known = globalThis.WebSocket;
	globalThis.WebSocket = await slowLine();
	const sdk = await connect(node.url).finally(() => (globalThis.WebSocket = known));
	try {
		const { Institutions } = sdk.api.query.Institutions;
		const asked = Array.from({ length: 200 }, (_, id) => Institutions.getValue(id));
		const found = await within(60_000, 'the answers', Promise.all(asked));
		assert.deepEqual(found.flatMap((institution, id) => (institution ? [id] : [])), [ALICE, BOB, CHARLIE, DAVE]);
	} finally {
		sdk.close();
	}
});
