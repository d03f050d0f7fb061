//! Runs the benchmarks of the runtime (runtime/src/benchmarks), and writes the weights that they measure.
//!
//! The runtime that has them is a Wasm that the build script of this crate makes with the feature `std`: no other
//! artefact has them.
#![cfg_attr(target_family = "wasm", no_std)]

#[cfg(target_family = "wasm")]
pub use hanse_runtime::*;

#[cfg(feature = "std")]
pub mod bench;
#[cfg(feature = "std")]
pub mod database;
#[cfg(feature = "std")]
pub mod few;
#[cfg(feature = "std")]
pub mod weights;

#[cfg(all(test, feature = "std"))]
mod tests;
