/** Another runtime: decided by the members, and in force on every node at once after the notice. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, read, untilFinal, view } from '../lib/chain.ts';
import { BEST, connect } from '@hanse/sdk/chain';
import * as keys from '@hanse/sdk/keys';
import { send as sendBySdk } from '@hanse/sdk/send';
import { FinalityLog } from '../lib/finality.ts';
import { Network, type Peer } from '../lib/network.ts';
import { nextRuntime } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import { RULES, SESSION, member, memberFails, until } from './alliance.ts';
import { UNIT, alice, bob, eve, expectRefusals, ferdie, json, moneyOf } from './support.ts';

const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;

const network = new Network(
	writeSpec({
		founders: [...FOUNDERS],
		authorities: [...FOUNDERS],
		// Long enough to see that nothing happens before its end.
		rules: { ...RULES, notice: 20_000 },
		endowed: [eve, ferdie].map(({ address }) => [address, 1_000n * UNIT]),
	}),
);
let peers: Record<(typeof FOUNDERS)[number], Peer>;
let chain: Chain;
let url: string;

before(async () => {
	peers = await network.authorities(FOUNDERS);
	({ chain, node: { url } } = peers.Alice);
	await untilFinal(chain.api, 2, 60_000);
});
after(() => network.stop());

const versionOf = async (of: Chain) => (await of.api.rpc.state.getRuntimeVersion()).specVersion.toNumber();
const transfer = (of: Chain) => call(of.api, 'balances', 'transferKeepAlive', bob.address, UNIT);

test('the members decide on a runtime, anybody applies it, and the chain goes on with it', { timeout: 240_000 }, async () => {
	const { api } = chain;
	const wasm = nextRuntime();
	const finality = await FinalityLog.follow(chain);
	const before = await versionOf(chain);
	const old = await transfer(chain).signAsync(eve);
	const sdk = await connect(url);
	const reads = Object.keys(api.call['hanseApi'] ?? {}).sort();
	assert.ok(reads.includes('rules'));

	await expectRefusals(chain, [
		['a member that upgrades alone', alice, call(api, 'system', 'authorizeUpgrade', `0x${'11'.repeat(32)}`), 'system.CallFiltered'],
	]);
	await memberFails(url, 'Ferdie', 1, /no upgrade is authorised/, 'upgrade', 'apply', wasm);
	assert.match(await member(url, 'Alice', 'propose', 'upgrade', wasm, '--aye'), /upgrade the runtime[\s\S]*takes 3 ayes/);
	await member(url, 'Bob', 'vote', '0', 'aye');
	await member(url, 'Dave', 'vote', '0', 'aye');
	assert.match(await member(url, 'Charlie', 'close', '0'), /carried/);
	assert.match(await member(url, 'Charlie', 'motions'), /Decision 1, in force from .*: upgrade the runtime/);
	// Not before the notice is over.
	assert.equal(await json(chain, 'system', 'authorizedUpgrade'), null);
	await until('the end of the notice', 60_000, async () => (await json(chain, 'system', 'authorizedUpgrade')) !== null);

	const applied = await member(url, 'Ferdie', 'upgrade', 'apply', wasm);
	const next = Number(/version (\d+) now, and was (\d+)/.exec(applied)?.[1]);
	assert.ok(next > before, applied);
	const at = (await api.rpc.chain.getHeader()).number.toNumber();
	await Promise.all(Object.values(peers).map(async (peer) => {
		await untilFinal(peer.chain.api, at + 5, 60_000);
		assert.equal(await versionOf(peer.chain), next);
	}));
	const hashes = await Promise.all(Object.values(peers).map((peer) => peer.chain.api.rpc.chain.getBlockHash(at + 5)));
	assert.equal(new Set(hashes.map(String)).size, 1);

	// Who stayed connected reads and signs on.
	await until('the library to follow', 30_000, async () => api.runtimeVersion.specVersion.toNumber() === next);
	assert.deepEqual(Object.keys(api.call['hanseApi'] ?? {}).sort(), reads);
	assert.deepEqual((await view(api, 'Supervision', 'supervisors')).toJSON(), []);
	await send(chain, ferdie, transfer(chain), 'finalized');
	const gift = sdk.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: bob.address }, value: UNIT });
	await sendBySdk(sdk, keys.wellKnown('Ferdie'), gift, 'final');
	assert.ok((await sdk.api.apis.HanseApi.rule_table(BEST)).length > 20);
	sdk.close();

	// A wallet that connects now signs for the new version; what was signed for the old one is void.
	await assert.rejects(chain.request('author_submitExtrinsic', old.toHex()), /bad signature/);
	const fresh = await peers.Bob.node.chain();
	const money = await moneyOf(fresh, bob);
	await send(fresh, ferdie, transfer(fresh), 'finalized');
	assert.equal(await moneyOf(fresh, bob), money + UNIT);
	assert.equal((await read(api, 'rules')).toHex(), (await read(fresh.api, 'rules')).toHex());
	await fresh.close();
	assert.equal(await json(chain, 'system', 'authorizedUpgrade'), null);
	assert.ok(finality.longestGap <= 2 * SESSION, `finality stood still for ${finality.longestGap} ms`);
	await finality.end();
});
