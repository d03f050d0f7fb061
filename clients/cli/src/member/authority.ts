/** Running an authority: its keys, whether it is wanted, and when it works. */
import { authorities, authorityOf, keysOf, operates } from '@hanse/sdk/authorities';
import { type Hex, bytesOf, hexOf } from '@hanse/sdk/bytes';
import { type Chain, connect, messageOf, sleep } from '@hanse/sdk/chain';
import { institutions } from '@hanse/sdk/institutions';
import { publicKeyOf } from '@hanse/sdk/keys';
import { count } from '@hanse/sdk/money';
import { type Desk, Failed, accountOf, institutionOf } from './desk.ts';

/** Makes new keys on the authority's own node, which alone has their secrets, and sets them. */
export async function setKeys(desk: Desk, node: string | undefined): Promise<void> {
	const { chain, say } = desk;
	const account = accountOf(desk);
	await institutionOf(desk);
	const own = node === undefined ? chain : await connect(node);
	let made: { keys: Hex; proof?: Hex | null };
	try {
		await ensureFree(chain, own, account);
		made = await own.request('author_rotateKeysWithOwner', hexOf(publicKeyOf(account)));
	} catch (error) {
		if (!/unsafe/i.test(messageOf(error))) throw error;
		throw new Failed(
			'the node makes no keys over this connection: start it with `--rpc-methods unsafe`, reachable from its own ' +
				'machine only, and without it again afterwards',
		);
	} finally {
		if (own !== chain) own.close();
	}
	if (!made.proof) throw new Failed('the node gave no proof that it has the keys: is it of this version?');
	const [aura, grandpa] = [made.keys.slice(0, 66), `0x${made.keys.slice(66)}`];
	await desk.act(chain.api.tx.Session.set_keys({ keys: { aura, grandpa }, proof: bytesOf(made.proof) }));
	const keys = await keysOf(chain.api, account);
	say(`Keys set: aura ${keys?.aura}, grandpa ${keys?.grandpa}.`);
	say('Their secrets are in the keystore of that node: keep a copy of it, and never run two nodes with them.');
	if (!(await operates(chain.api, await institutionOf(desk)))) say('Next: scripts/member operate on');
}

/** A node votes for one authority only: a second one on it would be as good as absent, and could end finality. */
async function ensureFree({ api }: Chain, node: Chain, account: string): Promise<void> {
	const { now, next } = await authorities(api);
	for (const other of new Set([...now, ...next])) {
		const keys = await keysOf(api, other);
		if (other === account || !keys) continue;
		if (!(await node.request<boolean>('author_hasSessionKeys', `${keys.aura}${keys.grandpa.slice(2)}`))) continue;
		const name = (await institutions(api)).find((institution) => institution.account === other)?.name ?? other;
		throw new Failed(`this node is the authority of ${name}: give the one of your own institution with --node URL`);
	}
}

export async function operate(desk: Desk, on: boolean): Promise<void> {
	await institutionOf(desk);
	await desk.act(desk.chain.api.tx.Authorities.operate({ on }));
	desk.say(
		on
			? 'The institution wants to run an authority. It makes blocks after two turns of sessions, or when its turn comes.'
			: 'The institution stops running its authority. Leave the node on until it makes no blocks any more.',
	);
	desk.say('To see when: scripts/member authority');
}

/** Follows an institution's authority until it makes blocks. */
export async function watchAuthority(desk: Desk): Promise<void> {
	const { chain, say } = desk;
	const { api, client } = chain;
	const account = accountOf(desk);
	const { id } = await institutionOf(desk);
	let last = '';
	for (;;) {
		const [keys, on, set, [best]] = await Promise.all([
			keysOf(api, account), institutionOf(desk).then((now) => operates(api, now)), authorities(api), client.getBestBlocks(),
		]);
		const number = best?.number ?? 0;
		if (set.now.includes(account)) {
			const since = last === '' ? await activeSince(chain, account, number) : `since block ${count(number)}`;
			const until = set.next.includes(account) ? '' : ', until the next session';
			say(`Institution ${id} makes blocks and votes on finality, ${since}${until}.`);
			return;
		}
		if (!keys) throw new Failed('the keys are not set: scripts/member keys --node URL');
		const where = authorityOf(set, account, on);
		if (where === '-') throw new Failed('the institution wants to run no authority: scripts/member operate on');
		if (where !== last) {
			const stage = where === 'waits' ? 'waits to be planned' : 'is planned, and makes blocks from the next session on';
			say(`Block ${count(number)}: the keys are set, and the authority ${stage}.`);
		}
		last = where;
		await Promise.race([sleep(1_000), chain.lost]);
	}
}

/** States that every node keeps. */
const KEPT = 200;

/** The first block whose authorities include `account`, as far back as nodes keep states. */
async function activeSince({ api, request }: Chain, account: string, best: number): Promise<string> {
	const isActive = async (number: number) =>
		(await authorities(api, { at: await request<Hex>('chain_getBlockHash', number) })).now.includes(account);
	let [low, high] = [Math.max(1, best - KEPT), best];
	if (await isActive(low)) return low === 1 ? 'since the first block' : `since before block ${count(low)}`;
	while (low + 1 < high) {
		const middle = Math.floor((low + high) / 2);
		if (await isActive(middle)) high = middle;
		else low = middle;
	}
	return `since block ${count(high)}`;
}
