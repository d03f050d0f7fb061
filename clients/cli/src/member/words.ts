/** Institutions, calls and decisions in words. */
import type { ApiPromise } from '@polkadot/api';
import type { Enum, GenericCall, Struct } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { type Institution, institutions } from '@hanse/sdk/pjs/alliance';
import { nameOf } from '@hanse/sdk/pjs/motions';
import { Rules } from './rules.ts';

/** What institutions and rules are called. */
export class Words {
	readonly all: Institution[];
	readonly rules: Rules;

	constructor(all: Institution[], rules: Rules) {
		this.all = all;
		this.rules = rules;
	}

	static async read(api: ApiPromise): Promise<Words> {
		return new Words(...(await Promise.all([institutions(api), Rules.read(api)])));
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

/** What a motion, or a call in it, would do. */
export function describe(call: GenericCall, words: Words): string {
	const args = Object.fromEntries(call.meta.args.map(({ name }, i) => [camel(name.toString()), call.args[i]]));
	const number = (name: string) => Number(args[name]?.toString());
	switch (nameOf(call)) {
		case 'institutions.admit':
			return `admit ${words.institution(number('institution'))}`;
		case 'institutions.reject':
			return `reject the application of ${words.institution(number('institution'))}`;
		case 'institutions.expel':
			return `expel ${words.institution(number('institution'))}`;
		case 'rulebook.amend':
			return describeAmendment(args, words);
		case 'rulebook.retract':
			return `retract decision ${number('decision')}`;
		case 'rulebook.enact':
			return describe(args['call'] as unknown as GenericCall, words);
		case 'system.authorizeUpgrade':
			return `upgrade the runtime to the code with hash ${args['codeHash']}`;
		case 'txPause.pause':
			return `pause the call ${args['fullName']?.toHuman()}`;
		case 'txPause.unpause':
			return `no longer pause the call ${args['ident']?.toHuman()}`;
		case 'clearing.appoint':
			return `appoint ${args['account']} as the ${`${args['witness']}`.toLowerCase()} of deposits`;
		case 'supervision.appoint':
			return `appoint ${args['account']} as a supervisor: ${args['level']}, of ${plain(args['scope'])}, until ${day(number('until'))}`;
		case 'supervision.dismiss':
			return `dismiss the supervisor ${args['account']}`;
		case 'supervision.lift':
			return `lift the halt of ${targetOf(args['target'], words)}`;
		case 'supervision.ratify':
			return `keep up the halt of ${targetOf(args['target'], words)}, or allow another one`;
		case 'conduct.uphold':
			return `find for the customer in complaint ${args['number']} against ${words.institution(number('merchant'))}`;
		case 'conduct.reverseFine': {
			const fine = args['fine'] as unknown as Struct;
			return `reverse fine ${fine.get('number')} of ${words.institution(Number(fine.get('member')))}`;
		}
		case 'authorities.restartFinality':
			return `restart finality upon block ${args['bestFinalised']} after set ${args['setId']}`;
		case 'safeMode.forceEnter':
			return 'enter safe mode';
		case 'safeMode.forceExit':
			return 'leave safe mode';
		default:
			return `${nameOf(call)}(${Object.entries(args).map(([name, value]) => `${name}: ${plain(value)}`).join(', ')})`;
	}
}

function describeAmendment(parts: Record<string, Codec | undefined>, { rules }: Words): string {
	const rule = rules.called(parts['rule'] as Enum);
	const charter = `${parts['charter']}`;
	const text = /^0x0+$/.test(charter) ? '' : `; text with hash ${charter}`;
	return `amend the rule ${rule} to ${rules.show(rule, BigInt(`${parts['value']}`))}${text}`;
}

/** A decision that waits for the end of its notice. */
export function describeDecision(api: ApiPromise, decision: Struct, words: Words): { what: string; due: number } {
	const subject = decision.get('what') as Enum;
	const parts = Object.fromEntries(subject.inner as Struct);
	const due = Number(decision.get('due')?.toString());
	const isAmendment = subject.type === 'Amendment';
	return { due, what: isAmendment ? describeAmendment(parts, words) : describe(api.createType('Call', parts['call']), words) };
}

/** What a supervisor halted. */
function targetOf(target: Codec | undefined, words: Words): string {
	const { type, inner } = target as unknown as Enum;
	return type === 'Institution' ? words.institution(Number(inner.toString())) : `${type.toLowerCase()} ${inner}`;
}

const day = (moment: number) => new Date(moment).toISOString().slice(0, 10);
const plain = (value: Codec | undefined) => JSON.stringify(value?.toHuman() ?? null);
const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
