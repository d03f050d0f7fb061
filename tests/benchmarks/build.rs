//! Builds the Wasm of the runtime with its benchmarks in it.

fn main() {
	#[cfg(feature = "std")]
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
