/** A machine whose clock is wrong, for one process. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../lib/node.ts';

const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *time) {
	static int (*real)(clockid_t, struct timespec *);
	static long offset;
	if (!real) {
		offset = atol(getenv("CLOCK_OFFSET"));
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	}
	int result = real(id, time);
	if (id == CLOCK_REALTIME) time->tv_sec += offset;
	return result;
}
`;

/** Where libraries can be put in front of others. */
export const noOtherClock = () => (process.platform === 'linux' ? false : 'only on Linux');

/** The environment of a process whose clock is `seconds` ahead, or behind if negative. */
export function clockOff(seconds: number): NodeJS.ProcessEnv {
	const directory = temporaryDirectory();
	const [source, library] = [join(directory, 'clock.c'), join(directory, 'clock.so')];
	writeFileSync(source, SOURCE);
	execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
	return { LD_PRELOAD: library, CLOCK_OFFSET: `${seconds}` };
}
