/**
 * What members decide: one row for each call, with the words that propose it on the command line, if any do, the
 * call that they make, and how it is said to people.
 */
import { hexOf } from './bytes.ts';
import { type Chain, BEST, type Calls } from './chain.ts';
import { camel } from './reasons.ts';
import { type Institution, type Status, institutions } from './institutions.ts';
import { count } from './money.ts';
import type { CallData } from './motions.ts';
import type { Tx } from './send.ts';
import { WrongUsage, type Words, readWords } from './typed.ts';
import { codeHash, documentHash } from './documents.ts';
import type { Names } from './names.ts';
import { Rules } from './rules.ts';

/** What a proposal is made with: the chain, somebody to tell of what is found on the way, and files. */
export interface Desk {
	chain: Chain;
	say(line: string): void;
	read(file: string): Uint8Array;
}

/** How a decision is proposed. */
export interface Proposal {
	/** The words on the command line after `propose`: its own, and those that the table of words reads. */
	name: string;
	words: readonly string[];
	help: string;
	/** Takes the text with which the rules are written down. */
	charter: boolean;
	tx(desk: Desk, typed: string[], charter: string | undefined): Promise<Tx>;
}

interface Decision {
	/** As in `institutions.admit`. */
	call: string;
	/** What it does, from its arguments. */
	say(args: unknown, names: Names): string;
	proposals: Proposal[];
}

type Args<P extends keyof Calls, C extends keyof Calls[P]> = Calls[P][C];

/** A row: the words about a call have the types of its fields. */
function decision<P extends keyof Calls & string, C extends keyof Calls[P] & string>(
	pallet: P, call: C, say: (args: Args<P, C>, names: Names) => string, ...proposals: Proposal[]
): Decision {
	return { call: `${camel(pallet)}.${call}`, say: (args, names) => say(args as Args<P, C>, names), proposals };
}

/** The words that propose it. */
function by<const W extends readonly string[]>(
	name: string, words: W, help: string, tx: (desk: Desk, ...words: Words<W>) => Tx | Promise<Tx>,
): Proposal {
	return { name, words, help, charter: false, tx: async (desk, typed) => tx(desk, ...readWords(words, typed)) };
}

