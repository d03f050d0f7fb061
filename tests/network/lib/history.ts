/** What happened on a chain, block by block. */
import type { Header } from '@polkadot/types/interfaces';
import type { HexString } from '@polkadot/util/types';
import type { Chain } from './chain.ts';

export interface Happening {
	/** The block, by number and hash. */
	number: number;
	block: HexString;
	/** As in `conduct.DeedRecorded`. */
	name: string;
	/** By the names of its fields, in the chain's JSON. */
	data: Record<string, any>;
}

/** The events of all blocks that became final, from `follow` on, in their order. */
export class History {
	readonly #chain: Chain;
	readonly #events: Happening[] = [];
	/** The next block to read. */
	#next: number;

	private constructor(chain: Chain, next: number) {
		this.#chain = chain;
		this.#next = next;
	}

	static async follow(chain: Chain): Promise<History> {
		return new History(chain, (await finalHeader(chain)).number.toNumber() + 1);
	}

	/** Reads what became final since the last time; all events so far. */
	async read(): Promise<readonly Happening[]> {
		const { api } = this.#chain;
		const last = (await finalHeader(this.#chain)).number.toNumber();
		for (; this.#next <= last; this.#next++) {
			const block = (await api.rpc.chain.getBlockHash(this.#next)).toHex();
			for (const { event } of await (await api.at(block)).query.system.events()) {
				const { section, method, data } = event;
				const fields = (data.names ?? []).map((name, i) => [name, data[i]?.toJSON()]);
				this.#events.push({ number: this.#next, block, name: `${section}.${method}`, data: Object.fromEntries(fields) });
			}
		}
		return this.#events;
	}
}

async function finalHeader({ api }: Chain): Promise<Header> {
	return api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead());
}
