/** The player's command line. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '@hanse/sdk/chain';

const PURCHASES = fileURLToPath(new URL('../../../tests/data/purchases.csv', import.meta.url));

export const USAGE = `Usage: npm run play -- [options]

Plays purchases into a development chain: the shops, through their gateway, register their customers, award
points for every purchase and take some back; the customers, whose wallets are empty, pay with points by
slips and transactions, give them away and exchange them. In the middle the gateway is killed. Meanwhile the
shops let each other owe, and a fifth one joins by a vote, spends more than it has, and pays when the rules
have caught it. Then compares the player's own books, the chain's state and the gateway's index, to the unit.
Playing again goes on where it stopped, and when all is there, only compares.

  --url URL         the node (default: ws://127.0.0.1:9944)
  --gateway FOLDER  the folder of clients/demo/src/serve.ts, which runs the gateway (default: gateway)
  --purchases FILE  CSV with customer,date,items,amount_usd (default: tests/data/purchases.csv)
  --journal FILE    what the player must remember of this chain (default: play.jsonl); one for each chain
  --limit N         only the first N purchases
  --help            this text

Examples:
  npm run play
  npm run play -- --limit 500 --journal /tmp/short.jsonl
  npm run play -- --url ws://127.0.0.1:9945 --purchases mine.csv --journal mine.jsonl

Exit codes: 0 the books equal the chain's state, 1 they do not, or the chain refused something,
2 wrong usage or a malformed file (nothing was sent), 3 no connection to the node or no answer of the
gateway: play again.`;

export class WrongUsage extends Error {}

export interface Options {
	url: string;
	gateway: string;
	purchases: string;
	journal: string;
	limit: number | undefined;
}

/** What the command line says; nothing if it asks for help. */
export function readOptions(args: string[]): Options | undefined {
	const { help, limit, url, gateway, purchases, journal } = parse(args);
	if (help) return undefined;
	if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) throw new WrongUsage(`--limit ${limit}: give a number of purchases`);
	if (!/^wss?:\/\//.test(url)) throw new WrongUsage(`--url ${url}: give an address like ws://127.0.0.1:9944`);
	return { url, gateway: resolve(gateway), purchases, journal: resolve(journal), limit: limit === undefined ? undefined : Number(limit) };
}

function parse(args: string[]) {
	try {
		const options = {
			url: { type: 'string', default: 'ws://127.0.0.1:9944' },
			gateway: { type: 'string', default: 'gateway' },
			purchases: { type: 'string', default: PURCHASES },
			journal: { type: 'string', default: 'play.jsonl' },
			limit: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		} as const;
		return parseArgs({ args, options }).values;
	} catch (error) {
		throw new WrongUsage(messageOf(error));
	}
}
