//! What the runtime decodes, see `hanse_runtime_tests::fuzzing::decoding`.
#![no_main]

use hanse_runtime_tests::fuzzing::decoding::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
	decode(bytes);
});
