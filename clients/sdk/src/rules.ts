/** The rules in force, as the chain describes them, and their values as people write them. */
import { textOf } from './bytes.ts';
import { type Api, BEST } from './chain.ts';
import { parseSettlement, settlement } from './money.ts';
import { exactly, parseDuration } from './time.ts';
import { WrongUsage } from './typed.ts';

/** A rule as the chain has it; numbers are in its unit. */
type Row = Awaited<ReturnType<Api['apis']['HanseApi']['rule_table']>>[number];

/** How calls name a rule. */
type RuleName = Row['rule'];

type Range = readonly [least: bigint, most: bigint];

interface Rule extends Omit<Row, 'name' | 'reach'> {
	/** What a vote can ever make of it. */
	bounds: Range;
	/** What the next amendment can make of it; nothing if it cannot move. */
	reach: Range | undefined;
}

/** Rules by name: `session`, and for what follows from an offence `equivocation.fine`. */
export class Rules {
	readonly #rules: ReadonlyMap<string, Rule>;

	constructor(rows: Row[]) {
		this.#rules = new Map(rows.map(({ name, reach, ...row }) => {
			const [least, most] = reach ?? [];
			const known = least !== undefined && most !== undefined ? ([least, most] as const) : undefined;
			return [camel(textOf(name)), { ...row, bounds: [row.min, row.max], reach: known }];
		}));
	}

	static async read({ apis }: Api): Promise<Rules> {
		return new Rules(await apis.HanseApi.rule_table(BEST));
	}

	names(): string[] {
		return [...this.#rules.keys()];
	}

	/** The name of a rule as it is in a call. */
	called(rule: RuleName): string {
		const found = [...this.#rules].find(([, row]) => JSON.stringify(row.rule) === JSON.stringify(rule));
		return found?.[0] ?? rule.type;
	}

	of(name: string): Rule {
		const rule = this.#rules.get(name);
		if (!rule) throw new Error(`this chain has no rule ${name}`);
		return rule;
	}

	/** A value of a rule as people write it; the one in force, if none is given. */
	show(name: string, value = this.of(name).value): string {
		switch (this.of(name).unit.type) {
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
	range(name: string, [least, most]: Range): string {
		return `${this.show(name, least)} to ${this.show(name, most)}`;
	}

	/** What was typed as the value of a rule, in the chain's unit. */
	parse(name: string, text: string): bigint {
		const { unit, value } = this.of(name);
		switch (unit.type) {
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

	/** What an amendment of a rule to what was typed says, if the chain would take it; else why not. */
	amendment(typed: string, text: string): { name: string; rule: RuleName; value: bigint } {
		const name = this.find(typed);
		const value = this.parse(name, text);
		const { reach, rule } = this.of(name);
		if (!reach) throw new WrongUsage(`no amendment moves ${name} from ${this.show(name)}`);
		// The chain would carry the motion, and then refuse what it says.
		if (value < reach[0] || value > reach[1]) throw new WrongUsage(`one amendment makes ${name} ${this.range(name, reach)}`);
		return { name, rule, value };
	}
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
