/** What members can put to the vote, from the words on the command line. */
import type { ApiPromise } from '@polkadot/api';
import { accountOf } from '../lib/alliance.ts';
import { type Call, call, finalisedHead } from '../lib/chain.ts';
import { count } from '../lib/money.ts';
import { type Desk, WrongUsage, readBytes } from './desk.ts';
import { documentHash } from './membership.ts';
import { Rules } from './rules.ts';
import { codeHash } from './upgrade.ts';

/** The call for which `propose` with these words asks the members. */
export async function proposalFor(desk: Desk, words: string[], charter: string | undefined): Promise<Call> {
	const { api } = desk.chain;
	const [what = '', first, second, ...rest] = words;
	const arity = ARITIES[what];
	if (arity === undefined) throw new WrongUsage(`propose what? One of: ${Object.keys(ARITIES).join(', ')}`);
	const usage = `usage: propose ${[what, ...arity].join(' ')}`;
	if (words.length !== arity.length + 1 || rest.length > 0) throw new WrongUsage(usage);
	if (charter !== undefined && what !== 'amend') throw new WrongUsage('only amend takes a --charter');
	switch (what) {
		case 'admit':
		case 'reject':
		case 'expel':
			return call(api, 'institutions', what, await existing(api, numeric(first)));
		case 'amend': {
			const rules = await Rules.read(api);
			const rule = rules.find(first ?? '');
			const value = rules.parse(rule, second ?? '');
			desk.say(`The rule ${rule} is ${rules.show(rule)} now.`);
			return call(api, 'rulebook', 'amend', rules.variant(rule), value, documentHash(charter));
		}
		case 'retract':
			return call(api, 'rulebook', 'retract', numeric(first));
		case 'upgrade': {
			const hash = codeHash(readBytes(first ?? ''));
			return call(api, 'rulebook', 'enact', call(api, 'system', 'authorizeUpgrade', hash));
		}
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
	'restart-finality': [],
	'safe-mode': ['on|off'],
};

function numeric(text: string | undefined): number {
	if (!text || !/^\d{1,9}$/.test(text)) throw new WrongUsage(`a number was expected, not ${text ?? 'nothing'}`);
	return Number(text);
}

async function existing(api: ApiPromise, id: number): Promise<number> {
	if (await accountOf(api, id)) return id;
	throw new WrongUsage(`there is no institution ${id}; look at: status`);
}

/** From what this node has as final, with the set of authorities that it waits for. */
async function restartFinality({ chain, say }: Desk): Promise<Call> {
	const { number } = await finalisedHead(chain.api);
	const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
	const { setId } = await chain.request<{ setId: number }>('grandpa_roundState');
	say(`This node has block ${count(number)} as final, ${count(best - number)} behind its best, and waits for set ${setId}.`);
	return call(chain.api, 'authorities', 'restartFinality', number, setId);
}
