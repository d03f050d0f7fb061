/** What the tools have in common: how they end, and that they need a chain. */
import { type Chain, ConnectionLost, connect, messageOf } from '@hanse/sdk/chain';
import { WrongUsage } from '@hanse/sdk/typed';
import { type Command, CommanderError } from 'commander';

export type Say = (line: string) => void;

/** Milliseconds that a node has to answer. */
const PATIENCE = 5_000;

/** Makes `program` throw where commander would end the process, and write through `say` and `complain`. */
export function throwInsteadOfExit(program: Command, say: Say, complain: Say): void {
	program.exitOverride().configureOutput({
		writeOut: (text) => say(text.trimEnd()),
		// Asked for by nobody: the usage, where something is missing. Mistakes are told of where they are caught.
		writeErr: (text) => complain(text.trimEnd()),
		outputError: () => {},
	});
}

/** The exit code of what commander itself ends: a help, or a mistake in what was typed. */
export function endOf(error: unknown): 'fine' | 'usage' | WrongUsage | undefined {
	if (!(error instanceof CommanderError)) return undefined;
	if (error.code === 'commander.helpDisplayed') return 'fine';
	if (error.code === 'commander.help') return error.exitCode === 0 ? 'fine' : 'usage';
	const choice = /value '(.*)' is invalid for argument '(.*)'\. Allowed/.exec(error.message);
	if (choice) return new WrongUsage(`${choice[2]} was expected, not ${choice[1]}`);
	return new WrongUsage(error.message.replace(/^error: /, ''));
}

/** Does `work` with a connection to `url`, which is closed afterwards; rejects when the node goes away meanwhile. */
export async function withChain<T>(url: string, work: (chain: Chain) => Promise<T>): Promise<T> {
	const chain = await connect(checked(url), PATIENCE);
	try {
		return await Promise.race([work(chain), chain.lost]);
	} finally {
		chain.close();
	}
}

export function checked(url: string): string {
	if (!/^wss?:\/\//.test(url)) throw new WrongUsage(`${url}: give an address like ws://127.0.0.1:9944`);
	return url;
}

export { ConnectionLost, WrongUsage, messageOf };
