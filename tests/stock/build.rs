//! Builds the stock runtime's Wasm, where that is asked for: the gate has no use for it.

fn main() {
	println!("cargo:rerun-if-env-changed=HANSE_STOCK_WASM");
	#[cfg(feature = "std")]
	if std::env::var_os("HANSE_STOCK_WASM").is_some() {
		substrate_wasm_builder::WasmBuilder::build_using_defaults();
	}
}
