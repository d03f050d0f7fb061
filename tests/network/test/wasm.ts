/** WebAssembly that has been tampered with. */
import { execFileSync } from 'node:child_process';

/** Sections of a module, by their number in the specification. */
const [EXPORT, IMPORT, CODE] = [7, 2, 10];
/** Instructions, and what an export or an import is. */
const [UNREACHABLE, NOP, END, FUNCTION] = [0x00, 0x01, 0x0b, 0];

/** Reads a module from where it stands. */
class Reader {
	readonly bytes: Buffer;
	at: number;

	constructor(bytes: Buffer, at: number) {
		[this.bytes, this.at] = [bytes, at];
	}

	/** An unsigned number in LEB128. */
	number(): number {
		for (let [value, shift] = [0, 0]; ; shift += 7) {
			const byte = this.bytes[this.at++] ?? 0;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value;
		}
	}

	text(): string {
		const length = this.number();
		return this.bytes.toString('utf8', this.at, (this.at += length));
	}

	/** The content of the first section of a kind. */
	static section(bytes: Buffer, wanted: number): Reader {
		const reader = new Reader(bytes, 8);
		while (reader.at < bytes.length) {
			const [kind, size] = [reader.number(), reader.number()];
			if (kind === wanted) return reader;
			reader.at += size;
		}
		throw new Error(`the module has no section ${wanted}`);
	}
}

/** The same runtime, but that it panics as soon as it is asked for what it exports as `name`. */
export function panicking(wasm: Buffer, name: string): Buffer {
	const broken = Buffer.from(wasm);
	const code = Reader.section(broken, CODE);
	const index = exported(broken, name) - importedFunctions(broken);
	code.number();
	for (let i = 0; i < index; i++) {
		const size = code.number();
		code.at += size;
	}
	const size = code.number();
	const body = Buffer.alloc(size, NOP);
	// It has no variables of its own.
	body[0] = 0;
	body[1] = UNREACHABLE;
	body[size - 1] = END;
	body.copy(broken, code.at);
	return broken;
}

/** The index of an exported function. */
function exported(wasm: Buffer, wanted: string): number {
	const exports = Reader.section(wasm, EXPORT);
	for (let left = exports.number(); left > 0; left--) {
		const [name, kind, index] = [exports.text(), exports.number(), exports.number()];
		if (kind === FUNCTION && name === wanted) return index;
	}
	throw new Error(`the module exports no function ${wanted}`);
}

/** How many functions come before its own. */
function importedFunctions(wasm: Buffer): number {
	const imports = Reader.section(wasm, IMPORT);
	let functions = 0;
	for (let left = imports.number(); left > 0; left--) {
		imports.text();
		imports.text();
		if (imports.number() === FUNCTION) functions += 1, imports.number();
		else skipLimits(imports);
	}
	return functions;
}

/** A runtime imports its memory, and no table and no global. */
function skipLimits(imports: Reader): void {
	const hasMaximum = imports.number() & 1;
	imports.number();
	if (hasMaximum) imports.number();
}

/** How a compressed runtime begins; a stream of Zstandard follows. */
const COMPRESSED = Buffer.from('52bc537646db8e05', 'hex');

/** As the chain takes it: a whole one is longer than a block. */
export const compressed = (wasm: Buffer): Buffer =>
	Buffer.concat([COMPRESSED, execFileSync('zstd', ['-3', '--stdout', '--quiet'], { input: wasm, maxBuffer: 64 * 1024 * 1024 })]);

/** Which of these programs is not installed, if one is not. */
export function notInstalled(...programs: string[]): string | false {
	for (const program of programs) {
		try {
			execFileSync(program, ['--version'], { stdio: 'ignore' });
		} catch {
			return `${program} is not installed`;
		}
	}
	return false;
}
