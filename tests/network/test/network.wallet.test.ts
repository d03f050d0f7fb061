/** What any wallet for Polkadot-like chains expects, and what nobody may do. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, finalisedHead } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { amount } from '../lib/money.ts';
import { eventData, send } from '../lib/send.ts';
import { UNIT, alice, eve, expectRefusals, ferdie, json, moneyOf, newKey } from './support.ts';

let node: Node;
let chain: Chain;
before(async () => {
	node = await startNode(['--dev', '--tmp']);
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
