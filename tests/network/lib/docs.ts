/** The examples of a page: `sh` and `ts` blocks each for itself, `bash` blocks together as a session with a gateway. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { binary as gatewayBinary } from './gateway.ts';
import { freePort, temporaryDirectory } from './process.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const DOCS = join(ROOT, 'docs');
/** Where pages say that the gateway and a receiver of webhooks are. */
const PRINTED = ['127.0.0.1:8080', '127.0.0.1:9000', '("127.0.0.1", 9000)'];
/** Milliseconds that a session may take on a busy machine; a minute is enough on one that is not. */
const PATIENCE = 600_000;
/** What blocks need of Python beyond Python itself. */
const PACKAGES: [RegExp, string][] = [[/receiver\.py|webhooks\.log/, 'standardwebhooks'], [/\.ipynb/, 'matplotlib']];
const execute = promisify(execFile);

export interface Block {
	language: 'sh' | 'ts' | 'bash' | 'python' | 'text';
	text: string;
}

/** The blocks of a page that claim to run, or to be what another one prints. */
export function blocks(page: string): Block[] {
	const found = page.matchAll(/^```(sh|ts|bash|python|text)\n(.*?)^```$/gms);
	return [...found].map(([, language, text]) => ({ language: language as Block['language'], text: text ?? '' }));
}

/** A folder in which the scripts speak to the chain at `url`, and imports find our packages. */
export function workplace(url: string): string {
	const folder = temporaryDirectory();
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
	for (const name of ['member', 'accounts']) program(folder, 'scripts', name, `${join(ROOT, 'scripts', name)} --url ${url}`);
	mkdirSync(join(folder, 'docs'));
	symlinkSync(join(DOCS, 'examples'), join(folder, 'docs', 'examples'));
	return folder;
}

function program(folder: string, directory: string, name: string, command: string): void {
	mkdirSync(join(folder, directory), { recursive: true });
	const path = join(folder, directory, name);
	writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`);
	chmodSync(path, 0o755);
}

/** Python with which the examples run, and which of their packages it has. */
async function python(): Promise<{ path: string; has: Set<string> }> {
	const path = process.env['HANSE_PYTHON'] ?? 'python3';
	const has = new Set<string>();
	for (const [, name] of PACKAGES) {
		if (await execute(path, ['-c', `import ${name}`]).then(() => true, () => false)) has.add(name);
	}
	return { path, has };
}

/** A session's blocks, each with what it is to print, if the page says that. */
interface Step {
	text: string;
	prints: string | undefined;
	output: string;
}

/** Puts a page's files and blocks into `folder`, with the ports and the chain that there are. */
async function steps(all: Block[], folder: string, has: Set<string>, say: (text: string) => void): Promise<Step[]> {
	const [api, receiver] = [await freePort(), await freePort()];
	const free = [`127.0.0.1:${api}`, `127.0.0.1:${receiver}`, `("127.0.0.1", ${receiver})`];
	const here = (text: string) => PRINTED.reduce((text, printed, place) => text.replaceAll(printed, free[place] ?? printed), text);
	program(folder, 'scripts', 'gateway', `env HANSE_GATEWAY_LISTEN=${free[0]} ${gatewayBinary()}`);
	const found: Step[] = [];
	for (const [place, { language, text }] of all.entries()) {
		const file = language === 'python' && /^# (\w+\.py):/.exec(text)?.[1];
		if (file) writeFileSync(join(folder, file), here(text));
		if (language !== 'bash') continue;
		const missing = PACKAGES.find(([mention, name]) => mention.test(text) && !has.has(name));
		if (missing) {
			say(`left out, since Python has no ${missing[1]} here: ${text.split('\n')[0]}`);
			continue;
		}
		const next = all[place + 1];
		const step = join(folder, `step-${found.length + 1}.bash`);
		writeFileSync(step, here(text));
		found.push({ text, prints: next?.language === 'text' ? next.text : undefined, output: `${step}.out` });
	}
	return found;
}

/** Whether a line is as the page has it; `…` there stands for anything. */
function isAsPrinted(line: string, printed: string): boolean {
	const literal = printed.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${literal.join('.*')}$`).test(line);
}

/** Fails unless a block printed what the page says. */
function compare({ text, prints, output }: Step): void {
	const lines = (all: string) => all.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '');
	const [said, expected] = [lines(readFileSync(output, 'utf8')), lines(prints ?? '')];
	const same = said.length === expected.length && expected.every((line, place) => isAsPrinted(said[place] ?? '', line));
	assert.ok(same, `the page says that this prints\n${expected.join('\n')}\nand it printed\n${said.join('\n')}\n\n${text}`);
}

/** Runs blocks one after the other in one shell, which ends with everything that it began. */
async function runAll(folder: string, found: Step[], env: NodeJS.ProcessEnv): Promise<void> {
	const script = found.map(({ output }) => `. ${output.replace(/\.out$/, '')} >${output}`);
	writeFileSync(join(folder, 'session.bash'), ['set -euo pipefail', ...script, ''].join('\n'));
	const shell = spawn('bash', ['session.bash'], {
		cwd: folder, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'ignore', 'pipe'],
	});
	let said = '';
	shell.stderr.on('data', (data) => (said += data));
	const end = () => {
		try {
			if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGTERM');
		} catch {
			// All of it has ended.
		}
	};
	process.once('exit', end);
	const timer = setTimeout(end, PATIENCE);
	try {
		const [code] = await once(shell, 'exit');
		const last = found.filter(({ output }) => existsSync(output)).at(-1);
		assert.equal(code, 0, `${last?.text}\nended with ${code ?? 'a signal'}:\n${said}`);
	} finally {
		clearTimeout(timer);
		end();
		process.removeListener('exit', end);
	}
}

/** Runs the `bash` blocks of a page with a gateway of the chain at `url`; fails unless they print what the page says. */
export async function session(all: Block[], url: string, say: (text: string) => void): Promise<{ ran: number; compared: number }> {
	const [folder, { path, has }] = [workplace(url), await python()];
	program(folder, 'bin', 'python3', path);
	const found = await steps(all, folder, has, say);
	await runAll(folder, found, { HANSE_GATEWAY_NODE: url, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` });
	found.forEach(compare);
	return { ran: found.length, compared: found.filter(({ prints }) => prints !== undefined).length };
}

/** The commands of the `console` blocks under a heading of a page, each on one line. */
export function commandsUnder(page: string, heading: string): string[] {
	const text = readFileSync(join(DOCS, page), 'utf8');
	const start = text.indexOf(`\n${heading}\n`);
	assert.ok(start >= 0, `docs/${page} has no heading ${heading}`);
	const level = /^#+/.exec(heading)?.[0] ?? '#';
	const rest = text.slice(start + heading.length + 1);
	const section = rest.slice(0, new RegExp(`^#{1,${level.length}} `, 'm').exec(rest)?.index);
	const found = [...section.matchAll(/^ *```console\n(.*?)^ *```$/gms)].map(([, block]) => (block ?? '').replace(/\\\n\s*/g, ''));
	return found.flatMap((block) => [...block.matchAll(/^ *\$ (.*?)(?: {2,}#.*)?$/gm)].map(([, command]) => command ?? ''));
}

/** A folder in which commands of a page are run as printed: with the programs, and `files` by the names that the page has. */
export function commandLine(url: string, node: string, files: Record<string, string>): string {
	const folder = workplace(url);
	program(folder, 'bin', 'hanse', node);
	for (const [name, target] of Object.entries(files)) symlinkSync(target, join(folder, name));
	return folder;
}
