/** The rules in force, as the chain describes them, and their values as people write them. */
import type { ApiPromise } from '@polkadot/api';
import type { Enum, Struct, Vec } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { read } from '@hanse/sdk/pjs/chain';
import { textOf } from '@hanse/sdk/pjs/alliance';
import { amount, parseSettlement, settlement } from '@hanse/sdk/money';
import { exactly, parseDuration } from '@hanse/sdk/time';
import { WrongUsage } from './desk.ts';

/** A rule as the chain has it; numbers are in its unit. */
interface Rule {
	/** How calls name it. */
	variant: Codec;
	value: bigint;
	unit: string;
	/** What a vote can ever make of it. */
	bounds: [least: bigint, most: bigint];
	/** What the next amendment can make of it; nothing if it cannot move. */
	reach: [least: bigint, most: bigint] | undefined;
	/** Which way it is harder to meet, if it is a requirement. */
	stricter: string | undefined;
}

/** Rules by name: `session`, and for what follows from a deed `equivocation.fine`. */
export class Rules {
	readonly #rules: ReadonlyMap<string, Rule>;

	constructor(rules: ReadonlyMap<string, Rule>) {
		this.#rules = rules;
	}

	static async read(api: ApiPromise): Promise<Rules> {
		const rows = (await read(api, 'ruleTable')) as Vec<Struct>;
		return new Rules(new Map(rows.map(ruleOf)));
	}

	names(): string[] {
		return [...this.#rules.keys()];
	}

	/** The name of a rule as it is in a call. */
	called(rule: Enum): string {
		const found = [...this.#rules].find(([, { variant }]) => variant.eq(rule));
		return found?.[0] ?? rule.type;
	}

	of(name: string): Rule {
		const rule = this.#rules.get(name);
		if (!rule) throw new Error(`this chain has no rule ${name}`);
		return rule;
	}

	/** A value of a rule as people write it; the one in force, if none is given. */
	show(name: string, value = this.of(name).value): string {
		switch (this.of(name).unit) {
			case 'MicroUnits':
				return `${settlement(value)} units`;
			case 'Milliseconds':
				return exactly(Number(value));
			case 'Eras':
				return value === 1n ? '1 era' : `${value} eras`;
			case 'PerCent':
				return `${value} %`;
			case 'PerMillion':
				return `${value} millionths`;
			case 'Flag':
				return value === 0n ? 'no' : 'yes';
			default:
				return `${value}`;
		}
	}

	/** The same of a smallest and a largest value. */
	range(name: string, [least, most]: [bigint, bigint]): string {
		return `${this.show(name, least)} to ${this.show(name, most)}`;
	}

	/** What was typed as the value of a rule, in the chain's unit. */
	parse(name: string, text: string): bigint {
		const { unit, value } = this.of(name);
		switch (unit) {
			case 'MicroUnits': {
				const units = parseSettlement(text);
				if (units !== undefined) return units;
				throw new WrongUsage(`${name} is an amount: write settlement units like 12500 or 12500.50, not ${text}`);
			}
			case 'Milliseconds': {
				const length = parseDuration(text);
				if (length !== undefined) return BigInt(length);
				throw new WrongUsage(`${name} is a length of time: write it like 10m, 6h or 7d, not ${text}`);
			}
			case 'Flag':
				if (text === 'yes' || text === 'no') return text === 'yes' ? 1n : 0n;
				throw new WrongUsage(`${name} is yes or no, not ${text}`);
			default:
				if (/^\d{1,10}$/.test(text)) return BigInt(text);
				throw new WrongUsage(`${name} is a whole number, like ${value}, not ${text}`);
		}
	}

	/** The rule that was meant, whether typed as `admission-bond` or `admissionBond`. */
	find(typed: string): string {
		const fold = (name: string) => name.replace(/[-_ ]/g, '').toLowerCase();
		const found = this.names().find((name) => fold(name) === fold(typed));
		if (!found) throw new WrongUsage(`there is no rule ${typed}; there are: ${this.names().join(', ')}`);
		return found;
	}
}

function ruleOf(row: Struct): [name: string, rule: Rule] {
	const json = row.toJSON() as Record<'name' | 'unit', string> & Record<'value' | 'min' | 'max', unknown> & {
		reach: [unknown, unknown] | null;
		stricter: string | null;
	};
	const name = textOf(json.name).replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
	return [name, {
		variant: row.get('rule') ?? row,
		value: amount(json.value),
		unit: json.unit,
		bounds: [amount(json.min), amount(json.max)],
		reach: json.reach ? [amount(json.reach[0]), amount(json.reach[1])] : undefined,
		stricter: json.stricter?.toLowerCase(),
	}];
}
