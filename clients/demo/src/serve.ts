/** Serves the four founders' gateway on a development chain, as their machines would; see `USAGE`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { messageOf, sleep } from '@hanse/sdk/chain';
import { Gateway } from '@hanse/sdk/gateway';
import { FOUNDERS } from './plan/shops.ts';
import { ACCESS, type Access, LOG, PROCESS, ROLES, type Role, readAccess } from './play/access.ts';

const USAGE = `Usage: node --import tsx clients/demo/src/serve.ts --program FILE [--node URL] [--folder FOLDER] [--listen ADDRESS:PORT]

Makes what the four founders of a development chain need to use it by HTTP, in FOLDER: their delegates' keys and
access keys to the API. Then runs their one gateway, says how to use it, and starts it again whenever it is killed.

  --program FILE         the built hanse-gateway
  --node URL             the chain (default: ws://127.0.0.1:9944)
  --folder FOLDER        where its keys, its database and its log are (default: gateway)
  --listen ADDRESS:PORT  where the API listens (default: 127.0.0.1:8080)

Example: node --import tsx clients/demo/src/serve.ts --program ~/.cache/hanse/target-gateway/debug/hanse-gateway
Exit codes: 0 it was stopped, 1 it ended by itself or could not be set up, 2 wrong usage.`;

/** What the founders delegate. Each key is sealed, and opening it takes a while at every start. */
const DELEGATIONS = 'issue,cashier,registrar';
/** What each delegate gets for fees, in settlement units: a lane waits below a hundred of its largest fees. */
const BALANCE = '200';
/** Milliseconds until it is started again, and until it has to answer: opening its keys takes a while. */
const [PAUSE, PATIENCE] = [200, 120_000];
/** Of a log that shows why it ended, so many lines. */
const TAIL = 15;

interface Setting {
	program: string;
	folder: string;
	node: string;
	listen: string;
	env: NodeJS.ProcessEnv;
}

function read(args: string[]): Setting | undefined {
	const text = (value?: string) => ({ type: 'string', ...(value && { default: value }) }) as const;
	const options = {
		program: text(), node: text('ws://127.0.0.1:9944'), folder: text('gateway'), listen: text('127.0.0.1:8080'),
		help: { type: 'boolean', short: 'h', default: false },
	} as const;
	const { program, node, folder, listen, help } = parseArgs({ args, options }).values;
	if (help) return undefined;
	if (!program) throw new Error('--program is missing: name the built hanse-gateway');
	const at = resolve(folder as string);
	const env = {
		...process.env,
		HANSE_GATEWAY_CONFIG: join(at, 'gateway.toml'),
		HANSE_GATEWAY_DATABASE: `sqlite://${join(at, 'gateway.db')}`,
		HANSE_GATEWAY_NODE: node as string,
		HANSE_GATEWAY_LISTEN: listen as string,
	};
	return { program, folder: at, node: node as string, listen: listen as string, env };
}

/** Delegates and access keys; what is there stays. */
async function setUp({ program, folder, listen, env }: Setting): Promise<void> {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const path = join(folder, ACCESS);
	const access: Access = existsSync(path) ? readAccess(folder) : { url: '', keys: {} };
	access.url = `http://${listen}`;
	const gateway = async (...args: string[]) => (await promisify(execFile)(program, args, { env })).stdout.trim();
	const keep = () => {
		writeFileSync(`${path}.new`, `${JSON.stringify(access, null, '\t')}\n`, { mode: 0o600 });
		renameSync(`${path}.new`, path);
	};
	for (const { institution, key } of FOUNDERS) {
		if (access.keys[institution]) continue;
		const of = ['--institution', `${institution}`];
		await gateway('init', ...of, '--delegations', DELEGATIONS, '--balance', BALANCE, '--sign-with', `//${key}`, '--no-wait');
		const keys: [Role, string][] = [];
		for (const role of ROLES) keys.push([role, await gateway('access', 'create', ...of, '--role', role, '--name', 'the demonstration')]);
		access.keys[institution] = Object.fromEntries(keys) as Record<Role, string>;
		keep();
	}
	const [first] = FOUNDERS;
	access.counter ??= await gateway('access', 'create', '--institution', `${first?.institution}`, '--role', 'till', '--till', '1', '--name', 'till 1');
	keep();
}

/** Says how to use it, as soon as it answers. */
async function introduce(folder: string, log: string): Promise<void> {
	const { url, keys } = readAccess(folder);
	await new Gateway(url, undefined, PATIENCE).get('/health/live');
	const [{ institution, key } = { institution: 0, key: '' }] = FOUNDERS;
	const example = `curl -sS -H 'Authorization: Bearer ${keys[institution]?.reader}' '${url}/v1/statements/current?format=csv'`;
	console.log([
		`The gateway of the four founders serves ${url} (log: ${log})`,
		`  What it can do:     ${url}/docs`,
		`  All access keys:    ${join(folder, ACCESS)}`,
		`  For example, how ${key}'s points stand in this period:`,
		`    ${example}`,
	].join('\n'));
}

/** Runs it until it ends by itself or somebody stops this process; answers the exit code. */
async function supervise({ program, folder, env }: Setting): Promise<number> {
	let child: ChildProcess | undefined;
	let stopping = false;
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => {
			stopping = true;
			child?.kill('SIGTERM');
		});
	}
	process.on('exit', () => child?.kill('SIGKILL'));
	const log = join(folder, LOG);
	const output = openSync(log, 'a', 0o600);
	while (!stopping) {
		const own = spawn(program, ['run'], { env, stdio: ['ignore', output, output] });
		const ended = new Promise<number | null>((resolve, reject) => own.on('exit', resolve).on('error', reject));
		writeFileSync(join(folder, PROCESS), `${own.pid}\n`);
		if (!child) introduce(folder, log).catch((error: unknown) => console.error(`gateway: ${messageOf(error)}`));
		child = own;
		const code = await ended;
		// Whoever was killed has no code.
		if (code !== null && !stopping) {
			console.error(`gateway: it ended with ${code}; its log ends:\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL).join('\n')}`);
			return 1;
		}
		await sleep(stopping ? 0 : PAUSE);
	}
	return 0;
}

async function main(): Promise<number> {
	let setting;
	try {
		setting = read(process.argv.slice(2));
	} catch (error) {
		console.error(`gateway: ${messageOf(error)}; see --help`);
		return 2;
	}
	if (!setting) {
		console.log(USAGE);
		return 0;
	}
	await setUp(setting);
	return supervise(setting);
}

// Whoever still waits for the gateway need not hear the end of it.
process.exit(await main().catch((error: unknown) => {
	console.error(`gateway: ${messageOf(error)}`);
	return 1;
}));
