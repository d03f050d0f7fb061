/** Finality as a node sees it, block by block. */
import type { HexString } from '@polkadot/util/types';
import type { Chain } from './chain.ts';

/** Notes what becomes final and when, from `follow` to `end`. */
export class FinalityLog {
	/** What was final, by number. A node leaves out numbers where several become final at once. */
	readonly hashes = new Map<number, HexString>();
	#best = 0;
	#since = Date.now();
	#longest = 0;
	#stop: () => Promise<void> = async () => {};

	static async follow(chain: Chain): Promise<FinalityLog> {
		const log = new FinalityLog();
		log.#stop = await chain.headers('final', (header) => log.#note(header.number.toNumber(), header.hash.toHex()));
		return log;
	}

	#note(number: number, hash: HexString): void {
		this.hashes.set(number, hash);
		if (number <= this.#best) return;
		this.#longest = this.longestGap;
		this.#best = number;
		this.#since = Date.now();
	}

	/** The newest final block. */
	get best(): number {
		return this.#best;
	}

	/** The longest time, in milliseconds, in which nothing became final; that until now counts. */
	get longestGap(): number {
		return Math.max(this.#longest, Date.now() - this.#since);
	}

	async end(): Promise<void> {
		this.#longest = this.longestGap;
		this.#since = Infinity;
		await this.#stop();
	}
}
