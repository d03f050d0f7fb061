/** The alliance on one screen, and where one of its institutions stands. */
import { type Authorities, authorities, authorityOf, keysOf, operates } from '@hanse/sdk/authorities';
import { type Api, BEST } from '@hanse/sdk/chain';
import { type Institution, electorate, institutions } from '@hanse/sdk/institutions';
import { count, settlement } from '@hanse/sdk/money';
import { majorityFor, openMotions } from '@hanse/sdk/motions';
import { table } from '@hanse/sdk/table';
import { moment } from '@hanse/sdk/time';
import type { Desk } from './desk.ts';
import { Rules } from '@hanse/sdk/rules';

export async function status(desk: Desk): Promise<void> {
	const { api, client } = desk.chain;
	const [all, voters, set, rules, motions, { name }, [best], final] = await Promise.all([
		institutions(api), electorate(api), authorities(api), Rules.read(api), openMotions(api), client.getChainSpecData(),
		client.getBestBlocks(), client.getFinalizedBlock(),
	]);
	desk.say(`${name}, block ${count(best?.number ?? 0)}, final up to ${count(final.number)}\n`);

	const here = all.filter(({ status }) => status !== 'Left');
	const rows = await Promise.all(here.map(async (institution) => {
		const { id, account, name, status } = institution;
		const [on, bond] = await Promise.all([operates(api, institution), bondOf(api, account)]);
		return [`${id}`, name, status, voters.includes(account) ? 'yes' : 'no', authorityOf(set, account, on), settlement(bond)];
	}));
	desk.say(table([['id', 'name', 'status', 'votes', 'authority', 'bond'], ...rows], 4));

	desk.say(`\n${await votersOf(api, voters.length)}`);
	desk.say(`Motions open: ${motions.length}${motions.length > 0 ? ' (see: motions)' : ''}.`);
	const shown = ['session', 'era', 'notice'].map((name) => `${name} ${rules.show(name)}`).join(', ');
	desk.say(`Rules: ${shown} (all of them: rules).`);
	desk.say(await eraOf(api));
	if (desk.account) await standing(desk, desk.account, all, voters, set);
}

/** Who votes, and how many it takes. */
async function votersOf(api: Api, voters: number): Promise<string> {
	// Nobody in particular, since the accused are left out of what is counted.
	const { Institutions, Rulebook } = api.tx;
	const examples = [Institutions.admit({ institution: 0 }), Rulebook.retract({ decision: 0 }), Institutions.reject({ institution: 0 })];
	const [most, middle, least] = await Promise.all(examples.map(({ decodedCall }) => majorityFor(api, decodedCall)));
	return `Voters: ${voters}, of whom ${most?.awake} are awake. It takes ${most?.ayes} ayes to admit, expel or upgrade, ` +
		`${middle?.ayes} to amend or retract,\nand ${least?.ayes} to reject, restart finality, or enter or leave safe mode.`;
}

async function eraOf({ query }: Api): Promise<string> {
	const [clock, now] = await Promise.all([query.Rulebook.CurrentEraClock.getValue(BEST), query.Timestamp.Now.getValue(BEST)]);
	const { started, length } = clock;
	const passed = (now - started) / length;
	return `Era ${count(clock.index + Number(passed))} ends ${moment(Number(started + (passed + 1n) * length), Number(now))}.`;
}

/** All rules, as the members agreed on them. */
export async function showRules(desk: Desk): Promise<void> {
	const rules = await Rules.read(desk.chain.api);
	const rows = rules.names().map((name) => {
		const { reach, bounds, stricter } = rules.of(name);
		return [name, rules.show(name), reach ? rules.range(name, reach) : '-', rules.range(name, bounds), stricter?.type.toLowerCase() ?? '-'];
	});
	desk.say(table([['rule', 'value', 'next amendment', 'any amendment', 'stricter'], ...rows], 4));
}

/** What an institution keeps as its admission bond, in micro-units. */
async function bondOf({ query }: Api, account: string): Promise<bigint> {
	const holds = await query.Balances.Holds.getValue(account, BEST);
	const isBond = ({ id }: (typeof holds)[number]) => id.type === 'Institutions' && id.value.type === 'AdmissionBond';
	return holds.filter(isBond).reduce((total, { amount }) => total + amount, 0n);
}

async function standing({ chain: { api }, say }: Desk, account: string, all: Institution[], voters: string[], set: Authorities): Promise<void> {
	const you = all.find((institution) => institution.account === account);
	const { data } = await api.query.System.Account.getValue(account, BEST);
	say(`\nYou: ${account}, free balance ${settlement(data.free)} units`);
	if (!you) {
		say('  No institution. To ask for admission: apply --name NAME --document FILE');
		return;
	}
	say(`  ${you.name} (institution ${you.id}), ${you.status}, ${voters.includes(account) ? 'votes' : 'has no vote'}`);
	if (you.status === 'Applied') {
		const lapses = await api.query.Institutions.Applications.getValue(you.id, BEST);
		if (lapses !== undefined) say(`  Without a vote the application lapses ${moment(Number(lapses))}.`);
		return;
	}
	const [keys, on] = await Promise.all([keysOf(api, account), operates(api, you)]);
	say(`  Its authority: keys ${keys ? 'set' : 'not set'}; makes blocks: ${authorityOf(set, account, on)}`);
}
