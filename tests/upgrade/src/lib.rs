//! The runtime with the number of the version that would come next and nothing else changed: what a test
//! network is upgraded to. Its Wasm is in the target directory, under `wbuild/hanse-runtime-next`.
#![cfg_attr(target_family = "wasm", no_std)]

#[cfg(target_family = "wasm")]
pub use hanse_runtime::*;