const ROWS: Decision[] = [
	decision('Institutions', 'admit', ({ institution }, names) => `admit ${names.institution(institution)}`,
		by('admit', ['ID'], 'an applicant', async (desk, id) =>
			desk.chain.api.tx.Institutions.admit({ institution: await institutionWithStatus(desk, id, APPLICANTS) }))),
	decision('Institutions', 'reject', ({ institution }, names) => `reject the application of ${names.institution(institution)}`,
		by('reject', ['ID'], 'an applicant', async (desk, id) =>
			desk.chain.api.tx.Institutions.reject({ institution: await institutionWithStatus(desk, id, APPLICANTS) }))),
	decision('Institutions', 'expel', ({ institution }, names) => `expel ${names.institution(institution)}`,
		by('expel', ['ID'], 'a member', async (desk, id) =>
			desk.chain.api.tx.Institutions.expel({ institution: await institutionWithStatus(desk, id, MEMBERS) }))),
	decision('Rulebook', 'amend', describeAmendment, {
		name: 'amend', words: ['RULE', 'VALUE'], charter: true,
		help: 'RULE as in: rules; VALUE like 12500.50, 6h, 7d or 400',
		tx: (desk, [typed = '', value = ''], charter) => amend(desk, typed, value, charter),
	}),
	decision('Rulebook', 'retract', ({ decision }) => `retract decision ${decision}`,
		by('retract', ['DECISION'], 'a decision that has not taken effect', async (desk, id) =>
			desk.chain.api.tx.Rulebook.retract({ decision: await waiting(desk, id) }))),
	decision('Rulebook', 'enact', ({ call }, names) => describe(call, names),
		by('upgrade', ['WASMFILE'], 'a new runtime', ({ chain: { api }, read }, file) => {
			const code_hash = codeHash(read(file));
			return api.tx.Rulebook.enact({ call: { type: 'System', value: { type: 'authorize_upgrade', value: { code_hash } } } });
		})),
	decision('System', 'authorize_upgrade', ({ code_hash }) => `upgrade the runtime to the code with hash ${code_hash}`),
	decision('TxPause', 'pause', ({ full_name }) => `pause the call ${callNamed(full_name)}`),
	decision('TxPause', 'unpause', ({ ident }) => `no longer pause the call ${callNamed(ident)}`),
	decision('Clearing', 'appoint_deposit_role', ({ role, account }) => `appoint ${account} as the ${role.type.toLowerCase()} of deposits`,
		by('appoint', ['agent|auditor', 'ACCOUNT'], 'who takes deposits and pays them out, and who countersigns',
			({ chain: { api } }, role, account) => api.tx.Clearing.appoint_deposit_role({ role: { type: capital(role), value: undefined }, account }))),
	decision('Supervision', 'appoint_supervisor', ({ account, level, scope, until }) =>
		`appoint ${account} as a supervisor: ${level.type}, of ${scope.type.toLowerCase()}, until ${day(Number(until))}`,
		by('supervisor', ['ACCOUNT', 'observe|attest|halt', 'UNTIL'], 'of everything, until a day like 2027-12-31',
			({ chain: { api } }, account, level, until) => api.tx.Supervision.appoint_supervisor({
				account, level: { type: capital(level), value: undefined }, scope: { type: 'All', value: undefined }, until: BigInt(until),
			}))),
	decision('Supervision', 'dismiss_supervisor', ({ account }) => `dismiss the supervisor ${account}`,
		by('dismiss', ['ACCOUNT'], 'a supervisor', ({ chain: { api } }, account) => api.tx.Supervision.dismiss_supervisor({ account }))),
	decision('Supervision', 'lift_halt', ({ target }, names) => `lift the halt of ${describeTarget(target, names)}`,
		by('lift', ['program|institution|customer', 'ID|ACCOUNT'], 'what a supervisor halted',
			({ chain: { api } }, kind, which) => api.tx.Supervision.lift_halt({ target: targetOf(kind, which) }))),
	decision('Supervision', 'ratify_halt', ({ target }, names) => `keep up the halt of ${describeTarget(target, names)}, or allow another one`,
		by('ratify', ['program|institution|customer', 'ID|ACCOUNT'], 'what a supervisor halted',
			({ chain: { api } }, kind, which) => api.tx.Supervision.ratify_halt({ target: targetOf(kind, which) }))),
	decision('Conduct', 'uphold_complaint', ({ merchant, number }, names) =>
		`find for the customer in complaint ${number} against ${names.institution(merchant)}`,
		by('uphold', ['MERCHANT', 'COMPLAINT'], 'find for the customer',
			({ chain: { api } }, merchant, number) => api.tx.Conduct.uphold_complaint({ merchant, number: BigInt(number) }))),
	decision('Conduct', 'reverse_fine', ({ fine }, names) => `reverse fine ${fine.number} of ${names.institution(fine.member)}`,
		by('reverse-fine', ['MEMBER', 'FINE'], 'a fine that is in escrow',
			({ chain: { api } }, member, number) => api.tx.Conduct.reverse_fine({ fine: { member, number } }))),
	decision('Authorities', 'restart_finality', ({ best_finalised, set_id }) => `restart finality upon block ${best_finalised} after set ${set_id}`,
		by('restart-finality', [], 'after a third or more of the authorities is gone for good', restartFinality)),
	decision('SafeMode', 'force_enter', () => 'enter safe mode',
		by('safe-mode', ['on|off'], 'let nothing happen but votes, or everything again', ({ chain: { api } }, choice) =>
			(choice === 'on' ? api.tx.SafeMode.force_enter() : api.tx.SafeMode.force_exit()))),
	decision('SafeMode', 'force_exit', () => 'leave safe mode'),
];

const DECISIONS: ReadonlyMap<string, Decision> = new Map(ROWS.map((row) => [row.call, row]));

