/** Processes that tests start: what they say, and that none outlives the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { messageOf } from './chain.ts';

export interface Running {
	/** What it has said so far, line by line. */
	log(): string[];
	/** How it ended; nothing while it runs. */
	ended(): string | undefined;
	/** Lets it do nothing at all, as if its machine were gone, until `resume`. */
	pause(): void;
	resume(): void;
	/** Ends it, waits for it and says how it ended; `SIGKILL` gives it no chance to tidy up. */
	stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<string>;
}

/** What must not outlive this process. */
const running = new Set<ChildProcess>();
const directories: string[] = [];
/** Logs, which stay where something failed. */
const logs: string[] = [];
process.on('exit', (code) => {
	running.forEach((child) => child.kill('SIGKILL'));
	directories.forEach((directory) => rmSync(directory, { recursive: true, force: true }));
	if (code === 0) logs.forEach((log) => rmSync(log, { force: true }));
	else if (logs.length > 0) console.error(`Logs: ${logs.join(' ')}`);
});

// Whoever stops a test, by hand or since it hangs, stops what it started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A directory that goes away with this process. */
export function temporaryDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), 'hanse-'));
	directories.push(directory);
	return directory;
}

/** Starts a program with `args`, and with `env` added to its environment. */
export function start(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
	const path = join(tmpdir(), `${basename(program)}-${process.pid}-${logs.length + 1}.log`);
	logs.push(path);
	const output = openSync(path, 'w');
	const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
	closeSync(output);
	running.add(child);

	let ended: string | undefined;
	const exit = new Promise<string>((resolve) => {
		const end = (how: string) => {
			ended = how;
			running.delete(child);
			resolve(how);
		};
		child.on('error', (error) => end(messageOf(error)));
		child.on('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
	});
	return {
		log: () => readFileSync(path, 'utf8').split('\n'),
		ended: () => ended,
		pause: () => void child.kill('SIGSTOP'),
		resume: () => void child.kill('SIGCONT'),
		async stop(signal = 'SIGTERM') {
			child.kill(signal);
			child.kill('SIGCONT');
			// What does not end by itself must not outlive the test.
			const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
			return exit.finally(() => clearTimeout(patience));
		},
	};
}

/** Where systems choose the ports of connections and of those who name none, is above these. */
const [LOWEST, HIGHEST] = [20_000, 30_000];

/** A port that is free, and that nobody gets by chance before it is taken. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
		const isFree = await new Promise<boolean>((resolve) => {
			const server = createServer().once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}
