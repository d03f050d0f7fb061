/** What every command of the tool works with: a connection, a screen, and perhaps a key. */
import { readFileSync, statSync } from 'node:fs';
import { type Chain, messageOf } from '@hanse/sdk/chain';
import { Refused } from '@hanse/sdk/errors';
import { type Institution, institutions } from '@hanse/sdk/institutions';
import { type Key, fromSecret } from '@hanse/sdk/keys';
import { type Sender } from '@hanse/sdk/motions';
import { sendFor } from '@hanse/sdk/send';
import { type Say, WrongUsage } from '../program.ts';

/** It makes sense, and did not work. */
export class Failed extends Error {}

export interface Desk {
	chain: Chain;
	say: Say;
	/** The bytes of a file. */
	read(file: string): Uint8Array;
	/** Whose standing is shown and in whose name things are done: the key's own account, or the one of `--for`. */
	account: string | undefined;
	/** Signs, sends, and waits until it is in a block. */
	act: Sender;
}

/** The account that a command is about. */
export function accountOf(desk: Desk): string {
	if (!desk.account) throw new WrongUsage('whose? Give --key-file FILE, or --for ACCOUNT to look only');
	return desk.account;
}

/** The institution of that account. */
export async function institutionOf(desk: Desk): Promise<Institution> {
	const account = accountOf(desk);
	const found = (await institutions(desk.chain.api)).find((institution) => institution.account === account);
	if (!found) throw new Failed(`${account} is no institution of this chain`);
	return found;
}

/** The key of a secret URI or of the first line of a file. */
export function readKey(secret: string | undefined, file: string | undefined, say: Say): Key | undefined {
	if (secret !== undefined && file !== undefined) throw new WrongUsage('--key or --key-file, not both');
	if (file !== undefined) {
		secret = Buffer.from(readBytes(file)).toString().split('\n')[0]?.trim();
		if (!secret) throw new WrongUsage(`${file}: no secret on its first line`);
		if ((statSync(file).mode & 0o077) !== 0) say(`Others on this machine can read ${file}: chmod 600 ${file}`);
	}
	if (secret === undefined) return undefined;
	try {
		return fromSecret(secret);
	} catch {
		// What the library says may repeat the secret.
		throw new WrongUsage(`${file ?? '--key'}: neither a phrase nor a seed of 32 bytes nor a path like //Alice`);
	}
}

export function readBytes(file: string): Uint8Array {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new WrongUsage(messageOf(error));
	}
}

/** Sends in the name of the key's own account, or as a delegate of `principal`. */
export function sender(chain: Chain, key: Key | undefined, principal: string | undefined): Sender {
	return async (tx) => {
		if (!key) throw new WrongUsage('this needs a key: --key-file FILE with its secret on the first line');
		return sendFor(chain, key, principal, tx);
	};
}

/** What to do about a refusal, beyond what the chain says. */
export function hint(error: Refused): string | undefined {
	return HINTS[error.reason];
}

/** By the name of the error. */
export const HINTS: Readonly<Record<string, string>> = {
	'system.CallFiltered':
		'The call is closed, or the motion has fewer ayes than it needs by now (see: motions), or a delegate may not do this.',
	'session.InvalidProof': 'The keys belong to another account. Run `keys` with the key of the institution itself.',
	'authorities.KeysNotSet': 'Run `keys` first.',
	'alliance.NotMember': 'Only members vote.',
	'alliance.TooEarly': 'It can be closed when it has the votes that it needs, or when it cannot get them any more.',
	'alliance.DuplicateVote': 'Your vote is counted already; vote the other way to change it.',
	'alliance.DuplicateProposal': 'The same motion is open already; see: motions.',
	'proxy.NotProxy': 'The account of --for has not made this key its delegate.',
};
