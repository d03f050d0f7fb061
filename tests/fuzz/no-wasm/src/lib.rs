//! What the runtime's build script calls, without any Wasm.

use std::{env, fs, path::PathBuf};

/// What the SDK's crate calls it.
pub struct WasmBuilder;

impl WasmBuilder {
	pub fn init_with_defaults() -> Self {
		Self
	}

	pub fn append_to_rust_flags(self, _: &str) -> Self {
		self
	}

	/// Says that there is no Wasm, as `SKIP_WASM_BUILD` does.
	pub fn build(self) {
		let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
		let none = "pub const WASM_BINARY: Option<&[u8]> = None;\npub const WASM_BINARY_BLOATY: Option<&[u8]> = None;\n";
		fs::write(out.join("wasm_binary.rs"), none).expect("cargo made the folder");
	}
}
