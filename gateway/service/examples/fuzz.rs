//! Bytes from libFuzzer to the gateway. `gateway/fuzz/run` builds it, links the fuzzer to it, and says how to use it.
#![no_main]

/// What libFuzzer calls, again and again. A panic ends the process here, which the fuzzer takes note of.
#[unsafe(no_mangle)]
extern "C" fn LLVMFuzzerTestOneInput(bytes: *const u8, length: usize) -> i32 {
	// Of no bytes there may be no address.
	if length > 0 {
		// SAFETY: libFuzzer gives `length` bytes that nobody changes until this returns.
		hanse_gateway::fuzzing::take(unsafe { std::slice::from_raw_parts(bytes, length) });
	}
	0
}
