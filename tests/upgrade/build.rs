//! Builds the next runtime's Wasm, which a test proposes to a running network.

fn main() {
	#[cfg(feature = "std")]
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
