/** What a chain answers when it refuses, in words. */
import type { PolkadotClient } from 'polkadot-api';
import { metadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { type Variant, camel, reasonOf } from './reasons.ts';

export { camel, reasonOf } from './reasons.ts';

/** A transaction that is in a block and failed there. */
export class Refused extends Error {
	/** As in `points.NotFound`, `BadOrigin`, `Token.FundsUnavailable`. */
	readonly reason: string;

	constructor(reason: string, docs: string) {
		super(docs ? `${reason}: ${docs}` : reason);
		this.reason = reason;
	}
}

/** The error of a failed transaction: its name, and how its documentation says to avoid it. */
export async function explain(client: PolkadotClient, error: Variant): Promise<Refused> {
	const reason = reasonOf(error);
	// Without its docs it still has its name.
	const docs = error.type === 'Module' ? await docsOf(client).catch(() => new Map<string, string>()) : undefined;
	return new Refused(reason, docs?.get(reason) ?? '');
}

/** The docs of all errors of the pallets, by name. Read once for each connection, when something fails first. */
function docsOf(client: PolkadotClient): Promise<Map<string, string>> {
	let docs = known.get(client);
	if (!docs) {
		docs = client.getFinalizedBlock().then(({ hash }) => client.getMetadata(hash)).then(errorDocs);
		known.set(client, docs);
		docs.catch(() => known.delete(client));
	}
	return docs;
}
const known = new WeakMap<PolkadotClient, Promise<Map<string, string>>>();

/** The docs of errors in a runtime's metadata, by names like `points.NotFound`. */
export function errorDocs(raw: Uint8Array): Map<string, string> {
	const { pallets, lookup } = unifyMetadata(metadata.dec(raw));
	const docs = new Map<string, string>();
	for (const { name, errors } of pallets) {
		const type = errors === undefined ? undefined : lookup[typeof errors === 'number' ? errors : errors.type]?.def;
		if (type?.tag !== 'variant') continue;
		for (const error of type.value) docs.set(`${camel(name)}.${error.name}`, error.docs.join(' ').trim());
	}
	return docs;
}
