/** Programs for `polkadot-api`, typed by what a running chain says of itself. */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../lib/node.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The oldest Node.js that `polkadot-api` works with; the rest of this package needs less. */
export const tooOld = () => {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	return major > 20 || (major === 20 && minor >= 19) ? false : 'polkadot-api needs Node.js 20.19 or newer';
};

/** Node.js 20 has the browsers' WebSocket behind a flag, which later ones take without effect. */
const NODE = typeof WebSocket === 'undefined' ? ['--experimental-websocket'] : [];

interface Outcome {
	/** Whether its exit code was 0. */
	ok: boolean;
	output: string;
}

export class Descriptors {
	readonly #directory = temporaryDirectory();

	/** Generates them by the library's own tool from the node at `url`, as `import { hanse } from './descriptors.js'`. */
	static async generate(url: string): Promise<Descriptors> {
		const made = new Descriptors();
		const directory = made.#directory;
		symlinkSync(MODULES, join(directory, 'node_modules'));
		mkdirSync(join(directory, '.papi'));
		const config = {
			version: 0,
			descriptorPath: 'descriptors',
			// Without this it calls `npm install` to link what it generated.
			options: { noDescriptorsPackage: true },
			entries: { hanse: { wsUrl: url } },
		};
		const files = {
			'.papi/polkadot-api.json': config,
			'package.json': { private: true, type: 'module' },
			// As bundlers resolve, since what is generated imports its files without extensions. Another
			// resolution takes all of it for `any`, and finds no mistake at all.
			'tsconfig.json': {
				compilerOptions: {
					target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, skipLibCheck: true,
					types: ['node'],
				},
				include: ['program.ts'],
			},
		};
		for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), JSON.stringify(content));
		writeFileSync(join(directory, 'descriptors.ts'), `export * from './descriptors/dist/index.js';\n`);
		const { ok, output } = await made.#node([...NODE, 'node_modules/polkadot-api/bin/cli.js', 'generate']);
		if (!ok) throw new Error(`no descriptors: ${output}`);
		return made;
	}

	/** What the compiler says of a program. */
	check(program: string): Promise<Outcome> {
		writeFileSync(join(this.#directory, 'program.ts'), program);
		return this.#node(['node_modules/typescript/bin/tsc', '--project', '.', '--pretty', 'false']);
	}

	/** Runs the program that was checked last. */
	run(...args: string[]): Promise<Outcome> {
		return this.#node([...NODE, '--no-warnings', '--import', 'tsx', 'program.ts', ...args]);
	}

	async #node(args: string[]): Promise<Outcome> {
		try {
			const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: this.#directory, timeout: 120_000 });
			return { ok: true, output: stdout };
		} catch (error) {
			const { stdout, stderr } = error as { stdout?: string; stderr?: string };
			return { ok: false, output: `${stdout ?? ''}${stderr ?? ''}${error}` };
		}
	}
}
