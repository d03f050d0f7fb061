//! What runs the runtime: its Wasm, but natively what is asked off chain, where the chain's code is the Wasm that this
//! binary was built with.
//!
//! What blocks depend on always runs in Wasm, the same on all nodes. Whether a transaction is taken into the pool, and
//! what clients read, is for each node to find out as it likes; natively that takes a third of the time. After an
//! upgrade the chain's code is another one, so all is Wasm until the node is upgraded too.

use crate::signatures;
use codec::Encode;
use hanse_runtime::{
	native::{self, Validated, VALIDATE},
	WASM_BINARY,
};
use sc_executor::{error::Error, with_externalities_safe, RuntimeVersion, RuntimeVersionOf, WasmExecutor};
use sp_core::traits::{CallContext, CodeExecutor, Externalities, ReadRuntimeVersion, RuntimeCode};
use sp_runtime::transaction_validity::TransactionValidity;
use sp_wasm_interface::ExtendedHostFunctions;
use std::sync::LazyLock;

/// What executes the Wasm.
pub type Wasm =
	WasmExecutor<ExtendedHostFunctions<sp_io::SubstrateHostFunctions, signatures::crypto::HostFunctions>>;

/// The hash of the Wasm of this build, as the client hands over that of the chain's. `None` if it has none.
static BUILT_IN: LazyLock<Option<[u8; 32]>> = LazyLock::new(|| WASM_BINARY.map(sp_io::hashing::blake2_256));

/// Whether a chain's code is the Wasm of this build.
pub fn is_built_in(code: &[u8]) -> bool {
	*BUILT_IN == Some(sp_io::hashing::blake2_256(code))
}

/// Answers [`VALIDATE`] natively, on a chain whose code [`is_built_in`]. `None` where the Wasm has to be asked.
pub fn validate(ext: &mut dyn Externalities, data: &[u8]) -> Option<TransactionValidity> {
	with_externalities_safe(ext, || native::validate(data)).ok()?.map(remember)
}

/// Runs the runtime.
#[derive(Clone)]
pub struct Executor {
	wasm: Wasm,
}

impl Executor {
	pub fn new(wasm: Wasm) -> Self {
		Self { wasm }
	}

	/// The answer to what may be answered natively.
	fn natively(
		&self,
		ext: &mut dyn Externalities,
		code: &RuntimeCode,
		method: &str,
		data: &[u8],
		context: CallContext,
	) -> Option<Result<Vec<u8>, Error>> {
		if context != CallContext::Offchain || BUILT_IN.is_none_or(|hash| code.hash != hash) {
			return None;
		}
		// As with the Wasm, a panic is an error.
		if method == VALIDATE {
			let validated = with_externalities_safe(ext, || native::validate(data)).transpose();
			return validated.map(|validated| Ok(remember(validated?).encode()));
		}
		with_externalities_safe(ext, || native::answer(method, data)).transpose()
	}
}

/// Remembers what was verified, and returns the answer to the pool.
fn remember(validated: Validated) -> TransactionValidity {
	if let Some(own) = &validated.own {
		signatures::remember(own);
	}
	signatures::verify_soon(validated.slips);
	validated.validity
}

impl CodeExecutor for Executor {
	type Error = Error;

	fn call(
		&self,
		ext: &mut dyn Externalities,
		code: &RuntimeCode,
		method: &str,
		data: &[u8],
		context: CallContext,
	) -> (Result<Vec<u8>, Error>, bool) {
		match self.natively(ext, code, method, data, context) {
			Some(result) => {
				// The SDK says the same of what it runs in Wasm.
				log::trace!(target: "executor", "Executing function natively: {method}");
				(result, true)
			},
			None => self.wasm.call(ext, code, method, data, context),
		}
	}
}

impl ReadRuntimeVersion for Executor {
	fn read_runtime_version(&self, code: &[u8], ext: &mut dyn Externalities) -> Result<Vec<u8>, String> {
		self.wasm.read_runtime_version(code, ext)
	}
}

impl RuntimeVersionOf for Executor {
	/// That of the Wasm, also where what it says is done natively.
	fn runtime_version(
		&self,
		ext: &mut dyn Externalities,
		code: &RuntimeCode,
	) -> Result<RuntimeVersion, Error> {
		self.wasm.runtime_version(ext, code)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Decode;
	use sp_core::traits::WrappedRuntimeCode;
	use std::borrow::Cow;

	const NONCE: &str = "AccountNonceApi_account_nonce";

	/// Asks on a chain with the code of this build, of which the client says that it has this hash: the answer, and
	/// whether it was given natively. `None` where the Wasm was left out of the build.
	fn ask(method: &str, data: &[u8], hash: &[u8], context: CallContext) -> Option<(Vec<u8>, bool)> {
		if WASM_BINARY.is_none() {
			assert!(std::env::var("SKIP_WASM_BUILD").is_ok(), "the Wasm was not built");
		}
		let fetcher = WrappedRuntimeCode(Cow::Borrowed(WASM_BINARY?));
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: hash.to_vec() };
		let mut state = sp_io::TestExternalities::default();
		let executor = Executor::new(Wasm::builder().build());
		let (answer, is_native) = executor.call(&mut state.ext(), &code, method, data, context);
		let version = executor.runtime_version(&mut state.ext(), &code).unwrap();
		assert_eq!(in_order(version), in_order(hanse_runtime::VERSION));
		Some((answer.unwrap(), is_native))
	}

	/// With its APIs in one order: that in the Wasm is another one.
	fn in_order(mut version: RuntimeVersion) -> RuntimeVersion {
		version.apis.to_mut().sort();
		version
	}

	fn built_in() -> [u8; 32] {
		sp_io::hashing::blake2_256(WASM_BINARY.unwrap_or_default())
	}

	#[test]
	fn only_what_is_asked_off_chain_of_the_code_of_this_build_is_answered_natively() {
		let nobody = [7_u8; 32].encode();
		let on_chain = [CallContext::Onchain { import: false }, CallContext::Onchain { import: true }];
		let Some((natively, true)) = ask(NONCE, &nobody, &built_in(), CallContext::Offchain) else {
			assert!(WASM_BINARY.is_none(), "it should have been native");
			return;
		};
		for context in on_chain {
			assert_eq!(ask(NONCE, &nobody, &built_in(), context), Some((natively.clone(), false)));
		}
		// Of an upgraded chain.
		let other = ask(NONCE, &nobody, &[1; 32], CallContext::Offchain);
		assert_eq!(other, Some((natively, false)));
		// What blocks depend on, whoever asks.
		let (version, is_native) = ask("Core_version", &[], &built_in(), CallContext::Offchain).unwrap();
		assert!(!is_native);
		let version = RuntimeVersion::decode(&mut &version[..]).unwrap();
		assert_eq!(in_order(version), in_order(hanse_runtime::VERSION));
	}
}
