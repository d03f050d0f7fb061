/** What members can put to the vote, from the words on the command line. */
import type { ApiPromise } from '@polkadot/api';
import { isAddress } from '@polkadot/util-crypto';
import { institutions } from '@hanse/sdk/pjs/alliance';
import { type Call, call, finalisedHead, storage } from '@hanse/sdk/pjs/chain';
import { count } from '@hanse/sdk/money';
import { type Desk, WrongUsage, readBytes } from './desk.ts';
import { documentHash } from './membership.ts';
import { Rules } from './rules.ts';
import { codeHash } from './upgrade.ts';

/** The call for which `propose` with these words asks the members. */
export async function proposalFor(desk: Desk, words: string[], charter: string | undefined): Promise<Call> {
	const { api } = desk.chain;
	const [what = '', first, second, third] = words;
	const arity = ARITIES[what];
	if (arity === undefined) throw new WrongUsage(`propose what? One of: ${Object.keys(ARITIES).join(', ')}`);
	const usage = `usage: propose ${[what, ...arity].join(' ')}`;
	if (words.length !== arity.length + 1) throw new WrongUsage(usage);
	if (charter !== undefined && what !== 'amend') throw new WrongUsage('only amend takes a --charter');
	switch (what) {
		case 'admit':
		case 'reject':
		case 'expel':
			return call(api, 'institutions', what, await whoIs(api, numeric(first), what === 'expel' ? MEMBERS : APPLICANTS));
		case 'amend': {
			const rules = await Rules.read(api);
			const rule = rules.find(first ?? '');
			const value = rules.parse(rule, second ?? '');
			const { reach, variant } = rules.of(rule);
			if (!reach) throw new WrongUsage(`no amendment moves ${rule} from ${rules.show(rule)}`);
			// The chain would carry the motion, and then refuse what it says.
			if (value < reach[0] || value > reach[1]) throw new WrongUsage(`one amendment makes ${rule} ${rules.range(rule, reach)}`);
			desk.say(`The rule ${rule} is ${rules.show(rule)} now.`);
			return call(api, 'rulebook', 'amend', variant, value, documentHash(charter));
		}
		case 'retract':
			return call(api, 'rulebook', 'retract', await waiting(api, numeric(first)));
		case 'upgrade': {
			const hash = codeHash(readBytes(first ?? ''));
			return call(api, 'rulebook', 'enact', call(api, 'system', 'authorizeUpgrade', hash));
		}
		case 'appoint':
			return call(api, 'clearing', 'appoint', oneOf(first, ['agent', 'auditor']), account(second));
		case 'supervisor':
			return call(api, 'supervision', 'appoint', account(first), oneOf(second, ['observe', 'attest', 'halt']), 'All', moment(third));
		case 'dismiss':
			return call(api, 'supervision', 'dismiss', account(first));
		case 'lift':
		case 'ratify':
			return call(api, 'supervision', what, target(first, second));
		case 'uphold':
			return call(api, 'conduct', 'uphold', numeric(first), numeric(second));
		case 'reverse-fine':
			return call(api, 'conduct', 'reverseFine', { member: numeric(first), number: numeric(second) });
		case 'restart-finality':
			return restartFinality(desk);
		default: {
			if (first !== 'on' && first !== 'off') throw new WrongUsage(usage);
			return call(api, 'safeMode', first === 'on' ? 'forceEnter' : 'forceExit');
		}
	}
}

/** What can be proposed, and with which words after it. */
const ARITIES: Readonly<Record<string, string[]>> = {
	admit: ['ID'],
	reject: ['ID'],
	expel: ['ID'],
	amend: ['RULE', 'VALUE'],
	retract: ['DECISION'],
	upgrade: ['WASMFILE'],
	appoint: ['agent|auditor', 'ACCOUNT'],
	supervisor: ['ACCOUNT', 'observe|attest|halt', 'UNTIL'],
	dismiss: ['ACCOUNT'],
	lift: ['program|institution|customer', 'ID|ACCOUNT'],
	ratify: ['program|institution|customer', 'ID|ACCOUNT'],
	uphold: ['MERCHANT', 'COMPLAINT'],
	'reverse-fine': ['MEMBER', 'FINE'],
	'restart-finality': [],
	'safe-mode': ['on|off'],
};

function numeric(text: string | undefined): number {
	if (!text || !/^\d{1,9}$/.test(text)) throw new WrongUsage(`a number was expected, not ${text ?? 'nothing'}`);
	return Number(text);
}

/** A word as the chain spells its variants. */
function oneOf(word: string | undefined, words: string[]): string {
	if (!word || !words.includes(word)) throw new WrongUsage(`one of ${words.join(', ')} was expected, not ${word ?? 'nothing'}`);
	return word.charAt(0).toUpperCase() + word.slice(1);
}

function account(text: string | undefined): string {
	if (!text || !isAddress(text)) throw new WrongUsage(`an account was expected, not ${text ?? 'nothing'}`);
	return text;
}

/** The beginning of a day, in milliseconds. */
function moment(text: string | undefined): number {
	if (!text || !/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
		throw new WrongUsage(`a day like 2027-12-31 was expected, not ${text ?? 'nothing'}`);
	}
	return Date.parse(text);
}

/** What a supervisor halted. */
function target(kind: string | undefined, which: string | undefined): Record<string, number | string> {
	const variant = oneOf(kind, ['program', 'institution', 'customer']);
	return { [variant]: variant === 'Customer' ? account(which) : numeric(which) };
}

const APPLICANTS = ['Applied'];
const MEMBERS = ['Active', 'Suspended'];

/** The id of an institution that stands as the motion wants it. */
async function whoIs(api: ApiPromise, id: number, statuses: string[]): Promise<number> {
	const found = (await institutions(api)).find((institution) => institution.id === id);
	if (!found) throw new WrongUsage(`there is no institution ${id}; look at: status`);
	if (statuses.includes(found.status)) return id;
	throw new WrongUsage(`${found.name} (institution ${id}) is ${found.status}, and not ${statuses.join(' or ')}`);
}

/** The id of a decision that waits for the end of its notice. */
async function waiting(api: ApiPromise, decision: number): Promise<number> {
	if ((await storage(api, 'rulebook', 'pending')(decision)).toJSON() !== null) return decision;
	throw new WrongUsage(`no decision ${decision} waits for its notice; look at: motions`);
}

/** From what this node has as final, with the set of authorities that it waits for. */
async function restartFinality({ chain, say }: Desk): Promise<Call> {
	const { number } = await finalisedHead(chain.api);
	const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
	const { setId } = await chain.request<{ setId: number }>('grandpa_roundState');
	say(`This node has block ${count(number)} as final, ${count(best - number)} behind its best, and waits for set ${setId}.`);
	return call(chain.api, 'authorities', 'restartFinality', number, setId);
}
