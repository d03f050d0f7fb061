/** What happened on a chain, block by block. */
import type { Header } from '@polkadot/types/interfaces';
import type { HexString } from '@polkadot/util/types';
import { type Chain, ConnectionLost, sleep } from './chain.ts';

export interface Happening {
	/** The block, by number and hash. */
	number: number;
	block: HexString;
	/** As in `conduct.OffenceRecorded`. */
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

	/** Waits up to `patience` milliseconds for the first event of a name with such fields after block `after`. */
	async wait(name: string, patience: number, fields: Record<string, unknown> = {}, after = 0): Promise<Happening> {
		const deadline = Date.now() + patience;
		const isIt = ({ number, name: other, data }: Happening) =>
			number > after && other === name && Object.entries(fields).every(([key, value]) => data[key] === value);
		for (;;) {
			const found = (await this.read()).find(isIt);
			if (found) return found;
			if (Date.now() > deadline) {
				throw new ConnectionLost(`no ${name} ${JSON.stringify(fields)} was final within ${patience / 1000} s`);
			}
			await sleep(500);
		}
	}

	/** The data of all events of a name in a block. */
	async dataIn(block: string, name: string): Promise<Happening['data'][]> {
		return (await this.read()).filter((event) => event.block === block && event.name === name).map(({ data }) => data);
	}
}

async function finalHeader({ api }: Chain): Promise<Header> {
	return api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead());
}
