/** What tests of members, votes and authorities need. */
import assert from 'node:assert/strict';
import type { HexString } from '@polkadot/util/types';
import { authorities, authorOf, keysOf } from '../lib/authorities.ts';
import { type Call, type Chain, sleep } from '../lib/chain.ts';
import type { KeyringPair } from '../lib/keys.ts';
import { type Sender, close, propose, vote } from '../lib/motions.ts';
import { send } from '../lib/send.ts';
import type { Founder } from '../lib/spec.ts';
import { run } from '@hanse/cli/member/cli';

/** The quickest sessions that are comfortable on a small machine, and eras and a notice that fit into a test. */
export const SESSION = 10_000;
export const RULES = { session: SESSION, era: 30_000, notice: 5_000 };

/** Does with the administrator's tool what `words` say, with the key of `who`; what it answers. */
export async function member(url: string, who: Founder, ...words: string[]): Promise<string> {
	const lines: string[] = [];
	const say = (line: string) => void lines.push(line);
	const code = await run([...words, '--url', url, '--key', `//${who}`], say, say);
	const text = lines.join('\n').trimEnd();
	assert.equal(code, 0, `${who}: ${words.join(' ')}: ${text}`);
	return text;
}

/** The same where it should fail, with exit code `code` and something like `expected` on the screen. */
export async function memberFails(url: string, who: Founder, code: number, expected: RegExp, ...words: string[]): Promise<void> {
	const lines: string[] = [];
	const say = (line: string) => void lines.push(line);
	const found = await run([...words, '--url', url, '--key', `//${who}`], say, say);
	assert.equal(found, code, `${words.join(' ')}: ${lines.join('\n')}`);
	assert.match(lines.join('\n'), expected);
}

/** Sends what `who` has to send. */
export const sender = (chain: Chain, who: KeyringPair): Sender => (call) => send(chain, who, call);

/** Has `voters`, the first of whom proposes it, carry `motion`; the block in which its call was dispatched. */
export async function decide(chain: Chain, voters: [KeyringPair, ...KeyringPair[]], motion: Call): Promise<HexString> {
	const by = sender(chain, voters[0]);
	const open = await propose(chain, by, motion);
	await Promise.all(voters.map((who) => vote(chain, sender(chain, who), open, true)));
	const { carried, error, block } = await close(chain, by, open);
	if (error) throw error;
	assert.ok(carried, `motion ${open.index} was not carried`);
	return block;
}

/** Waits until `holds`; looks twice a second. */
export async function until(what: string, patience: number, holds: () => Promise<boolean>): Promise<void> {
	const deadline = Date.now() + patience;
	while (!(await holds())) {
		assert.ok(Date.now() < deadline, `not within ${patience / 1000} s: ${what}`);
		await sleep(500);
	}
}

/** Whose turn it was in each of the last `count` blocks, by account, the newest first. */
export async function recentAuthors({ api }: Chain, count: number): Promise<string[]> {
	const accounts = new Map<string, string>();
	for (const account of (await authorities(api)).now) {
		const keys = await keysOf(api, account);
		if (keys) accounts.set(keys.aura, account);
	}
	const authors = [];
	let header = await api.rpc.chain.getHeader();
	for (let i = 0; i < count; i++) {
		const key = await authorOf(api, header);
		authors.push(accounts.get(key) ?? key);
		header = await api.rpc.chain.getHeader(header.parentHash);
	}
	return authors;
}
