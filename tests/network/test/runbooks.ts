/** The runbooks of docs/authorities.md, as an administrator types them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandLine, commandsUnder } from '../lib/docs.ts';
import { binary } from '../lib/node.ts';
import type { Founder } from '../lib/spec.ts';

/** Where the page says that the administrator's own node is, and what its chain is called. */
const [PRINTED, CHAIN] = ['ws://127.0.0.1:9955', 'chains/luebeck'];

export interface Here {
	/** A node of the chain. */
	url: string;
	/** Whose key is in the file `key`. */
	who?: Founder;
	/** The administrator's own node. */
	node?: string;
	/** Files and folders by the names that the page has. */
	files?: Record<string, string>;
	/** What the page has examples of, and what is here instead. */
	instead?: Record<string, string>;
}

/** Runs the commands of a runbook whose number in it is in `which`, or all; what they printed, in the folder where they ran. */
export async function follow(heading: string, { url, who, node = PRINTED, files = {}, instead = {} }: Here, which?: number[]): Promise<{ said: string; folder: string }> {
	const all = commandsUnder('authorities.md', heading);
	const wanted = which ? which.map((index) => all[index]) : all;
	assert.ok(wanted.length > 0 && wanted.every((command) => command !== undefined), `${heading}: ${all.join('; ')}`);
	const folder = commandLine(url, binary(), files);
	if (who) writeFileSync(join(folder, 'key'), `//${who}\n`, { mode: 0o600 });
	const replaced = Object.entries({ [PRINTED]: node, [CHAIN]: 'chains/hanse_local', ...instead });
	const script = replaced.reduce((text, [printed, here]) => text.replaceAll(printed, here), wanted.join('\n'));
	const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
	const run = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, timeout: 180_000 });
	const { stdout } = await run.catch((error) => assert.fail(`${heading}\n${script}\n${error.stdout}${error.stderr}`));
	return { said: stdout, folder };
}
