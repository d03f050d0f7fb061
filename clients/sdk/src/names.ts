/** What institutions and rules are called. */
import type { Api } from './chain.ts';
import { type Institution, institutions } from './institutions.ts';
import { Rules } from './rules.ts';

export class Names {
	readonly all: Institution[];
	readonly rules: Rules;

	constructor(all: Institution[], rules: Rules) {
		this.all = all;
		this.rules = rules;
	}

	static async read(api: Api): Promise<Names> {
		return new Names(...(await Promise.all([institutions(api), Rules.read(api)])));
	}

	institution(id: number): string {
		const found = this.all.find((institution) => institution.id === id);
		return found ? `${found.name} (institution ${id})` : `institution ${id}, which does not exist`;
	}

	/** The name of an account's institution, or the account. */
	account(address: string): string {
		return this.all.find(({ account }) => account === address)?.name ?? address;
	}
}