/** Everything that can be proposed. */
export const PROPOSALS: Proposal[] = ROWS.flatMap(({ proposals }) => proposals);

/** What a motion, or a call in it, would do. */
export function describe({ type, value }: CallData, names: Names): string {
	const call = `${camel(type)}.${value.type}`;
	return DECISIONS.get(call)?.say(value.value, names) ?? `${call}(${plain(value.value)})`;
}

async function amend(desk: Desk, typed: string, text: string, charter: string | undefined): Promise<Tx> {
	const { api } = desk.chain;
	const rules = await Rules.read(api);
	const { name, rule, value } = rules.amendment(typed, text);
	desk.say(`The rule ${name} is ${rules.show(name)} now.`);
	return api.tx.Rulebook.amend({ rule, value, charter: documentHash(charter === undefined ? undefined : desk.read(charter)) });
}

export function describeAmendment({ rule, value, charter }: Args<'Rulebook', 'amend'>, { rules }: Names): string {
	const name = rules.called(rule);
	const text = /^0x0+$/.test(charter) ? '' : `; text with hash ${charter}`;
	return `amend the rule ${name} to ${rules.show(name, value)}${text}`;
}

const APPLICANTS: Status[] = ['Applied'];
const MEMBERS: Status[] = ['Active', 'Suspended'];

/** The id of an institution that stands as the motion wants it. */
async function institutionWithStatus({ chain: { api } }: Desk, id: number, statuses: Status[]): Promise<number> {
	const found = (await institutions(api)).find((institution: Institution) => institution.id === id);
	if (!found) throw new WrongUsage(`there is no institution ${id}; see: status`);
	if (statuses.includes(found.status)) return id;
	throw new WrongUsage(`${found.name} (institution ${id}) is ${found.status}, and not ${statuses.join(' or ')}`);
}

/** The id of a decision that waits for the end of its notice. */
async function waiting({ chain: { api } }: Desk, decision: number): Promise<number> {
	if (await api.query.Rulebook.PendingDecisions.getValue(decision, BEST)) return decision;
	throw new WrongUsage(`no decision ${decision} waits for its notice; see: motions`);
}

/** From what this node has as final, with the set of authorities that it waits for. */
async function restartFinality({ chain: { api, client, request }, say }: Desk): Promise<Tx> {
	const [final, [best]] = await Promise.all([client.getFinalizedBlock(), client.getBestBlocks()]);
	const { setId } = await request<{ setId: number }>('grandpa_roundState');
	const behind = (best?.number ?? final.number) - final.number;
	say(`This node has block ${count(final.number)} as final, ${count(behind)} behind its best, and waits for set ${setId}.`);
	return api.tx.Authorities.restart_finality({ best_finalised: final.number, set_id: BigInt(setId) });
}

type Target = Args<'Supervision', 'lift_halt'>['target'];

/** What a supervisor halted. */
function targetOf(kind: 'program' | 'institution' | 'customer', which: string): Target {
	if (kind === 'customer') return { type: 'Customer', value: readWords(['ACCOUNT'], [which])[0] };
	const [value] = readWords(['ID'], [which]);
	return kind === 'program' ? { type: 'Program', value } : { type: 'Institution', value };
}

const describeTarget = ({ type, value }: Target, names: Names): string =>
	type === 'Institution' ? names.institution(value) : `${type.toLowerCase()} ${value}`;

const capital = <W extends string>(word: W) => `${word.charAt(0).toUpperCase()}${word.slice(1)}` as Capitalize<W>;
const callNamed = (names: Uint8Array[]) => names.map((name) => new TextDecoder().decode(name)).join('.');
const day = (moment: number) => new Date(moment).toISOString().slice(0, 10);
/** Anything of the chain, without the library's wrappings. */
const plain = (value: unknown) =>
	JSON.stringify(value ?? null, (_, inner) =>
		(typeof inner === 'bigint' ? `${inner}` : inner instanceof Uint8Array ? hexOf(inner) : inner));
