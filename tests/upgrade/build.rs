//! Builds the next runtime's Wasm, which a test proposes to a running network.

fn main() {
	#[cfg(feature = "std")]
	substrate_wasm_builder::WasmBuilder::init_with_defaults()
		.append_to_rust_flags("-C overflow-checks=on") // as the runtime itself
		.build();
}
