/** The alliance on one screen, and where one of its institutions stands. */
import type { ApiPromise } from '@polkadot/api';
import { type Authorities, authorities, keysOf } from '@hanse/sdk/pjs/authorities';
import { type Institution, electorate, institutions } from '@hanse/sdk/pjs/alliance';
import { call, finalisedHead, storage } from '@hanse/sdk/pjs/chain';
import { amount, count, settlement } from '@hanse/sdk/money';
import { majorityFor, openMotions } from '@hanse/sdk/pjs/motions';
import { table } from '@hanse/sdk/table';
import { moment } from '@hanse/sdk/time';
import type { Desk } from './desk.ts';
import { Rules } from './rules.ts';

export async function status(desk: Desk): Promise<void> {
	const { api } = desk.chain;
	const [all, voters, set, rules, clock, motions, chainName, best, final] = await Promise.all([
		institutions(api),
		electorate(api),
		authorities(api),
		Rules.read(api),
		storage(api, 'rulebook', 'clock')().then((value) => value.toJSON() as unknown as Clock),
		openMotions(api),
		api.rpc.system.chain(),
		api.rpc.chain.getHeader(),
		finalisedHead(api),
	]);
	desk.say(`${chainName}, block ${count(best.number.toNumber())}, final up to ${count(final.number)}\n`);

	const here = all.filter(({ status }) => status !== 'Left');
	const rows = await Promise.all(here.map(async (institution) => {
		const { id, account, name, status } = institution;
		const [on, bond] = await Promise.all([operates(api, institution), bondOf(api, account)]);
		return [`${id}`, name, status, voters.includes(account) ? 'yes' : 'no', authorityOf(set, account, on), settlement(bond)];
	}));
	desk.say(table([['id', 'name', 'status', 'votes', 'authority', 'bond'], ...rows], 4));

	// Nobody in particular, since the accused are left out of what is counted.
	const examples = [call(api, 'institutions', 'admit', 0), call(api, 'rulebook', 'retract', 0), call(api, 'institutions', 'reject', 0)];
	const [most, middle, least] = await Promise.all(examples.map(({ method }) => majorityFor(api, method)));
	desk.say(
		`\nVoters: ${voters.length}, of whom ${most?.awake} are awake. It takes ${most?.ayes} ayes to admit, expel or upgrade, ` +
			`${middle?.ayes} to amend or retract,\n` +
			`and ${least?.ayes} to reject, restart finality, or enter or leave safe mode.`,
	);
	desk.say(`Motions open: ${motions.length}${motions.length > 0 ? ' (look at: motions)' : ''}.`);
	const shown = ['session', 'era', 'notice'].map((name) => `${name} ${rules.show(name)}`).join(', ');
	desk.say(`Rules: ${shown} (all of them: rules).`);
	desk.say(eraOf(clock, Number((await storage(api, 'timestamp', 'now')()).toString())));
	if (desk.account) await standing(desk, desk.account, all, voters, set);
}

/** From `started` on, an era begins every `length` milliseconds; the first of them is `index`. */
interface Clock {
	index: number;
	started: number;
	length: number;
}

function eraOf({ index, started, length }: Clock, now: number): string {
	const passed = Math.floor((now - started) / length);
	return `Era ${count(index + passed)} ends ${moment(started + (passed + 1) * length, now)}.`;
}

/** All rules, as the members agreed on them. */
export async function showRules(desk: Desk): Promise<void> {
	const rules = await Rules.read(desk.chain.api);
	const rows = rules.names().map((name) => {
		const { reach, bounds, stricter } = rules.of(name);
		return [name, rules.show(name), reach ? rules.range(name, reach) : '-', rules.range(name, bounds), stricter ?? '-'];
	});
	desk.say(table([['rule', 'value', 'next amendment', 'any amendment', 'stricter'], ...rows], 4));
}

/** Whether an account's node makes blocks, in a word or two. */
export function authorityOf({ now, next }: Authorities, account: string, operates: boolean): string {
	if (now.includes(account)) return next.includes(account) ? 'now' : 'until next session';
	if (next.includes(account)) return 'from next session';
	return operates ? 'waits' : '-';
}

/** What an institution keeps as its admission bond, in micro-units. */
async function bondOf(api: ApiPromise, account: string): Promise<bigint> {
	const json = (await storage(api, 'balances', 'holds')(account)).toJSON();
	const holds = json as { id: { institutions?: string }; amount: unknown }[];
	return holds.reduce((total, hold) => total + (hold.id.institutions === 'AdmissionBond' ? amount(hold.amount) : 0n), 0n);
}

async function standing(desk: Desk, account: string, all: Institution[], voters: string[], set: Authorities): Promise<void> {
	const { api } = desk.chain;
	const you = all.find((institution) => institution.account === account);
	const money = (await api.query.system.account(account)).data.free.toBigInt();
	desk.say(`\nYou: ${account}, free balance ${settlement(money)} units`);
	if (!you) {
		desk.say('  No institution. To ask for admission: apply --name NAME --document FILE');
		return;
	}
	desk.say(`  ${you.name} (institution ${you.id}), ${you.status}, ${voters.includes(account) ? 'votes' : 'has no vote'}`);
	if (you.status === 'Applied') {
		const lapses = (await storage(api, 'institutions', 'applications')(you.id)).toJSON();
		if (lapses !== null) desk.say(`  Without a vote the application lapses ${moment(Number(lapses))}.`);
		return;
	}
	const [keys, on] = await Promise.all([keysOf(api, account), operates(api, you)]);
	desk.say(`  Its authority: keys ${keys ? 'set' : 'not set'}; makes blocks: ${authorityOf(set, account, on)}`);
}

/** Whether an institution wants to run an authority, and may. */
export const operates = async (api: ApiPromise, { id, status }: Institution): Promise<boolean> =>
	status === 'Active' && (await storage(api, 'authorities', 'operators')(id)).toJSON() !== null;
