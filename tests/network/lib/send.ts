/** Sending single transactions and waiting for them; for many at once see the player's pipeline. */
import type { KeyringPair } from '@polkadot/keyring/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import type { HexString } from '@polkadot/util/types';
import { type Call, type Chain, within } from './chain.ts';
import { explain } from './errors.ts';

export interface Receipt {
	block: HexString;
	/** The events of the transaction alone. */
	events: EventRecord[];
}

/** Milliseconds that a transaction may take: after an upgrade every node compiles the new runtime first. */
const PATIENCE = 90_000;

type Until = 'inBlock' | 'finalized';

/**
 * Signs `call` as a wallet does, sends it and waits until it is in a block, or final. Throws [`Refused`]
 * if it failed there, and what the pool said if it never got that far.
 */
export async function send(chain: Chain, signer: KeyringPair, call: Call, until: Until = 'inBlock'): Promise<Receipt> {
	const { done } = await submit(chain, signer, call, until);
	return done;
}

/** The same, and returns as soon as the node took it, so that the next one can follow at once. */
export async function submit(
	chain: Chain,
	signer: KeyringPair,
	call: Call,
	until: Until = 'inBlock',
): Promise<{ done: Promise<Receipt> }> {
	// Asked here, since the library remembers its own answer for a moment and would use a nonce twice.
	const nonce = await chain.request<number>('system_accountNextIndex', signer.address);
	let stop: (() => void) | undefined;
	let accepted!: Promise<() => void>;
	const outcome = new Promise<Receipt>((resolve, reject) => {
		accepted = call.signAndSend(signer, { nonce }, ({ status, events, dispatchError }) => {
			if (status.isInvalid || status.isDropped || status.isUsurped) reject(new Error(`the pool says ${status.type}`));
			if (!status.isFinalized && !(until === 'inBlock' && status.isInBlock)) return;
			const block = (status.isFinalized ? status.asFinalized : status.asInBlock).toHex();
			if (dispatchError) reject(explain(chain.api, dispatchError));
			else resolve({ block, events });
		});
		// Nothing will come of what the pool does not take.
		accepted.catch(reject);
	});
	const name = `${call.method.section}.${call.method.method}`;
	const done = within(PATIENCE, `${name} to be ${until}`, Promise.race([outcome, chain.lost])).finally(() => stop?.());
	// Whoever is still submitting others looks at it later.
	done.catch(() => {});
	stop = await within(PATIENCE, `${name} to be taken`, Promise.race([accepted, chain.lost]));
	return { done };
}

/** The data of the first event `section.method`, as JSON; throws if there is none. */
export function eventData(receipt: Receipt, section: string, method: string): unknown[] {
	const found = receipt.events.find(({ event }) => event.section === section && event.method === method);
	if (!found) throw new Error(`no event ${section}.${method} in block ${receipt.block}`);
	return found.event.data.toJSON() as unknown[];
}
