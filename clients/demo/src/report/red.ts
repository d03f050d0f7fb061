/** What is wrong, in red where that is possible. */
export function red(text: string): void {
	console.error(process.stderr.isTTY ? `\x1b[31m${text}\x1b[0m` : text);
}
