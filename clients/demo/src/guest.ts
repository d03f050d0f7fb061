/** A customer whose points wait in a wallet, and where wallet, till and console are; see `USAGE`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesOf, hexOf } from '@hanse/sdk/bytes';
import { messageOf, sleep } from '@hanse/sdk/chain';
import { Gateway, NotDone } from '@hanse/sdk/gateway';
import { type Key, fromSecret, newPhrase } from '@hanse/sdk/keys';
import { FOUNDERS } from './plan/shops.ts';
import { type Access, readAccess } from './play/access.ts';

const USAGE = `Usage: node --import tsx clients/demo/src/guest.ts --gateway FOLDER

Makes a new customer of the first founder, with points that wait in a wallet, and says where wallet, till and console
are. FOLDER is what serve.ts keeps its keys in; the customer's twelve words are kept there too.

Exit codes: 0 fine, 1 the gateway did not do it, 2 wrong usage.`;

/** The file with the words of the customer. */
const WORDS = 'guest.words';
const REFERENCE = 'guest';
/** Points that wait, in smallest units. */
const POINTS = '2500';
/** What the first founder's program promises, where it has none yet. */
const PROGRAM = { name: 'Sky Miles', symbol: 'SKY', terms: { decimals: 0, face_value: 10_000, period: { milliseconds: 7_776_000_000 }, validity: 31_536_000_000, pending: 0 } };

const [shop] = FOUNDERS;
const institution = shop?.institution ?? 1;

/** The same words every time. */
function words(folder: string): string {
	const path = join(folder, WORDS);
	if (!existsSync(path)) writeFileSync(path, `${newPhrase()}\n`, { mode: 0o600 });
	return readFileSync(path, 'utf8').trim();
}

const unless = (reason: string) => (error: unknown): void => {
	if (!(error instanceof NotDone) || error.reason !== reason) throw error;
};

/** Registers the customer, who signs what the gateway says that it agrees to. */
async function register(registrar: Gateway, { address: account, sign }: Key): Promise<void> {
	const body = { reference: REFERENCE, account, person: REFERENCE, may_recover: true };
	const { bytes } = await registrar.post<{ bytes: string }>('/v1/customers/consents', body, { key: crypto.randomUUID() });
	const signed = { reference: REFERENCE, account, signature: hexOf(sign(bytesOf(bytes))) };
	await registrar.done('/v1/customers', signed, { key: crypto.randomUUID() }).catch(unless('customers.AlreadyRegistered'));
}

/** Its points; the same order awards nothing twice. */
async function award(issuer: Gateway, to: string): Promise<void> {
	const program = async () => (await issuer.get<{ items: { program: number; issuer: number }[] }>('/v1/programs')).items.find((one) => one.issuer === institution)?.program;
	if ((await program()) === undefined) await issuer.done('/v1/programs', PROGRAM);
	// It is listed a moment after a final block has it.
	while ((await program()) === undefined) await sleep(300);
	await issuer.done('/v1/awards', { program: await program(), order: `welcome ${to}`, to, points: POINTS });
}

async function introduce(folder: string): Promise<string> {
	const { url, keys, counter }: Access = readAccess(folder);
	const own = keys[institution];
	if (!own) throw new Error(`${folder} has no access keys of institution ${institution}`);
	const phrase = words(folder);
	const key = fromSecret(phrase);
	await register(new Gateway(url, own.registrar), key);
	await award(new Gateway(url, own.issuer), key.address);
	// A passkey belongs to a name, so it is none of numbers.
	const web = url.replace('127.0.0.1', 'localhost');
	return [
		'In a browser on this machine:',
		`  Wallet, with a customer whose points wait:  ${web}/wallet/`,
		'    choose "I have a file or twelve words" there, and a new PIN of your own; the twelve words are:',
		`    ${phrase}`,
		`  A shop's till, signed in:                   ${web}/till/#key=${counter ?? own.till}`,
		`  The console, signed in:                     ${web}/console/#key=${own.reader}`,
		`    what is signed there, the key //${shop?.key ?? 'Alice'} signs`,
	].join('\n');
}

let folder;
try {
	const { gateway, help } = parseArgs({ options: { gateway: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } }).values;
	if (help) {
		console.log(USAGE);
		process.exit(0);
	}
	if (!gateway) throw new Error('--gateway is missing');
	folder = gateway;
} catch (error) {
	console.error(`guest: ${messageOf(error)}; see --help`);
	process.exit(2);
}
console.log(await introduce(folder).catch((error: unknown) => {
	console.error(`guest: ${messageOf(error)}`);
	process.exit(1);
}));
