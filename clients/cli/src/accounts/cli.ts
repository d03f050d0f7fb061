/** From the command line to a program's books. */
import { type Chain } from '@hanse/sdk/chain';
import { institutions } from '@hanse/sdk/institutions';
import { count } from '@hanse/sdk/money';
import { ConnectionLost, type Say, WrongUsage, checked, endOf, messageOf, withChain } from '../program.ts';
import {
	BooksDiffer, type Period, type Program, type State, checkPeriod, checkSequence, checkStatement, iso, momentOf, programOf, remembered, rollForward,
	statement,
} from '@hanse/sdk/books';
import { type Options, program, usage } from './options.ts';
import { NoState, blocksOf, oldPeriod } from './past.ts';
import { dueCsv, dueTable, rollForwardCsv, rollForwardTable, statementTables, unitsFor } from './show.ts';

/** There are no such books. */
class NoBooks extends Error {}

interface Desk {
	chain: Chain;
	/** The newest final block and its state. */
	head: number;
	state: State;
	/** What is to be read. */
	say: Say;
	/** What is to be known about it. */
	note: Say;
}

/** Does what the words say; the exit code. Books go to `say`, all else to `complain`. */
export async function run(args: string[], say: Say, complain: Say): Promise<number> {
	const note: Say = (line) => complain(`accounts: ${line}`);
	try {
		if (args.length === 0) {
			complain(usage());
			return 2;
		}
		const options = program(say, complain).parse(args, { from: 'user' }).opts<Options>();
		const show = command(options);
		await withChain(options.url, async (chain) => {
			const { number, hash } = await chain.client.getFinalizedBlock();
			// Else the node might forget it while it is read.
			chain.client.hodlBlock(hash);
			await show({ chain, head: number, state: { api: chain.api, at: hash }, say, note });
		});
		return 0;
	} catch (error) {
		const end = endOf(error);
		if (end === 'fine' || end === 'usage') return end === 'fine' ? 0 : 2;
		return explainFailure(end ?? error, note);
	}
}

function explainFailure(error: unknown, note: Say): number {
	note(messageOf(error));
	if (error instanceof WrongUsage) note('see scripts/accounts --help');
	if (error instanceof ConnectionLost) note('does a node run there? scripts/run starts one; --url says where another is');
	if (error instanceof BooksDiffer) note('do not rely on these books; keep this, and compare another node by --url');
	return exitCode(error);
}

export const exitCode = (error: unknown) => (error instanceof WrongUsage ? 2 : error instanceof BooksDiffer ? 3 : 1);

function command(options: Options): (desk: Desk) => Promise<void> {
	const { url, program, institution, at, all, due, table } = options;
	checked(url);
	if (program !== undefined && institution !== undefined) throw new WrongUsage('--program or --institution, not both');
	if (institution !== undefined) {
		if (at !== undefined || all || due) throw new WrongUsage('--institution is as it is now: --at, --all and --due are for a --program');
		const id = idOf(institution, 'institution');
		return (desk) => showStatement(desk, id, options.raw);
	}
	if (program === undefined) throw new WrongUsage('whose books? Give --program ID or --institution ID');
	if (at !== undefined && all) throw new WrongUsage('--at or --all, not both');
	if (due && table) throw new WrongUsage('--due or --table, not both: the table has what is owed');
	const [id, moment] = [idOf(program, 'program'), at === undefined ? undefined : momentFrom(at)];
	return (desk) => showProgram(desk, id, moment, options);
}

function idOf(text: string, what: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new WrongUsage(`--${what} wants a number, not ${text}`);
	return Number(text);
}

/** `2027-03-31`, with a time of day and a zone if there is more of it; in UTC if there is no zone. */
export function momentFrom(text: string): number {
	const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
	const moment = Date.parse(`${day}T${time ?? '00:00'}${zone ?? 'Z'}`);
	// 30 February would be read as 2 March.
	const isDay = day !== undefined && !Number.isNaN(moment) && new Date(Date.parse(day)).toISOString().startsWith(day);
	if (!isDay) throw new WrongUsage(`${text} is no date like 2027-03-31 or 2027-03-31T18:00:00Z`);
	return moment;
}

async function showProgram(desk: Desk, id: number, at: number | undefined, { all, due, table, raw }: Options): Promise<void> {
	const { state, head, say, note } = desk;
	const [program, now] = await Promise.all([programOf(state, id), momentOf(state)]);
	if (!program) throw new NoBooks(`there is no program ${id}; ${await programsThere(state)}`);
	const periods = all ? await remembered(state, program, now) : [await periodAt(desk, program, at ?? now, now)];
	periods.forEach(checkPeriod);
	checkSequence(periods);

	const units = unitsFor(raw, table);
	if (table) {
		say(`${program.symbol}, program ${id} of institution ${program.issuer}; moments in UTC\n`);
		say(rollForwardTable(program, periods, units));
		for (const period of periods.slice(-1)) say(`\n${dueTable(program, period, units)}`);
	} else {
		say((due ? dueCsv : rollForwardCsv)(program, periods, units));
	}
	const last = periods.at(-1);
	if (last?.until === now) note(`the period from ${iso(last.from)} runs; this is up to block ${count(head)}`);
}

async function periodAt({ chain, state, head, note }: Desk, { id, created }: Program, at: number, now: number): Promise<Period> {
	if (at > now) throw new NoBooks(`${iso(at)} is to come: the newest final block is of ${iso(now)}`);
	if (at < created) throw new NoBooks(`program ${id} was created ${iso(created)}: there are no books of ${iso(at)}`);
	const period = await rollForward(state, id, at);
	if (period) return period;
	note(`the chain remembers ${iso(at)} no more; looking at old blocks`);
	try {
		const old = await oldPeriod(blocksOf(chain, head), id, at);
		if (old) return old;
	} catch (error) {
		if (!(error instanceof NoState)) throw error;
		throw new NoBooks(`${error.message}: give the --url of one that was started with --state-pruning archive`);
	}
	throw new NoBooks(`no block has the books of program ${id} of ${iso(at)}`);
}

async function programsThere({ api, ...where }: State): Promise<string> {
	const entries = await api.query.Points.Programs.getEntries(where);
	const ids = entries.map(({ keyArgs: [id] }) => id).sort((a, b) => a - b);
	const shown = ids.length > 20 ? `${ids.slice(0, 20).join(', ')} and ${ids.length - 20} more` : ids.join(', ');
	return ids.length > 0 ? `there are: ${shown}` : 'this chain has none yet';
}

async function showStatement({ state, head, say, note }: Desk, id: number, raw: boolean): Promise<void> {
	const [books, all] = await Promise.all([statement(state, id), institutions(state.api, { at: state.at })]);
	const institution = all.find((institution) => institution.id === id);
	if (!books || !institution) {
		throw new NoBooks(`there is no institution ${id}; there are: ${all.map(({ id, name }) => `${id} ${name}`).join(', ')}`);
	}
	checkStatement(books);
	const programs = await Promise.all(books.programs.map(({ program }) => programOf(state, program)));
	const nameOf = (id: number) => all.find((institution) => institution.id === id)?.name ?? `institution ${id}`;
	say(statementTables(institution, books, programs.filter((program) => program !== undefined), unitsFor(raw, true), nameOf));
	note(`this is at block ${count(head)}, of ${iso(await momentOf(state))}`);
}
