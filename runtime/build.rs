//! Builds the runtime's Wasm, with the digest of its metadata in it: a hardware wallet signs that too, so
//! that nobody can show it another transaction than the one that this runtime carries out.

fn main() {
	#[cfg(feature = "std")]
	{
		// Checked in, since computing it here would build an executor into this script: `scripts/metadata`
		// writes it, and a test of tests/runtime fails where it is out of date.
		const FILE: &str = "metadata-hash";
		println!("cargo:rerun-if-changed={FILE}");
		let hash = std::fs::read_to_string(FILE).expect("runtime/metadata-hash is checked in");
		std::env::set_var("RUNTIME_METADATA_HASH", hash.trim());
		// No amount wraps around: a block with such a call is refused.
		let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
		builder.append_to_rust_flags("-C overflow-checks=on").build();
	}
}
