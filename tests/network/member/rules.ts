/** The rules in force, and their values as people write them. */
import type { ApiPromise } from '@polkadot/api';
import type { Enum, UInt } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { storage } from '../lib/chain.ts';
import { SETTLEMENT_DECIMALS, settlement } from '../lib/money.ts';
import { exactly, parseDuration } from '../lib/time.ts';
import { WrongUsage } from './desk.ts';

/** Amounts are the chain's widest numbers, lengths of time the next, and whatever else is counted the shortest. */
type Unit = 'money' | 'time' | 'number';
const unitOf = (value: UInt): Unit => {
	const bits = value.bitLength();
	return bits > 64 ? 'money' : bits > 32 ? 'time' : 'number';
};

/** What the numbers that are neither money nor time count. */
const COUNTS: Readonly<Record<string, string>> = {
	interchange: 'millionths of a payment',
	liabilityRatio: '% of bond and reserve',
	reserveRatio: '% of outstanding value',
	orderEras: 'eras',
	refundWindow: 'eras',
	sponsorQuota: 'calls a day',
	offlineShare: '% of expected blocks',
	offlineEras: 'eras in a row',
	demeritDecay: 'demerits an era',
	paymentsInSafeMode: '(1: they go on, 0: they do not)',
	fine: 'millionths of the admission bond',
	stopIssuing: 'eras',
	suspension: 'eras',
};

/** A struct of the chain: a map of its fields. */
type Fields = Map<string, Codec>;

interface Rule {
	value: bigint;
	unit: Unit;
	/** How the chain's calls name it. */
	variant: string | { Consequence: [string, string] };
}

/** Rules by name: `session`, and for what follows from a deed `equivocation.fine`. */
export class Rules {
	readonly #rules: ReadonlyMap<string, Rule>;

	constructor(rules: ReadonlyMap<string, Rule>) {
		this.#rules = rules;
	}

	static async read(api: ApiPromise): Promise<Rules> {
		const current = (await storage(api, 'rulebook', 'current')()) as unknown as Fields;
		const rules = new Map<string, Rule>();
		for (const [name, value] of current.entries()) {
			if (isNumber(value)) {
				rules.set(name, { ...of(value), variant: capital(name) });
				continue;
			}
			for (const [deed, measure, part] of consequences(value)) {
				rules.set(`${deed}.${measure}`, { ...of(part), variant: { Consequence: [capital(deed), capital(measure)] } });
			}
		}
		return new Rules(rules);
	}

	names(): string[] {
		return [...this.#rules.keys()];
	}

	/** The name of a rule as it is in a call. */
	called(rule: Enum): string {
		if (rule.isBasic || rule.type !== 'Consequence') return small(rule.type);
		const [deed, measure] = [...(rule.inner as unknown as Iterable<Enum>)].map(({ type }) => small(type));
		return `${deed}.${measure}`;
	}

	variant(name: string): Rule['variant'] {
		return this.#rule(name).variant;
	}

	/**
	 * The lowest and the highest value that one amendment can give a rule: a quarter away, and always one. How
	 * far one goes from zero, the chain knows alone.
	 */
	reach(name: string): [least: bigint, most: bigint] {
		const { value } = this.#rule(name);
		if (value === 0n) return [0n, 2n ** 128n - 1n];
		const step = value < 4n ? 1n : value / 4n;
		return [value > step ? value - step : 0n, value + step];
	}

	/** A value of a rule as people write it; the one in force, if none is given. */
	show(name: string, value = this.#rule(name).value): string {
		switch (this.#rule(name).unit) {
			case 'money':
				return `${settlement(value)} units`;
			case 'time':
				return exactly(Number(value));
			case 'number':
				return `${value} ${COUNTS[name.split('.').pop() ?? ''] ?? ''}`.replace(/^1 (era|call|millionth|demerit)s/, '1 $1').trimEnd();
		}
	}

	/** What was typed as the value of a rule, in the chain's unit. */
	parse(name: string, text: string): bigint {
		const { unit } = this.#rule(name);
		if (unit === 'number') {
			if (/^\d{1,10}$/.test(text)) return BigInt(text);
			throw new WrongUsage(`${name} is a whole number, like ${this.#rule(name).value}, not ${text}`);
		}
		if (unit === 'time') {
			const length = parseDuration(text);
			if (length !== undefined) return BigInt(length);
			throw new WrongUsage(`${name} is a length of time: write it like 10m, 6h or 7d, not ${text}`);
		}
		const match = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text.replaceAll(',', ''));
		if (match) return BigInt(`${match[1]}${(match[2] ?? '').padEnd(SETTLEMENT_DECIMALS, '0')}`);
		throw new WrongUsage(`${name} is an amount: write settlement units like 12500 or 12500.50, not ${text}`);
	}

	/** The rule that was meant, whether typed as `admission-bond` or `admissionBond`. */
	find(typed: string): string {
		const fold = (name: string) => name.replace(/[-_ ]/g, '').toLowerCase();
		const found = this.names().find((name) => fold(name) === fold(typed));
		if (!found) throw new WrongUsage(`there is no rule ${typed}; there are: ${this.names().join(', ')}`);
		return found;
	}

	#rule(name: string): Rule {
		const rule = this.#rules.get(name);
		if (!rule) throw new Error(`this chain has no rule ${name}`);
		return rule;
	}
}

const of = (value: UInt) => ({ value: value.toBigInt(), unit: unitOf(value) });
const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const small = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

const isNumber = (value: Codec): value is UInt => 'bitLength' in value;

function* consequences(all: Codec): Generator<[deed: string, measure: string, value: UInt]> {
	for (const [deed, measures] of (all as unknown as Fields).entries()) {
		for (const [measure, value] of (measures as unknown as Fields).entries()) {
			if (isNumber(value)) yield [deed, measure, value];
		}
	}
}
